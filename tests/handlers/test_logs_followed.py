"""`logs -f` over the simulation and fakes: lines as they come, and why they end."""

import asyncio
from collections import deque
from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import ClusterError, Declined, Forbidden, NotFound, ServerFault
from bot.core.replies import Reply
from bot.core.resources import Json
from bot.render.limits import crop, fit
from bot.render.plain import plain
from bot.steps import tailing
from handlers.logs import COMMAND
from tests.fakes import NOW, FakeClock, FakeCluster, context_of
from tests.handlers.running import answer
from tests.handlers.shop import Shop
from tests.handlers.test_logs import RUNNING, simple_pod
from tests.handlers.test_logs_of_several import asked


@pytest.fixture
def shop() -> Shop:
    """Return an empty shop."""
    return Shop()


async def _follow(shop: Shop, line: str) -> list[str]:
    """Return each answer on the way."""
    context_ = shop._context(line)
    return [plain(COMMAND.render(one).blocks) async for one in COMMAND.run(context_, asked(line))]


async def test_following(shop: Shop) -> None:
    """A followed container's lines come as they are printed, and its end is said."""
    shop.pod("brief", "echo one; sleep 30; false", spec={"restartPolicy": "Never"})
    await shop.wait(5)
    shop.simulation.write_log("shop", "brief", "main", b"two\npart")
    first, *_, last = await _follow(shop, "logs brief -f")
    assert first == "*brief* in `main/shop`, container `main`: 2 lines so far\n\none\ntwo\n"
    assert last == (
        "*brief* in `main/shop`, container `main`: 3 lines so far\n\none\ntwo\npart\n\n"
        "`brief/main`: it ended with exit code 1 (Error)\n"
    )


def _one(script: str) -> Json:
    return {"containers": [{"name": "main", "image": "busybox:1.35", "command": ["sh", "-c", script]}]}


async def test_following_until_a_restart(shop: Shop) -> None:
    """A container that is started again ends what follows it, and the answer says so."""
    shop.create("/api/v1/namespaces/shop/pods", {"metadata": {"name": "again"}, "spec": _one("echo one; sleep 9")})
    await shop.wait(3)
    assert (await _follow(shop, "logs again -f"))[-1].endswith(
        ("it was restarted; type it again to follow the new run\n", "it ended with exit code 0 (Completed)\n")
    )


async def test_following_several(shop: Shop) -> None:
    """Several are followed together, searched, and each one's end is said; what waits is named."""
    for number in (1, 2):
        script = f"echo one {number}; echo two {number}; sleep {number * 9}"
        body = {"metadata": {"name": f"job-{number}", "labels": {"job": "x"}}, "spec": _one(script)}
        shop.create("/api/v1/namespaces/shop/pods", {**body, "spec": {**body["spec"], "restartPolicy": "Never"}})
    shop.pod("job-3", metadata={"labels": {"job": "x"}}, image="nosuch:1")
    await shop.wait(4)
    last = (await _follow(shop, "logs -l job -f --grep one"))[-1]
    assert last.startswith("*job* in `main/shop`, 3 containers of 3 pods: 2 of the 4 lines read match `one`")
    for part in (
        "[pod/job-1/main] one 1\n[pod/job-2/main] one 2\n",
        "`job-1/main`: it ended with exit code 0",
        "`job-3/main`: not started",
    ):
        assert part in last


async def test_following_what_has_not_begun(shop: Shop) -> None:
    """What has not started can't be followed, and what is not there is not found."""
    shop.pod("web-1")
    shop.pod("api-1", image="nosuch:1")
    await shop.wait(5)
    with pytest.raises(Declined, match="container main of pod api-1 has not started: ImagePullBackOff") as told:
        await _follow(shop, "logs api-1 -f")
    assert told.value.hint == "`/pod describe api-1 -n shop` says why, `/pod wait api-1 -n shop` waits for it"
    with pytest.raises(NotFound, match="did you mean web-1"):
        await _follow(shop, "logs web -f")


def running(*names: str) -> dict[str, Json]:
    """Return answers with pods of one running container."""
    return {f"get pods/{name}": {**simple_pod(), "metadata": {"name": name, "uid": f"uid-{name}"}} for name in names}


@pytest.mark.parametrize("error", [Forbidden("may not"), ServerFault("broke off")])
async def test_following_what_can_not_be_read(error: ClusterError) -> None:
    """The error of the one log that is followed is raised."""
    cluster = FakeCluster({**running("web-1"), "logs web-1/app": error})
    with pytest.raises(type(error)):
        await answer(COMMAND, context_of(cluster), asked("logs web-1 -f"))


