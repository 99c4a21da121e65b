"""`watch` over the restarts of a real API server, which is this test's own: the test cluster's is others' too."""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.core.errors import Expired
from bot.core.resources import PODS, Json
from bot.kube.cluster import BoundCluster
from tests.contract.sites import pod
from tests.controlplane import ApiServer, ControlPlane, control_plane
from tests.e2e.ground import world_of
from tests.e2e.promise import check
from tests.e2e.watched import CALM, incidents, make_quick, saying
from tests.e2e.world import ALICE, ONCALL, World
from tests.real import until

LONG_AGO = "2026-01-01T00:00:00Z"
RUNS = {"state": {"running": {"startedAt": LONG_AGO}}, "ready": True, "started": True, "restartCount": 0}
CRASHES = {
    "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}},
    "lastState": {
        "terminated": {"exitCode": 3, "reason": "Error", "startedAt": LONG_AGO, "finishedAt": LONG_AGO},
    },
    "ready": False,
    "restartCount": 4,
}
STATE = re.compile(r"\*(In trouble|Worse|Recovered|Back again)\* .*Deployment `(\w+)`")


@dataclass(slots=True)
class Place:
    """A world whose podbot knows one API server, `front`; the administrator asks another one, over the same etcd."""

    world: World
    plane: ControlPlane
    front: ApiServer

    async def make(self, name: str, app: str, container: Json) -> None:
        """Make a pod of a Deployment, on a node that is not there, and set its status."""
        owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"{app}-5d8f7c9b64", "uid": app}
        labels = {"app": app, "pod-template-hash": "5d8f7c9b64"}
        made = pod(name, labels=labels, ownerReferences=[{**owner, "controller": True}])
        await self.world.make({**made, "spec": {**made["spec"], "nodeName": "nowhere"}})
        await self.turn(name, container)

    async def turn(self, name: str, container: Json) -> None:
        """Set a pod's status, as a kubelet does."""
        found = await self.world.pod(name)
        assert found is not None
        ready = {"type": "Ready", "status": str(container["ready"]), "lastTransitionTime": LONG_AGO}
        told = {"name": "main", "image": "busybox:1.35", "imageID": "", **container}
        status = {"phase": "Running", "conditions": [ready], "containerStatuses": [told]}
        path = f"/api/v1/namespaces/{self.world.shop}/pods/{name}/status"
        await self.world.admin.call("PUT", path, {**found, "status": status})

    async def tells(self, *parts: str) -> None:
        """Wait until an incident's message says all of these."""
        await self.world.until(saying(self.world, *parts))

    def watched_from(self) -> list[str]:
        """Return the versions from which podbot has watched pods at the API server that it knows, in their order."""
        begun = [one for one in self.front.audit() if (one["verb"], one["stage"]) == ("watch", "ResponseStarted")]
        asked = [urlsplit(one["requestURI"]) for one in begun if "impersonatedUser" in one]
        return [parse_qs(one.query)["resourceVersion"][0] for one in asked]

    def course(self) -> dict[str, list[str]]:
        """Return how each Deployment's incident was told, state by state; what an edit repeats is left out."""
        told = defaultdict[str, list[str]](list)
        for call in (*self.world.chat.calls("chat.postMessage"), *self.world.chat.calls("chat.update")):
            for state, app in STATE.findall(str(call.arguments.get("text", ""))):
                if told[app][-1:] != [state]:
                    told[app].append(state)
        return told


def _reader(plane: ControlPlane) -> Callable[..., Callable[[], list[Json]]]:
    """Return what makes readers of what some accounts have asked of any API server."""
    return lambda *accounts: lambda: [one for one in plane.audit() if one["user"]["username"] in accounts]


def _point(kubeconfig: Path, one: ApiServer, other: ApiServer) -> None:
    """Have a kubeconfig name another API server."""
    kubeconfig.write_text(kubeconfig.read_text().replace(f":{one.port}", f":{other.port}"))


@asynccontextmanager
async def _place(folder: Path) -> AsyncIterator[Place]:
    async with control_plane() as plane:
        front, side = await asyncio.gather(plane.start(), plane.start())
        async with plane.administrator(side) as admin, world_of(admin, folder, "constrained", _reader(plane)) as world:
            _point(Path(world.environment["KUBECONFIG"]), side, front)
            yield Place(world, plane, front)


@pytest.mark.cluster
async def test_an_api_server_that_is_killed_and_one_that_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed, started again and replaced (410): what was open goes on in its message, and all is told once."""
    make_quick(monkeypatch)
    async with _place(tmp_path) as place, place.world.replica():
        await place.world.done(await place.world.say(ALICE, ONCALL, "watch on"))
        await place.make("api-1", "api", CRASHES)
        await place.make("web-1", "web", CRASHES)
        await place.tells("In trouble", "Deployment `api`", "exit code 3")
        await place.tells("In trouble", "Deployment `web`", "exit code 3")
        await _killed_and_started(place)
        await _replaced(place)
        assert place.course() == {
            "api": ["In trouble", "Worse", "Recovered"],
            "web": ["In trouble", "Recovered"],
            "pay": ["In trouble"],
            "job": ["In trouble"],
        }
        assert len(incidents(place.world)) == 4
        check(place.world.whole_audit())


async def _killed_and_started(place: Place) -> None:
    """Let one pod recover and two break while nobody answers podbot, for longer than an incident needs to be over."""
    await place.front.kill()
    await place.turn("web-1", RUNS)
    await place.make("api-2", "api", CRASHES)
    await place.make("pay-1", "pay", CRASHES)
    await asyncio.sleep(CALM.total_seconds())
    place.front = await place.plane.start(place.front.port)
    await place.tells("Recovered", "Deployment `web`")
    await place.tells("Worse", "2 pods of Deployment `api`")
    await place.tells("In trouble", "Deployment `pay`")


async def _replaced(place: Place) -> None:
    """Have another API server go on, which knows less of the past than podbot; then pods recover, and one breaks."""
    old, place.front = place.front, await place.plane.start(place.front.port)
    await old.stop()
    await _goes_on_from_410(place)
    await place.turn("api-1", RUNS)
    await place.turn("api-2", RUNS)
    await place.make("job-1", "job", CRASHES)
    await place.tells("Recovered", "Deployment `api`")
    await place.tells("In trouble", "Deployment `job`")


async def _goes_on_from_410(place: Place) -> None:
    """Wait until podbot has asked for more than the API server remembers, and has begun anew."""

    async def began_anew() -> bool:
        return len(set(place.watched_from())) > 1

    await until(began_anew, "another watch")
    stale, *_ = place.watched_from()
    async with place.plane.administrator(place.front) as admin:
        cluster = BoundCluster("main", place.world.shop, admin.client)
        with pytest.raises(Expired):
            _ = [change async for change in cluster.watch(PODS, version=stale, seconds=5)]
