"""Waiting for pods: on a real cluster, and on one whose watches break."""

import asyncio

import pytest

from bot.core.resources import Json
from bot.demo.chat.messages import Message
from bot.demo.cluster.faults import How, refusing
from tests.contract.sites import pod
from tests.e2e.world import ALICE, BOB, GUEST, ONCALL, TEAM, World, words
from tests.real import until
from tests.simulated import OfWatches

pytestmark = pytest.mark.asyncio(loop_scope="package")

LONG = "wait crowded --for=deleted --timeout 60s"


def _unready(name: str) -> Json:
    """Return a pod that runs and is not ready before a file is there."""
    body = pod(name)
    probe = {"exec": {"command": ["false"]}, "periodSeconds": 1}
    body["spec"]["containers"][0]["readinessProbe"] = probe
    return body


async def _asked(world: World, line: str, watches: int = 1) -> "asyncio.Task[Message]":
    """Ask Alice's line, and return its answer to come once the API server has been asked to watch."""
    before = _watches(world)
    asked = asyncio.create_task(world.say(ALICE, ONCALL, line))

    async def watching() -> bool:
        return _watches(world) >= before + watches or asked.done()

    await until(watching, "a watch")
    return asked


def _watches(world: World) -> int:
    """Return how many watches have been asked for; the real API server logs one when it begins, and when it ends."""
    return len({one.get("auditID", index) for index, one in enumerate(world.audit()) if one["verb"] == "watch"})


async def test_a_pod_that_becomes_ready(world: World) -> None:
    """The answer comes when the pod is ready, to the asker alone by command and in the thread by mention."""
    await world.make(pod("becoming"))
    answer = await world.say(ALICE, TEAM, "wait becoming")
    assert answer.only_for == ALICE
    assert ":white_check_mark: *Ready* after " in answer.text
    assert "Running, 1/1 ready" in answer.text
    mentioned = await world.mention(ALICE, TEAM, "wait becoming --for=jsonpath={.status.phase}=Running")
    assert mentioned.thread
    assert "*status.phase=Running* after 0s" in mentioned.text


async def test_a_pod_that_is_deleted_meanwhile(world: World) -> None:
    """Its end is told when it is gone."""
    await world.make(pod("leaving"))
    await world.admin.running(world.shop, "leaving")
    asked = await _asked(world, "wait leaving --for=delete")
    await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/leaving")
    assert ":white_check_mark: *Deleted* after " in (await asked).text
    assert await world.pod("leaving") is None


async def test_time_is_over(world: World) -> None:
    """When time is over the answer says what is missing, and its button waits again."""
    await world.make(_unready("never"))

    async def runs() -> bool:
        found = await world.pod("never")
        return bool(found and found["status"].get("phase") == "Running")

    await until(runs, "the pod running")
    answer = await world.say(ALICE, TEAM, "wait never --timeout 1s")
    assert ":hourglass: *Not ready* after " in answer.text
    assert "Ready is False." in words(answer)
    assert "A health check fails." in words(answer)
    again = await world.press(ALICE, answer, "do:0")
    assert ":hourglass: *Not ready* after " in again.text
    described = await world.press(ALICE, answer, "do:1")
    assert "pod `never`" in described.text


async def test_a_pod_that_will_never_be_ready(world: World) -> None:
    """A pod that has ended is not waited for."""
    body = pod("finished", "exit 3")
    body["spec"]["restartPolicy"] = "Never"
    await world.make(body)
    answer = words(await world.say(ALICE, TEAM, "wait finished --for=completed --timeout 60s"))
    assert ":red_circle: *Never completed*" in answer
    assert "exit code 3" in answer
    assert "It has ended (Failed)" in words(await world.say(ALICE, TEAM, "wait finished"))


async def test_a_pod_that_is_made_again_meanwhile(world: World) -> None:
    """Another pod of the same name is not the one that was asked about."""
    await world.make(_unready("again"))
    asked = await _asked(world, "wait again --for=jsonpath={.metadata.labels.round}=two --timeout 60s")
    await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/again")

    async def gone() -> bool:
        return await world.pod("again") is None

    await until(gone, "the first pod gone")
    await world.make(pod("again", labels={"round": "two"}))
    assert ":red_circle: *Gone* after " in (await asked).text


async def test_a_pod_that_is_created(world: World) -> None:
    """A pod that is not there yet can be waited for; any other wait for it names what is there."""
    asked = await _asked(world, "wait coming --for=create")
    await world.make(pod("coming"))
    assert ":white_check_mark: *Created* after " in (await asked).text
    assert "coming" in words(await world.say(ALICE, TEAM, "wait comin"))
    assert "not found" in words(await world.say(ALICE, TEAM, "wait comin"))


async def test_a_watch_that_breaks(world: World) -> None:
    """After a watch that has expired or broken off, the pod is read again."""
    if world.transport is None:
        pytest.skip("only a simulated API server breaks on demand")
    await world.make(_unready("breaking"))
    faults = [OfWatches.of(refusing(410, "Expired", "too old resource version")), OfWatches(How.CUT)]
    world.transport.faults += faults
    asked = await _asked(world, "wait breaking --for=deleted")
    assert [fault.times for fault in faults] == [0, 0]
    await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/breaking")
    assert ":white_check_mark: *Deleted* after " in (await asked).text
    world.transport.faults.clear()


async def test_waits_leave_room_for_others(world: World) -> None:
    """Only some may wait at once; one more is told so, and what does not take long is answered meanwhile."""
    await world.make(pod("crowded"))
    before = _watches(world)
    crowd = [asyncio.create_task(world.chat.driver.slash(ALICE, ONCALL, LONG)) for _ in range(8)]

    async def full() -> bool:
        return _watches(world) >= before + 8

    await until(full, "eight watches")
    assert "Too much is running already" in words(await world.say(ALICE, TEAM, LONG))
    assert "crowded" in words(await world.say(ALICE, TEAM, "list"))
    await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/crowded")
    await asyncio.gather(*crowd)

    def ends() -> bool:
        answers = world.chat.driver.messages(ONCALL, seen_by=ALICE)
        return sum("*Deleted* after " in one.text and "`crowded`" in one.text for one in answers) == 8

    await world.chat.driver.wait_for(ends, 30)


async def test_the_right_to_watch(world: World) -> None:
    """Who may look at pods and not watch them is told which right is missing; guests are refused before any call."""
    await world.make(_unready("watched"))
    answer = words(await world.say(BOB, ONCALL, "wait watched --timeout 1s"))
    assert ("cannot watch" in answer) == (world.form == "constrained")
    assert "Refused" in words(await world.say(GUEST, TEAM, "wait watched"))


@pytest.mark.parametrize("line", ["wait x --for=jsonpath={.status.phase}", "wait x --for=later", "wait x --timeout 1h"])
async def test_a_line_that_cannot_be_understood(world: World, line: str) -> None:
    """What can't be waited for, or not so long, is told with what to type."""
    requests = len(world.audit())
    answer = words(await world.say(ALICE, TEAM, line))
    assert "Not understood" in answer
    assert "/pod help wait" in answer
    assert len(world.audit()) == requests
