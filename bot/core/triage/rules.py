"""A rule: one row of the catalogue, as a pure function over a snapshot."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.core.triage.findings import Finding
from bot.core.triage.snapshot import Snapshot

REFERENCE: Final = "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for (`signal`), what it means, and where both are documented.

    `suppresses` are the ids of vaguer rules, whose findings about the same container are left out beside this one's.
    `always`: looked for in a pod that runs well, too. A rule may find nothing in a snapshot that lacks a part.
    """

    id: str
    signal: str
    meaning: str
    find: Callable[[Snapshot], Iterable[Finding]]
    suppresses: tuple[str, ...] = ()
    always: bool = False
    source: str = REFERENCE

    def __call__(self, seen: Snapshot) -> Iterator[Finding]:
        """Yield what this rule finds, under its id."""
        return (replace(found, rule=self.id) for found in self.find(seen))


@dataclass(frozen=True, slots=True)
class Family:
    """Rules about one thing, the sharper ones first."""

    name: str
    rules: tuple[Rule, ...]
