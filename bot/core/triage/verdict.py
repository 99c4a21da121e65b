"""What a triage says in the end."""

from dataclasses import dataclass

from bot.core.triage.findings import Finding
from bot.core.triage.standing import Standing


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first cause, None where no rule names one; `others` are further causes, the surest first.

    `looked_at` names in plain words what was read.
    """

    standing: Standing
    first: Finding | None = None
    others: tuple[Finding, ...] = ()
    looked_at: tuple[str, ...] = ()
