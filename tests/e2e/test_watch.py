"""`watch`: turned on and off by whoever may, told in the channel, whatever dies meanwhile."""

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from bot import app
from bot.demo.chat.messages import Message
from bot.demo.cluster.faults import Fault, How
from bot.kube import holding
from bot.watching import desk
from tests.contract.sites import pod
from tests.e2e.ground import WORLDS
from tests.e2e.processes import process
from tests.e2e.promise import check
from tests.e2e.watched import incidents, make_quick, saying
from tests.e2e.world import ALICE, BOB, GUEST, ONCALL, QUIET, TEAM, World, said, words
from tests.simulated import OfWatches

shared = pytest.mark.asyncio(loop_scope="package")


@shared
async def test_on_and_off(world: World) -> None:
    """Whoever is on call turns it on, everyone sees it, it is listed, and whoever is on call turns it off."""
    on = await world.done(await world.say(ALICE, ONCALL, "watch on -l app=never"))
    assert "Watched" in words(on)
    assert on.only_for == ""
    assert "already" in words(await world.say(ALICE, ONCALL, "watch on -l app=never"))
    listed = await world.say(ALICE, ONCALL, "watches")
    assert listed.only_for == ALICE
    for part in (f"main/{world.shop}", "app=never", "podbot:operator"):
        assert part in words(listed)
    assert "Nothing is watched" in words(await world.say(ALICE, TEAM, "watches"))
    off = await world.done(await world.say(ALICE, ONCALL, "watch off -l app=never"))
    assert "No longer watched" in words(off)
    assert "does not watch" in words(await world.say(ALICE, ONCALL, "watch off -l app=never"))


@shared
async def test_who_may_not(world: World) -> None:
    """A viewer, a guest, a person without the right to watch pods, and a channel without podbot turn nothing on."""
    assert "Refused" in words(await world.say(ALICE, TEAM, "watch on"))
    assert "Refused" in words(await world.say(GUEST, ONCALL, "watch on"))
    if world.form == "constrained":
        assert "Refused by Kubernetes" in words(await world.say(BOB, ONCALL, "watch on"))
    assert "invite" in words(await world.say(ALICE, QUIET, "watch on")).lower()
    assert "Nothing is watched" in words(await world.say(ALICE, ONCALL, "watches"))


@shared
async def test_what_cannot_be_understood_teaches(world: World) -> None:
    """Without a word, or with another one, the line is taught."""
    for line in ("watch", "watch it", "watch on -l 'a b'"):
        assert "/pod help watch" in words(await world.say(ALICE, ONCALL, line))


def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let watching live fast, and a lease run out soon."""
    make_quick(monkeypatch)
    monkeypatch.setattr(holding, "LIFE", timedelta(seconds=3))
    monkeypatch.setattr(desk, "_KEPT_BACK", 0.5)


async def _broken(world: World, name: str) -> None:
    await world.make(pod(name, "exit 3"))


async def test_an_incident_is_told_edited_and_proven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One message in the channel, its proofs in the thread, edited when it is over; the promise holds."""
    _quick(monkeypatch)
    async with WORLDS["simulated-constrained"](tmp_path) as world, world.replica():
        await world.done(await world.say(ALICE, ONCALL, "watch on"))
        await world.make(pod("well"))
        await _broken(world, "ill")
        told = await world.until(saying(world, "In trouble", "ill", "exit code 3"))
        thread = await world.until(lambda: next(iter(world.chat.driver.messages(ONCALL, thread=told.ts)[-1:]), None))
        assert "ill" in words(thread)
        await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/ill")
        await world.until(saying(world, "Recovered", "ill"))
        assert len(incidents(world)) == 1
        check(world.whole_audit())


async def _looked(world: World, told: Message) -> Message:
    """Have Bob, who has fewer rights than the channel's tier, press *Triage*; return what he sees."""
    await world.until(lambda: next(iter(world.chat.driver.messages(ONCALL, thread=told.ts)), None))  # the proofs
    answer = await world.press(BOB, told, "look")
    assert (answer.only_for, answer.thread) == (BOB, "")
    return answer


async def _noted(world: World, told: Message, words_of: str) -> Message:
    """Have Bob press *Resolve*, and return what his note becomes."""
    await world.chat.driver.press(BOB, told, "podbot:note")
    assert "exit code 3" in said(await world.view(BOB, says="What mended it"))
    world.chat.driver.fill(BOB, {"What mended it": words_of})
    note = await world.done(await world.submit(BOB))
    assert note.thread == told.ts
    for part in ("Done", "*What it was*: main ends with exit code 3", f"*Mended by* <@{BOB}>: {words_of}"):
        assert part in words(note), part
    return note


