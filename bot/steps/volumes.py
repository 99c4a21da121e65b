"""Reading what stands behind a pod's volumes: claims, their volumes, classes, attachments, events and other users."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from bot.core.claims import Claim
from bot.core.errors import BadName, Forbidden, NotFound, NotSetUp
from bot.core.events import Event
from bot.core.persistent_volumes import Attachment, PersistentVolume, StorageClass
from bot.core.pods import Pod
from bot.core.ports import Cluster
from bot.core.resources import CLAIMS, PERSISTENT_VOLUMES, PODS, STORAGE_CLASSES, VOLUME_ATTACHMENTS, Json, Resource
from bot.core.volumes import Found, Joined, Unread, claims_of, users_of
from bot.steps.events import about_object, events_about, events_of
from bot.steps.gathering import each

View = TypeVar("View")

MOST = 10  # claims that are looked up
OTHERS = 500  # pods among which other users of the claims are looked for


async def look_up(cluster: Cluster, pod: Pod) -> Found:
    """Read what stands behind at most `MOST` of a pod's claims; rights that are missing are told, and end nothing."""
    names, reader = claims_of(pod), _Reader(cluster)
    others = await reader.pods() if names else _Others()
    joined = await each(partial(_join, reader, pod, others.pods), names[:MOST])
    events = () if pod.ended or pod.is_true("Ready") else await reader.events_of(pod)
    return Found(
        pod=pod,
        claims={one.name: one for one in joined},
        events=events,
        left_out=names[MOST:],
        unseen=others.unseen,
        refused=tuple(sorted(reader.refused)),
    )


@dataclass(frozen=True, slots=True)
class _Others:
    pods: Sequence[Pod] = ()
    unseen: int | None = 0


@dataclass(slots=True)
class _Reader:
    """Reads objects that may be missing or refused; `refused` are the rights that were."""

    cluster: Cluster
    refused: set[str] = field(default_factory=set)

    async def get(self, resource: Resource, name: str, view: Callable[[Json], View]) -> View | Unread:
        """Read one object, if anything names one."""
        if not name:
            return Unread.NONE
        try:
            return view(await self.cluster.get(resource, name))
        except (NotFound, BadName):  # no object can have a name that is none
            return Unread.ABSENT
        except (Forbidden, NotSetUp):
            self.refused.add(f"get {resource.plural}")
            return Unread.REFUSED

    async def pods(self) -> _Others:
        """Read the pods of the namespace."""
        try:
            listing = await self.cluster.list(PODS, limit=OTHERS)
        except (Forbidden, NotSetUp):
            self.refused.add("list pods")
            return _Others()
        return _Others(tuple(map(Pod.of, listing.items)), listing.unread)

    async def events(self, claim: Claim) -> tuple[Event, ...]:
        """Read what happened to a claim."""
        return self._told(
            await events_about(self.cluster, about_object("PersistentVolumeClaim", claim.name, claim.uid))
        )

    async def events_of(self, pod: Pod) -> tuple[Event, ...]:
        """Read what happened to the pod."""
        return self._told(await events_of(self.cluster, pod))

    def _told(self, events: tuple[Event, ...] | None) -> tuple[Event, ...]:
        if events is None:
            self.refused.add("list events")
        return events or ()


async def _join(reader: _Reader, pod: Pod, others: Sequence[Pod], name: str) -> Joined:
    users = users_of(name, others, pod)
    claim = await reader.get(CLAIMS, name, Claim.of)
    if not isinstance(claim, Claim):
        return Joined(name, claim, users=users)
    volume = await reader.get(PERSISTENT_VOLUMES, claim.volume, PersistentVolume.of)
    attached = volume.attachment(pod.node) if isinstance(volume, PersistentVolume) else ""
    return Joined(
        name=name,
        claim=claim,
        volume=volume,
        storage_class=await reader.get(STORAGE_CLASSES, claim.class_name or "", StorageClass.of),
        attachment=await reader.get(VOLUME_ATTACHMENTS, attached, Attachment.of),
        events=() if claim.bound else await reader.events(claim),
        users=users,
    )