async def test_one_of_several_that_breaks_off() -> None:
    """The error of one of several is said, and the others go on."""
    pod: Json = {
        "metadata": {"name": "web-1", "uid": "u"},
        "spec": {"containers": [{"name": "a"}, {"name": "b"}]},
        "status": {"containerStatuses": [{"name": name, "state": RUNNING} for name in "ab"]},
    }
    answers: dict[str, Any] = {
        "get pods/web-1": pod,
        "logs web-1/a": ServerFault("broke <off>"),
        "logs web-1/b": [b"x"],
    }
    reply = await answer(COMMAND, context_of(FakeCluster(answers)), asked("logs web-1 -f --all-containers"))
    told = plain(reply.blocks)
    assert "`web-1/a`: its log can't be read: broke <off>" in told
    assert "[pod/web-1/b] x" in told
    assert "`web-1/b`: the stream ended; type it again" in told


async def test_following_a_flood() -> None:
    """Of a flood the last lines are kept, long ones cut, in a message that needs no file."""
    flood = [b"%05d\n" % number for number in range(60_000)] + [b"y " * 50_000, b"\nlast\n"]
    cluster = FakeCluster({**running("web-1"), "logs web-1/app": [b"".join(flood[:60_000]), *flood[60_000:]]})
    reply = await answer(COMMAND, context_of(cluster), asked("logs web-1 -f --tail -1"))
    assert reply.text.endswith("60,002 lines so far")
    shown = plain(reply.blocks)
    assert "y…\nlast" in shown
    assert len(shown) < tailing.LAST + 500
    assert fit(Reply("x", crop(reply.blocks))).file is None


async def test_a_followed_flood_stops_at_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """When as much has been read as one command may, following ends and says so."""
    monkeypatch.setattr(tailing, "READ", 10)
    cluster = FakeCluster({**running("web-1"), "logs web-1/app": [b"01234\n", b"5678\n"]})
    reply = await answer(COMMAND, context_of(cluster), asked("logs web-1 -f --grep 1"))
    assert "enough was read; type it again" in plain(reply.blocks)


@pytest.mark.parametrize(("found", "why"), [(NotFound("gone"), "the pod was deleted"), (Forbidden("no"), "the stream")])
async def test_a_pod_that_can_not_be_read_again(found: ClusterError, why: str) -> None:
    """Why a log has ended is told as far as it can be known."""
    first = running("web-1")["get pods/web-1"]
    cluster = FakeCluster({"get pods/web-1": deque([first, found]), "logs web-1/app": [b"x\n"]})
    reply = await answer(COMMAND, context_of(cluster), asked("logs web-1 -f"))
    assert why in plain(reply.blocks)


async def test_a_fault_of_its_own_is_raised() -> None:
    """What nobody expects ends what is followed, and is raised."""
    cluster = FakeCluster({**running("web-1"), "logs web-1/app": RuntimeError("inside")})
    with pytest.raises(RuntimeError, match="inside"):
        await answer(COMMAND, context_of(cluster), asked("logs web-1 -f"))


async def test_the_status_comes_after_the_end() -> None:
    """The kubelet ends a log before it has written why, so the pod is looked at again, a second later."""
    first = running("web-1")["get pods/web-1"]
    state = {"terminated": {"exitCode": 2, "reason": "Error"}}
    ended = {**first, "status": {"containerStatuses": [{"name": "app", "state": state}]}}
    cluster = FakeCluster({"get pods/web-1": deque([first, first, ended]), "logs web-1/app": [b"x\n"]})
    clock = FakeClock()
    reply = await answer(COMMAND, context_of(cluster, clock=clock), asked("logs web-1 -f"))
    assert "it ended with exit code 2 (Error)" in plain(reply.blocks)
    assert clock.now() - NOW == timedelta(seconds=2)  # one to open, one until the status


async def test_a_flood_leaves_the_loop_to_others() -> None:
    """A stream that always has more does not keep others from their turn."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    busy = asyncio.create_task(others())
    cluster = FakeCluster({**running("web-1"), "logs web-1/app": [b"x\n"] * 500})
    await answer(COMMAND, context_of(cluster), asked("logs web-1 -f"))
    busy.cancel()
    assert turns >= 500
