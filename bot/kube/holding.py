"""A Lease that one replica holds at a time, as Kubernetes' own controllers elect their leader.

Source: https://kubernetes.io/docs/concepts/architecture/leases/ and, for judging a holder by one's own clock alone,
https://github.com/kubernetes/client-go/blob/master/tools/leaderelection/leaderelection.go.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bot.core.ages import micro_time
from bot.core.errors import AlreadyExists, Conflict, NotFound
from bot.core.ports import Clock
from bot.core.rbac import WATCHING
from bot.core.reading import mapping, text
from bot.core.resources import LEASES, Json
from bot.kube.cluster import BoundCluster

NAME: Final = WATCHING
LIFE: Final = timedelta(seconds=15)

_LABELS = {"app.kubernetes.io/managed-by": "podbot", "app.kubernetes.io/component": "watch"}


class Holding:
    """Implements `ports.Lead` for one replica, `holder`."""

    def __init__(self, home: BoundCluster, clock: Clock, holder: str, owners: Callable[[], list[Json]]) -> None:
        self._home = home
        self._clock = clock
        self._holder = holder
        self._owners = owners
        self._seen = ("", clock.now())
        """The version of another's lease that was seen last, and since when."""

    async def hold(self) -> datetime | None:
        """Take the lease or renew it; return until when it is held, None where another replica holds it."""
        now = self._clock.now()
        try:
            lease = await self._home.get(LEASES, NAME)
        except NotFound:
            return await self._made(now)
        if not self._may_take(lease, now):
            return None
        return await self._written(lease, self._holder, now)

    async def release(self) -> None:
        """Let another replica take over at once; whoever does not hold it does nothing."""
        lease = await self._home.get(LEASES, NAME)
        if _holder(lease) == self._holder:
            await self._written(lease, "", self._clock.now())

    def _may_take(self, lease: Json, now: datetime) -> bool:
        """Whether it is ours, nobody's, or has not been renewed for its life since this replica first saw it so."""
        version = text(mapping(lease.get("metadata")).get("resourceVersion"))
        if version != self._seen[0]:
            self._seen = version, now
        return _holder(lease) in {"", self._holder} or now - self._seen[1] > LIFE

    async def _made(self, now: datetime) -> datetime | None:
        metadata = {"name": NAME, "labels": _LABELS, "ownerReferences": self._owners()}
        body: Json = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": metadata}
        try:
            await self._home.create(LEASES, {**body, "spec": _spec(self._holder, now)})
        except AlreadyExists:
            return None
        return now + LIFE

    async def _written(self, lease: Json, holder: str, now: datetime) -> datetime | None:
        version = text(mapping(lease.get("metadata")).get("resourceVersion"))
        same: Json = {"op": "replace", "path": "/metadata/resourceVersion", "value": version}
        try:
            await self._home.patch(LEASES, NAME, [same, {"op": "add", "path": "/spec", "value": _spec(holder, now)}])
        except (Conflict, NotFound):  # another replica was quicker
            return None
        return now + LIFE


def _holder(lease: Json) -> str:
    return text(mapping(lease.get("spec")).get("holderIdentity"))


def _spec(holder: str, now: datetime) -> Json:
    times = {"renewTime": micro_time(now), "leaseDurationSeconds": int(LIFE.total_seconds())}
    return {"holderIdentity": holder, **times} if holder else times
