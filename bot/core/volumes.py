"""A pod's volumes as a whole: which container finds which where, what stands behind its claims, and what survives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from bot.core.claims import Claim, User
from bot.core.containers import Container
from bot.core.events import Event
from bot.core.lifetimes import IN_MEMORY, Lifetime
from bot.core.mounts import Mount
from bot.core.persistent_volumes import Attachment, PersistentVolume, StorageClass
from bot.core.pods import Pod
from bot.core.volume_sources import Volume

_RECLAIMED: Mapping[str, str] = {
    "Delete": "deletes the volume and what is in it",
    "Retain": "leaves the volume, Released, for an administrator",
    "Recycle": "empties the volume for another claim",
}


class Unread(Enum):
    """Why there is no object: it does not exist, may not be read, or nothing names one."""

    ABSENT = "absent"
    REFUSED = "refused"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Joined:
    """One claim with all that stands behind it; `users` are other pods that name it, `events` those of the claim."""

    name: str
    claim: Claim | Unread = Unread.NONE
    volume: PersistentVolume | Unread = Unread.NONE
    storage_class: StorageClass | Unread = Unread.NONE
    attachment: Attachment | Unread = Unread.NONE
    events: tuple[Event, ...] = ()
    users: tuple[User, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """All that was read about a pod's volumes.

    `left_out` are claims that were not looked up, `unseen` pods that were not (None: some, uncounted), and `refused`
    the rights that are missing, such as "get persistentvolumes".
    """

    pod: Pod
    claims: Mapping[str, Joined] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    left_out: tuple[str, ...] = ()
    unseen: int | None = 0
    refused: tuple[str, ...] = ()

    def behind(self, volume: Volume) -> Joined | None:
        """Return what was read of a volume's claim."""
        return self.claims.get(volume.claim(self.pod.name))


@dataclass(frozen=True, slots=True)
class Use:
    """A container that finds a volume."""

    container: Container
    mount: Mount


def uses(pod: Pod, volume: Volume) -> tuple[Use, ...]:
    """Return which containers find a volume, in the order in which these start."""
    return tuple(Use(one, mount) for one in pod.all_containers for mount in one.mounts if mount.volume == volume.name)


def sharing(found: Iterable[Use]) -> tuple[str, ...]:
    """Return the containers that share a volume, none where fewer than two find it."""
    names = tuple(dict.fromkeys(use.container.name for use in found))
    return names if len(names) > 1 else ()


def survival(volume: Volume, joined: Joined | None) -> str:
    """Say what in a volume survives a container's restart, the pod's deletion and the node's loss."""
    lifetime = volume.lifetime
    if lifetime is Lifetime.TEMPORARY and "medium Memory" in volume.details:
        return IN_MEMORY
    if lifetime not in {Lifetime.CLAIM, Lifetime.OWN_CLAIM}:
        return str(lifetime.value)
    claim = joined.claim if joined else Unread.NONE
    if claim is Unread.ABSENT or (isinstance(claim, Claim) and not claim.bound):
        return "Nothing is stored: there is no volume yet."
    behind = joined.volume if joined else Unread.NONE
    return " ".join(filter(None, (str(lifetime.value), _reclaim(lifetime, behind), _node(behind))))


def _node(volume: PersistentVolume | Unread) -> str:
    if not isinstance(volume, PersistentVolume):
        return ""
    if volume.on_one_node:
        return "It lies on a node, and is lost with it."
    reach = " for pods on nodes that reach it" if volume.affinity else ""
    return f"It survives the node's loss{reach}."


def _reclaim(lifetime: Lifetime, volume: PersistentVolume | Unread) -> str:
    policy = volume.reclaim_policy if isinstance(volume, PersistentVolume) else ""
    whose = "That" if lifetime is Lifetime.OWN_CLAIM else "The claim's deletion"
    if policy in _RECLAIMED:
        return f"{whose} {_RECLAIMED[policy]} (reclaim policy {policy})."
    return "What the claim's deletion leaves, and the node's loss, its volume decides, which is not shown here."


def users_of(claim: str, pods: Iterable[Pod], but: Pod) -> tuple[User, ...]:
    """Return the other pods that name a claim and have not ended."""
    others = (one for one in pods if one.uid != but.uid and not one.ended)
    return tuple(User(one.name, one.node) for one in others if claim in claims_of(one))


def claims_of(pod: Pod) -> tuple[str, ...]:
    """Return the names of a pod's claims, each once."""
    return tuple(dict.fromkeys(filter(None, (volume.claim(pod.name) for volume in pod.volumes))))
