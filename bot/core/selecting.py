"""What follows when other labels bring a pod into a selector, or take it out of one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.matching import picks, picks_equal
from bot.core.pods import TERMINAL_PHASES, Pod
from bot.core.reading import mapping, text
from bot.core.resources import Json

SERVICE, ADOPTER = "Service", "ReplicaSet"
_PLAIN = frozenset({SERVICE, "ReplicationController"})  # kinds whose selector is a plain map


@dataclass(frozen=True, slots=True)
class Selecting:
    """An object that selects pods; `selector` is as its kind has it."""

    kind: str
    name: str
    uid: str = ""
    selector: Any = None

    @classmethod
    def of(cls, kind: str, raw: Json) -> "Selecting":
        """Read a Service or a controller."""
        meta = mapping(raw.get("metadata"))
        return cls(kind, text(meta.get("name")), text(meta.get("uid")), mapping(raw.get("spec")).get("selector"))

    def picks(self, labels: Mapping[str, str]) -> bool:
        """Whether it selects these labels."""
        return (picks_equal if self.kind in _PLAIN else picks)(self.selector, labels)


@dataclass(frozen=True, slots=True)
class Relabelled:
    """A pod as it is, and the labels that it is to have."""

    pod: Pod
    labels: Mapping[str, str]


def consequences(pods: Sequence[Relabelled], selecting: Iterable[Selecting]) -> Iterator[str]:
    """Say what each object will do about the pods that it stops or begins to select, as plain text."""
    for one in selecting:
        lost = [pod for pod in pods if _holds(one, pod.pod) and one.picks(pod.pod.labels) and not one.picks(pod.labels)]
        won = [pod for pod in pods if _takes(one, pod.pod) and not one.picks(pod.pod.labels) and one.picks(pod.labels)]
        for words, moved in ((_LOSES, lost), (_WINS, won)):
            if moved:
                names = ", ".join(pod.pod.name for pod in moved)
                yield words[one.kind].format(who=f"{one.kind} {one.name}", pods=names)


def _holds(one: Selecting, pod: Pod) -> bool:
    return one.kind == SERVICE or (pod.owner is not None and pod.owner.uid == one.uid)


def _takes(one: Selecting, pod: Pod) -> bool:
    return one.kind == SERVICE or (one.kind == ADOPTER and can_be_taken(pod))


def can_be_taken(pod: Pod) -> bool:
    """Whether a controller that begins to select the pod will take it as its own.

    Source: ClaimPods in https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/controller_ref_manager.go.
    """
    return pod.owner is None and pod.deletion_timestamp is None and pod.phase not in TERMINAL_PHASES


_ANOTHER = "{who} will let go of {pods} and bring a new pod for each; what it lets go of runs on without a controller."
_LOSES: Mapping[str, str] = {
    SERVICE: "{who} will send no more traffic to {pods}.",
    "ReplicaSet": _ANOTHER,
    "ReplicationController": _ANOTHER,
    "DaemonSet": _ANOTHER,
    "StatefulSet": "{who} will let go of {pods}, and can bring no new pod while that one has its name.",
    "Job": "{who} will let go of {pods} and may start a new pod; what it lets go of runs on without a controller.",
}
_WINS: Mapping[str, str] = {
    SERVICE: "{who} will begin to send traffic to {pods}.",
    ADOPTER: "{who} will take {pods} as its own, and end a pod if it then has more than it wants.",
}