async def test_an_incident_is_acted_on_by_whoever_presses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bob looks as himself, shares that, and notes what mended it; a guest does nothing; the incident goes on."""
    _quick(monkeypatch)
    async with WORLDS["simulated-constrained"](tmp_path) as world, world.replica(), world.replica():
        await world.done(await world.say(ALICE, ONCALL, "watch on"))
        await _broken(world, "ill")
        told = await world.until(saying(world, "In trouble", "ill", "exit code 3"))
        before = len(world.audit())
        answer = await _looked(world, told)
        assert "its events: you may not list events" in words(answer)
        looks = [one["impersonatedUser"] for one in world.audit()[before:] if "impersonatedUser" in one]
        assert {one["username"] for one in looks} == {"bob@example.com"}
        shared = await world.press(BOB, answer, "share")
        assert f"<@{BOB}> shared `/pod triage ill -n {world.shop}`" in words(shared)
        assert "Guests may not use podbot" in words(await world.press(GUEST, told, "look"))
        await world.chat.driver.press(GUEST, told, "podbot:note")
        assert "Guests may not use podbot" in said(await world.view(GUEST, says="Guests"))
        note = await _noted(world, told, "rolled back")
        assert "In trouble" in words(next(one for one in incidents(world) if one.ts == told.ts))
        await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/ill")
        over = await world.until(saying(world, "Recovered", "ill"))
        assert over.ts == told.ts
        assert note in world.chat.driver.messages(ONCALL, thread=told.ts)
        check(world.whole_audit())


@pytest.mark.parametrize(
    "fault",
    [
        OfWatches(How.CUT, path="/pods$", times=2),
        Fault(How.ANSWERED, path="/pods$", times=3, status=410, body=b'{"reason": "Expired"}'),
        Fault(How.REFUSED, times=12),
    ],
    ids=["watch cut", "410", "API server restarted"],
)
async def test_two_replicas_faults_and_a_kill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    """The API server fails, and the replica that watches dies in silence: the other goes on; all is told once."""
    _quick(monkeypatch)
    async with WORLDS["simulated-constrained"](tmp_path) as world:
        assert world.transport is not None
        async with world.replica():
            await world.done(await world.say(ALICE, ONCALL, "watch on"))
            await _broken(world, "first")
            world.transport.faults.append(fault)
            await world.until(saying(world, "In trouble", "first"))
            other = world.replica()
            await other.__aenter__()
            world.transport.faults[:] = [Fault(How.REFUSED, "PATCH", "/leases", times=None)]  # nobody lets anything go
        try:
            world.transport.faults.clear()
            await _broken(world, "second")
            await world.until(saying(world, "In trouble", "second"))
            for name in ("first", "second"):
                await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/{name}")
            await world.until(saying(world, "Recovered", "first"))
            await world.until(saying(world, "Recovered", "second"))
            assert len(incidents(world)) == 2
        finally:
            await other.__aexit__(None, None, None)


async def test_a_lost_grant_ends_the_watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that is edited to grant the channel nothing ends its watch, with a word in the channel."""
    _quick(monkeypatch)
    monkeypatch.setattr(app, "POLL_SECONDS", 0.1)
    async with WORLDS["simulated-constrained"](tmp_path) as world, world.replica(), world.replica():
        await world.done(await world.say(ALICE, ONCALL, "watch on"))
        path = tmp_path / "policy.yaml"
        nothing = {**yaml.safe_load(path.read_text()), "grants": [], "default_namespace": {}}
        path.write_text(yaml.safe_dump(nothing))
        await world.until(saying(world, "No longer watched", "policy"))
        assert len(incidents(world)) == 1


@pytest.mark.cluster
@pytest.mark.parametrize("name", ["real-constrained"])
async def test_a_killed_process_is_followed_by_another(tmp_path: Path, name: str) -> None:
    """On a real cluster podbot is killed while it watches: another takes over, and with it what Bob may press."""
    async with WORLDS[name](tmp_path) as world, process(world.environment) as first:
        await world.chat.driver.wait_for(lambda: world.chat.sockets.connections, 30)
        await world.done(await world.say(ALICE, ONCALL, "watch on"))
        await _broken(world, "first")
        told = await world.until(saying(world, "In trouble", "first", "exit code 3"), 120)
        assert "you may not list events" in words(await _looked(world, told))
        async with process(world.environment):
            await world.chat.driver.wait_for(lambda: len(world.chat.sockets.connections) > 1, 30)
            os.kill(first.pid, signal.SIGKILL)
            await _broken(world, "second")
            await world.until(saying(world, "In trouble", "second", "exit code 3"), 120)
            await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/first")
            note = await _noted(world, told, "rolled back")
            await world.until(saying(world, "Recovered", "first"), 150)
            assert note in world.chat.driver.messages(ONCALL, thread=told.ts)
            assert len(incidents(world)) == 2
    check(world.whole_audit())
