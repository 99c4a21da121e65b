"""A pod that was looked at closely."""

from dataclasses import dataclass

from bot.core.redaction import redact
from bot.core.statuses import status_word
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.standing import Standing
from bot.core.triage.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Seen:
    """One pod that was looked at closely."""

    snapshot: Snapshot
    verdict: Verdict

    @property
    def cause(self) -> str:
        """The cause as a sentence, masked, for it is kept as well as told."""
        first = self.verdict.first
        return (
            redact(" ".join(first.cause.split()))
            if first
            else f"{status_word(self.snapshot.pod)}, and no rule names a cause"
        )

    @property
    def is_troubled(self) -> bool:
        """Whether it still is in trouble."""
        return self.verdict.standing is Standing.TROUBLED
