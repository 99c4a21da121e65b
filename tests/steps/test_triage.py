"""What is read for a triage: in two rounds, of eight calls at most, each of which may be refused."""

import asyncio
from collections.abc import AsyncGenerator
from functools import partial
from typing import Any

import pytest

from bot.core.errors import Forbidden, NotFound
from bot.core.names import PodName
from bot.core.resources import PODS, Column, Json, Listing, LogQuery, Resource, Row, Table
from bot.core.triage.snapshot import Snapshot, Unseen
from bot.steps.surveying import LOOKS, survey
from bot.steps.triage import snapshot_of
from tests.core.samples import pending, raw_pod, waiting
from tests.core.triage.corpus import corpus
from tests.fakes import NOW, FakeCluster

_OWNER = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "r1", "controller": True}
_BASE: dict[str, Any] = {"list events": [], "list persistentvolumeclaims": []}
_CRASHING = raw_pod(
    status={
        "phase": "Running",
        "conditions": [{"type": "Ready", "status": "False"}],
        "containerStatuses": [
            waiting("app", "CrashLoopBackOff", lastState={"terminated": {"exitCode": 1, "reason": "Error"}})
        ],
    },
    ownerReferences=[_OWNER],
)


class Anything(FakeCluster):
    """A cluster that has one pod and whatever else is asked for; it knows which calls waited for others."""

    def __init__(self, raw: Json) -> None:
        super().__init__()
        self.raw = raw
        self.rounds: list[int] = []
        self._begun = 0

    async def _wait(self) -> None:
        """Let every call that can begin now begin before any ends: those make one round."""
        self._begun += 1
        self.calls.append(("call", {}))
        before = -1
        while before != self._begun:
            before = self._begun
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        self.rounds.append(self._begun)

    async def get(self, resource: Resource, name: str) -> Json:
        await self._wait()
        return self.raw if resource is PODS else {"metadata": {"name": name}}

    async def list(self, resource: Resource, *, selector: str = "", fields: str = "", limit: int = 500) -> Listing:
        del resource, selector, fields, limit
        await self._wait()
        return Listing(())

    async def logs(self, pod: PodName, query: LogQuery) -> AsyncGenerator[bytes, None]:
        del pod, query
        await self._wait()
        yield b"Error: x\n"


async def read(cluster: FakeCluster) -> Snapshot:
    """Read the pod web-1."""
    name = PodName("web-1")
    return await snapshot_of(cluster, partial(cluster.get, PODS, name), name, NOW)


@pytest.mark.parametrize("raw", [golden.snapshot.raw for golden in corpus() if golden.snapshot.raw])
async def test_eight_calls_in_two_rounds(raw: Json) -> None:
    """Whatever the pod is like."""
    cluster = Anything(raw)
    await read(cluster)
    assert len(cluster.calls) <= 8
    assert len(set(cluster.rounds)) <= 2


async def test_a_pod_that_runs_takes_three_calls() -> None:
    """The pod, its events and claims tell all of it."""
    cluster = FakeCluster({**_BASE, "get pods/web-1": raw_pod()})
    seen = await read(cluster)
    assert [call for call, _ in cluster.calls] == ["get pods/web-1", "list events", "list persistentvolumeclaims"]
    assert seen.unseen == ()


async def test_a_pod_that_crashes() -> None:
    """Its log of the run before, its controller, and the Services that it may need; the log is masked."""
    secret = b"token xoxb-1234567890-abcdefghijkl\nError: x\n"
    cluster = FakeCluster(
        {
            **_BASE,
            "get pods/web-1": _CRASHING,
            "logs web-1/app": [secret],
            "get replicasets/web": {"metadata": {"name": "web"}},
            "list services": [],
            "list endpointslices": [],
            "get nodes/node-a": {"metadata": {"name": "node-a"}},
        }
    )
    seen = await read(cluster)
    assert seen.logs[0].text == "token ‹masked›\nError: x\n"
    assert seen.logs[0].previous
    assert seen.owners[0]["kind"] == "ReplicaSet"
    assert (seen.services, seen.slices) == ((), ())


