"""What a rule finds: a cause in one sentence, its proof, how sure it is, and the next step."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Sureness(IntEnum):
    """How sure a finding is; the surest sorts first.

    CERTAIN: Kubernetes itself says it. LIKELY: what it says hardly leaves another reading. POSSIBLE: worth a look.
    """

    CERTAIN = 0
    LIKELY = 1
    POSSIBLE = 2

    @property
    def word(self) -> str:
        """The word that people read."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A proof: `where` is a field's path, an event ("event FailedMount") or a log, `quote` untrusted text, `at` UTC."""

    where: str
    quote: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next: a line for podbot, to be a button with this label, or one that begins with "kubectl"."""

    line: str
    label: str = ""

    @property
    def is_kubectl(self) -> bool:
        """Whether podbot has no verb for it."""
        return self.line.startswith("kubectl ")


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause of trouble; `rule` is the id in the catalogue, `container` empty where the whole pod is meant.

    `advice` says as a sentence what may mend it. `weight` sorts what is alike: how many nodes, say, it is true of.
    """

    cause: str
    evidence: tuple[Evidence, ...] = ()
    container: str = ""
    sureness: Sureness = Sureness.CERTAIN
    step: Step | None = None
    advice: str = ""
    weight: int = 0
    rule: str = ""
