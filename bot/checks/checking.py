"""What a check is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.checks.facts import Facts
from bot.checks.findings import Finding, Kind

Judge = Callable[[Facts], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to check: `judge` is pure and finds only `kinds`; where one of `after` failed it makes no sense."""

    name: str
    about: str
    judge: Judge
    kinds: tuple[Kind, ...]
    after: tuple[str, ...] = ()
