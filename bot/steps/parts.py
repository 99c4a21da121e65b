"""Reading the parts of a snapshot: each may be missing or refused, which is noted, and ends nothing."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

from bot.core.errors import BadName, ClusterError, Forbidden, NotFound, NotSetUp
from bot.core.names import ContainerName, PodName
from bot.core.ports import Cluster
from bot.core.reading import mapping
from bot.core.redaction import redact
from bot.core.resources import (
    CONFIG_MAPS,
    DAEMONSETS,
    EVENTS,
    JOBS,
    NODES,
    PERSISTENT_VOLUMES,
    PODS,
    REPLICASETS,
    REPLICATIONCONTROLLERS,
    SERVICES,
    SLICES,
    STATEFULSETS,
    STORAGE_CLASSES,
    Json,
    LogQuery,
    Resource,
)
from bot.core.triage.snapshot import Log, Snapshot, Unseen
from bot.core.triage.wanting import Part, Want
from bot.render.text import clean

_LINES, _BYTES = 400, 128 * 1024  # of a log
_PEERS = 20
_OBJECTS: Final[Mapping[Part, tuple[str, Resource]]] = {
    Part.NODE: ("its node", NODES),
    Part.VOLUME: ("its volumes", PERSISTENT_VOLUMES),
    Part.CLASS: ("storage classes", STORAGE_CLASSES),
}
_LISTS: Final[Mapping[Part, tuple[str, Resource]]] = {
    Part.SERVICES: ("Services", SERVICES),
    Part.SLICES: ("endpoints of Services", SLICES),
}
CONTROLLERS: Final[Mapping[str, Resource]] = {
    "ReplicaSet": REPLICASETS,
    "ReplicationController": REPLICATIONCONTROLLERS,
    "StatefulSet": STATEFULSETS,
    "DaemonSet": DAEMONSETS,
    "Job": JOBS,
}


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked up: an object, the keys of one, or None for one that does not exist."""

    value: Json | tuple[str, ...] | None


@dataclass(slots=True)
class Reader:
    """Reads as one asker; `unseen` are the parts that could not be read, and why."""

    cluster: Cluster
    unseen: list[Unseen] = field(default_factory=list)

    async def read(self, seen: Snapshot, want: Want) -> Log | Found | tuple[Json, ...] | None:
        """Read what is wanted; None where it can't be."""
        if want.part in _OBJECTS:
            return await self.get(*_OBJECTS[want.part], want.name)
        if want.part is Part.CONFIG_MAP:
            return await self._keys(want.name)
        if want.part in _LISTS:
            return await self.list(*_LISTS[want.part])
        return await (self._log(seen, want) if want.part is Part.LOG else self._about(seen, want.part))

    async def _about(self, seen: Snapshot, part: Part) -> Found | tuple[Json, ...] | None:
        """Read what the pod itself leads to: its controller, the events of its claims, its release's other pods."""
        if part is Part.OWNER:
            return await self._owner(seen)
        if part is Part.CLAIM_EVENTS:
            about = "involvedObject.kind=PersistentVolumeClaim"
            return await self.list("events of its claims", EVENTS, fields=about)
        return await self.list("other pods", PODS, selector=_release(seen), limit=_PEERS)

    async def list(
        self, what: str, resource: Resource, *, selector: str = "", fields: str = "", limit: int = 500
    ) -> tuple[Json, ...] | None:
        """Read objects of a kind, None where that can't be."""
        try:
            listing = await self.cluster.list(resource, selector=selector, fields=fields, limit=limit)
        except ClusterError as error:
            self._note(what, "list", resource.plural, error)
            return None
        if listing.unread != 0:
            self.unseen.append(Unseen(what, f"only the first {limit} were read"))
        return listing.items

    async def get(self, what: str, resource: Resource, name: str) -> Found | None:
        """Read one object, None where that can't be."""
        try:
            return Found(await self.cluster.get(resource, name))
        except (NotFound, BadName):  # no object can have a name that is none
            return Found(None)
        except ClusterError as error:
            self._note(what, "get", resource.plural, error)
            return None

    async def _owner(self, seen: Snapshot) -> Found | None:
        """Read the pod's own controller; one of a kind that podbot does not know is not read."""
        owner = seen.pod.owner
        if owner is None or owner.kind not in CONTROLLERS:
            return None
        found = await self.get("its controller", CONTROLLERS[owner.kind], owner.name)
        return Found({"kind": owner.kind, **found.value}) if found and isinstance(found.value, dict) else found

    async def _keys(self, name: str) -> Found | None:
        """Read which keys a ConfigMap has; its values are let go of here, and nothing of them is kept."""
        found = await self.get(f"ConfigMap {name}", CONFIG_MAPS, name)
        if found is None or not isinstance(found.value, dict):
            return found
        return Found((*mapping(found.value.get("data")), *mapping(found.value.get("binaryData"))))

    async def _log(self, seen: Snapshot, want: Want) -> Log:
        """Read the end of a log, masked; where there is none, why."""
        query = LogQuery(ContainerName(want.name), want.previous, tail=_LINES, budget=_BYTES)
        held = bytearray()
        try:
            async with aclosing(self.cluster.logs(PodName(seen.pod.name), query)) as chunks:
                async for chunk in chunks:
                    held += chunk
        except ClusterError as error:
            if isinstance(error, Forbidden | NotSetUp):
                self._note(f"the log of {want.name}", "get", "pods/log", error)
            return Log(want.name, "", want.previous, str(error))
        said = await asyncio.to_thread(lambda: redact(clean(held.decode(errors="replace"))))
        return Log(want.name, said, want.previous)

    def _note(self, what: str, verb: str, plural: str, error: ClusterError) -> None:
        refused = isinstance(error, Forbidden | NotSetUp)
        why = f"you may not {verb} {plural}" if refused else "the API server did not give it"
        self.unseen.append(Unseen(what, why))


def _release(seen: Snapshot) -> str:
    """Return what selects the pods of the same Deployment, of whichever release."""
    return ",".join(f"{key}={value}" for key, value in seen.pod.labels.items() if key != "pod-template-hash")
