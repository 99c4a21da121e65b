"""Whether a controller brings a new pod when one goes."""

from dataclasses import dataclass
from enum import Enum

from bot.core.pods import Owner

TEMPLATE_HASH = "pod-template-hash"
STEADFAST = frozenset({"ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet"})


def known_as(kind: str, name: str, template_hash: str) -> str:
    """Return what people know a controller's pods by: the Deployment, not its ReplicaSet, which a hash is added to.

    Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label.
    """
    if kind == "ReplicaSet" and template_hash and name.endswith(f"-{template_hash}"):
        return f"Deployment {name.removesuffix(f'-{template_hash}')}"
    return f"{kind} {name}".strip()


class Outlook(Enum):
    """What follows the end of a pod."""

    NONE = "nothing brings it back"
    NEW = "a new pod, under another name"
    SAME_NAME = "a new pod, under the same name"
    MAYBE = "whatever its controller decides"
    STATIC = "the node goes on running it"


@dataclass(frozen=True, slots=True)
class Ownership:
    """A pod's controllers, from its own up to the one that people made, as far as they could be read.

    `leaving` says that the lowest one is being deleted itself.
    """

    chain: tuple[Owner, ...] = ()
    leaving: bool = False

    @property
    def top(self) -> Owner | None:
        """The controller that people know: a Deployment rather than its ReplicaSet."""
        return self.chain[-1] if self.chain else None

    @property
    def outlook(self) -> Outlook:
        """What follows the end of the pod, by the kind of its own controller."""
        if not self.chain or self.leaving:
            return Outlook.NONE
        kind = self.chain[0].kind
        if kind == "Node":  # https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/
            return Outlook.STATIC
        if kind == "StatefulSet":
            return Outlook.SAME_NAME
        return Outlook.NEW if kind in STEADFAST else Outlook.MAYBE