async def test_rights_that_are_missing() -> None:
    """Each part that is refused is noted with its right; only the pod itself is needed."""
    answers = dict.fromkeys(
        (
            *_BASE,
            *("logs web-1/app", "get replicasets/web", "list services", "list endpointslices", "get nodes/node-a"),
        ),
        Forbidden("no"),
    )
    seen = await read(FakeCluster({**answers, "get pods/web-1": _CRASHING}))
    assert Unseen("its events", "you may not list events") in seen.unseen
    assert Unseen("the log of app", "you may not get pods/log") in seen.unseen
    assert Unseen("its node", "you may not get nodes") in seen.unseen
    assert not [one for one in seen.unseen if one.what == "its claims"]  # it has none
    with pytest.raises(Forbidden):
        await read(FakeCluster({**_BASE, "get pods/web-1": Forbidden("no")}))


async def test_the_keys_of_a_config_map_without_its_values() -> None:
    """Which keys there are is kept, and nothing of what they hold."""
    message = "couldn't find key colors in ConfigMap shop/palette"
    raw = pending({"containerStatuses": [waiting("app", "CreateContainerConfigError", message)]})
    cluster = FakeCluster(
        {
            **_BASE,
            "get pods/web-1": raw,
            "get configmaps/palette": {"data": {"colours": "hush"}, "binaryData": {"logo": "aHVzaA=="}},
            "get nodes/node-a": {},
        }
    )
    seen = await read(cluster)
    assert seen.config_maps == {"palette": ("colours", "logo")}
    assert "hush" not in repr(seen)


async def test_a_secret_is_never_read() -> None:
    """Though a key of it is missing."""
    message = "couldn't find key password in Secret shop/vault"
    raw = pending({"containerStatuses": [waiting("app", "CreateContainerConfigError", message)]})
    cluster = FakeCluster({**_BASE, "get pods/web-1": raw, "get nodes/node-a": {}})
    await read(cluster)
    assert not [call for call, _ in cluster.calls if "secrets" in call]


async def test_claims_with_what_is_behind_them() -> None:
    """The claims of this pod alone, their events, and their class or volume by name."""
    spec = {"nodeName": None, "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]}
    waits = [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "unbound immediate"}]
    claim = {"metadata": {"name": "data"}, "spec": {"storageClassName": "fast"}, "status": {"phase": "Pending"}}
    cluster = FakeCluster(
        {
            "list events": [],
            "list persistentvolumeclaims": [claim, {"metadata": {"name": "other"}}],
            "get pods/web-1": raw_pod(spec=spec, status={"phase": "Pending", "conditions": waits}),
            "get storageclasses/fast": NotFound("no"),
        }
    )
    seen = await read(cluster)
    assert seen.claims == {"data": claim}
    assert seen.classes == {"fast": None}


async def test_ten_pods_of_a_thousand_are_looked_at() -> None:
    """One list of a namespace, a closer look at ten, and the rest is counted."""
    columns = tuple(map(Column, ("Name", "Ready", "Status", "Restarts", "Age")))
    rows = tuple(Row((f"p{number}", "0/1", "Error", "0", "1d")) for number in range(1000))
    answers: dict[str, Any] = {f"get pods/p{number}": raw_pod(f"p{number}") for number in range(1000)}
    lists = {"list services": [], "list endpointslices": [], "table pods": Table(columns, rows)}
    cluster = FakeCluster({**_BASE, **answers, **lists})
    found = await survey(cluster, "", NOW)
    calls = [call for call, _ in cluster.calls]
    assert calls.count("table pods") == 1
    assert len([call for call in calls if call.startswith("get pods/")]) == LOOKS == 10
    assert (found.pods, len(found.looked), len(found.left)) == (1000, 10, 990)


async def test_a_pod_that_goes_meanwhile_is_left_out() -> None:
    """What is gone needs no help."""
    table = Table((Column("Name"), Column("Status")), (Row(("gone", "Error")),))
    cluster = FakeCluster({**_BASE, "table pods": table, "get pods/gone": NotFound("gone")})
    assert (await survey(cluster, "app=x", NOW)).looked == ()
