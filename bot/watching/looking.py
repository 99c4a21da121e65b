"""Looking at one watch's pods as its channel's tier: what is in trouble, and why."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from bot.core.errors import ClusterError, Forbidden
from bot.core.grants import Grant
from bot.core.incidents import Incident, Kind, Trouble
from bot.core.names import PodName
from bot.core.ports import Cluster
from bot.core.reading import mapping, text
from bot.core.resources import PODS, Json
from bot.core.triage.judging import judge
from bot.core.triage.snapshot import Snapshot
from bot.core.unwell import trouble_of, unpacked
from bot.core.watches import Watch
from bot.steps.triage import snapshot_of
from bot.steps.unwell import Unwell, unhurried
from bot.watching.desk import Desk
from bot.watching.seen import Seen

logger = logging.getLogger("podbot")

_AGAIN = timedelta(seconds=15)  # for the time alone makes some causes clearer


@dataclass(frozen=True, slots=True)
class Judged:
    """What a pod, as it was kept, told of itself at a time."""

    kept: bytes
    at: datetime
    trouble: Trouble | None


@dataclass(slots=True)
class Looker:
    """Keeps up with one watch's pods; `judged` are those that may not be well, by UID."""

    desk: Desk
    watch: Watch
    grant: Grant
    cluster: Cluster
    view: Unwell
    task: asyncio.Task[None]
    judged: dict[str, Judged] = field(default_factory=dict)

    @classmethod
    def begun(cls, desk: Desk, watch: Watch, grant: Grant) -> Self:
        """Begin to look."""
        cluster = desk.bot.clusters.acting_as(grant)
        view = Unwell(cluster, watch.selector, desk.bot.clock, desk.lists)
        task = asyncio.create_task(view.run(), name=f"watch {watch.place}")
        return cls(desk, watch, grant, cluster, view, task)

    async def end(self) -> None:
        """Stop looking."""
        self.task.cancel()
        (end,) = await asyncio.gather(self.task, return_exceptions=True)
        if isinstance(end, Exception):
            logger.error("looking at %s failed unexpectedly", self.watch.place, exc_info=end)

    @property
    def is_refused(self) -> bool:
        """Whether Kubernetes has said no for so long that it means it: a starting API server says so for a moment."""
        since = self.view.since
        if since is None or not isinstance(self.view.error, Forbidden):
            return False
        return (self.desk.now - since).total_seconds() >= self.desk.pace.refused

    async def troubles(self) -> tuple[Trouble, ...] | None:
        """Return what is in trouble; None where that is not known now."""
        if not self.view.is_whole:
            return None
        pods, known = self.view.pods, self.judged
        self.judged = {uid: known[uid] for uid in pods if uid in known}
        async for uid, kept in unhurried(pods.items()):
            self.judged[uid] = self._judge(kept, self.judged.get(uid))
        return tuple(one.trouble for one in self.judged.values() if one.trouble)

    def pods(self, kind: Kind) -> Iterator[Json]:
        """Yield the pods that are in this trouble."""
        for uid, one in self.judged.items():
            if one.trouble and one.trouble.kind == kind and uid in self.view.pods:
                yield unpacked(self.view.pods[uid])

    def _judge(self, kept: bytes, known: "Judged | None") -> "Judged":
        """Judge a pod by itself; a trouble that is known, again only where the pod has changed or time has passed."""
        now = self.desk.now
        if known and known.trouble and known.kept == kept and now - known.at < _AGAIN:
            return known
        return Judged(kept, now, trouble_of(unpacked(kept), now))

    def glance(self, kind: Kind) -> Seen | None:
        """Judge one of the pods by itself alone, without a call."""
        return next((self._judged(Snapshot(self.desk.now, raw)) for raw in self.pods(kind)), None)

    async def look(self, kind: Kind) -> Seen | None:
        """Look closely at one of the pods; None where none can be looked at any more."""
        raw = next(self.pods(kind), None)
        return None if raw is None else await self._closely(text(mapping(raw.get("metadata")).get("name")))

    async def look_again(self, incident: Incident) -> Seen | None:
        """Look closely at a pod of an incident that is open already."""
        kept = map(unpacked, self.view.pods.values())
        names = {text(mapping(raw.get("metadata")).get("name")) for raw in kept}
        name = next((pod for pod in incident.pods if pod in names), None)
        return None if name is None else await self._closely(name)

    async def _closely(self, name: str) -> Seen | None:
        try:
            found = await snapshot_of(self.cluster, lambda: self.cluster.get(PODS, name), PodName(name), self.desk.now)
        except ClusterError:  # it has just gone, or the API server has: the next turn looks again
            return None
        return Seen(found, await asyncio.to_thread(judge, found))  # logs are long, and a pod's to write

    def _judged(self, snapshot: Snapshot) -> Seen:
        return Seen(snapshot, judge(snapshot))
