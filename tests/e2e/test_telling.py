"""What describe and events tell of every kind of container, and of events of both event APIs."""

import pytest

from bot.core.resources import Json
from bot.kube.client import JSON_PATCH, Call
from tests.contract.sites import pod
from tests.e2e.world import ALICE, TEAM, World, words
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_every_kind_of_container(world: World) -> None:
    """Init, sidecar and ephemeral containers are shown beside the ordinary one, and each event with its own."""
    body = pod("manifold")
    sleeping = {"image": "busybox:1.35", "command": ["sleep", "3600"]}
    prepare = {"name": "prepare", "image": "busybox:1.35", "command": ["true"]}
    body["spec"]["initContainers"] = [prepare, {"name": "proxy", **sleeping, "restartPolicy": "Always"}]
    await world.make(body)
    await world.admin.running(world.shop, "manifold")
    added = [{"op": "add", "path": "/spec/ephemeralContainers", "value": [{"name": "debugger", **sleeping}]}]
    path = f"/api/v1/namespaces/{world.shop}/pods/manifold/ephemeralcontainers"
    await world.admin.client.json(Call("PATCH", path, body=added, content=JSON_PATCH))

    async def debugged() -> bool:
        found = await world.pod("manifold") or {}
        return any("running" in one["state"] for one in found["status"].get("ephemeralContainerStatuses") or ())

    await until(debugged, "the ephemeral container running")
    answer = words(await world.say(ALICE, TEAM, "describe manifold"))
    for part in ("2/2 ready", "prepare (init)", "proxy (sidecar)", "main", "debugger (ephemeral)"):
        assert part in answer, part
    events = words(await world.say(ALICE, TEAM, "events manifold")).splitlines()
    for name in ("prepare", "proxy", "main", "debugger"):
        assert f"pod/manifold ({name})" in events
        assert f"`{name}`: Container started" in answer


def _event(name: str, about: Json, seconds: int, note: str, **more: object) -> Json:
    """Return an event as the newer API writes it, `seconds` after noon."""
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": name},
        "involvedObject": about,
        "eventTime": f"2026-01-02T12:00:{seconds:02}.123456Z",
        "reason": "Tested",
        "message": note,
        "type": "Warning",
        "reportingComponent": "example.com/tester",
        "reportingInstance": "tester-1",
        "action": "Testing",
        **more,
    }


async def test_events_of_the_newer_api(world: World) -> None:
    """Events that have only eventTime and series are counted, folded and put where they belong in time."""
    await world.make(pod("newer"))
    found = await world.admin.running(world.shop, "newer")
    about = {"apiVersion": "v1", "kind": "Pod", "namespace": world.shop, "name": "newer"}
    about["uid"] = found["metadata"]["uid"]
    series = {"count": 5, "lastObservedTime": "2026-01-02T12:00:40.000000Z"}
    await world.admin.make(
        f"/api/v1/namespaces/{world.shop}/events",
        _event("newer.1", about, 10, "said first and last", series=series),
        _event("newer.2", about, 30, "said in between"),
        _event("newer.3", about, 20, "said first and last"),
    )
    rows = words(await world.say(ALICE, TEAM, "events newer --warnings")).splitlines()
    assert "*2 warnings*, seen 7 times, of `newer`" in rows[0]
    assert rows.index("said in between") < rows.index("said first and last")
    assert rows[rows.index("said first and last") + 1] == "6"
    assert "No warnings" in words(await world.say(ALICE, TEAM, "events newer --warnings --since 1m"))
    described = words(await world.say(ALICE, TEAM, "describe newer"))
    assert described.index("said in between") < described.index("(5 times): said first and last")
