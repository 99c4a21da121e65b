"""How an ended run is told: its code in words, and what its log says of it, as proof."""

from dataclasses import dataclass
from typing import Final

from bot.core.redaction import redact
from bot.core.triage.findings import Evidence
from bot.core.triage.logreading import Passage, last_line, tell_tale
from bot.core.triage.looking import Run
from bot.core.triage.snapshot import Snapshot

VAGUE: Final = ("R0", "R1", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R12", "R15", "R17")
"""Rules about how a container ended, which whatever ended the whole pod makes needless."""


@dataclass(frozen=True, slots=True)
class Crash:
    """A run that ended: what it says of itself in one line, empty for nothing, and the proofs, the log's first."""

    headline: str
    proofs: tuple[Evidence, ...]
    passage: Passage | None = None

    @property
    def tail(self) -> str:
        """The headline, to be put behind a cause."""
        return f": {self.headline}" if self.headline else ""


def crash(seen: Snapshot, run: Run) -> Crash:
    """Return what is known of a run's end: its log, else the message that it left for the kubelet."""
    name, log = run.container.name, seen.log(run.container.name)
    passage = tell_tale(log.text) if log else None
    if passage:
        quote = Evidence(f"log of {name}", "\n".join(passage.lines), run.ended.finished)
        return Crash(passage.headline, (quote, run.proof), passage)
    if run.ended.message:
        return Crash(last_line(redact(run.ended.message)), (run.proof,))  # whole: a key's last line looks like none
    said = last_line(log.text) if log else ""
    last = (Evidence(f"last line of the log of {name}", said, run.ended.finished),) if said else ()
    return Crash("", (run.proof, *last))


def how(run: Run) -> str:
    """Return how a run ended: "exit code 1" or "signal 9"."""
    return f"signal {run.ended.signal}" if run.ended.signal else f"exit code {run.ended.exit_code}"


def again(run: Run) -> str:
    """Return how often the container was started again, to be put behind a cause."""
    count = run.container.restart_count
    return f" ({count:,} restarts)" if count > 1 else ""
