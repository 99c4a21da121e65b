"""What nobody planned for still ends with an answer: too much at once, faults of podbot's own, old buttons."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import app, parts
from bot.app import SystemClock
from bot.parts import Limits
from handlers import REGISTRY, create, templates
from tests.contract.sites import pod
from tests.e2e.ground import WORLDS, applied, policy, write_policy
from tests.e2e.world import ALICE, BOB, ONCALL, TEAM, World, state_of, words
from tests.real import binding, role, rule


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Run podbot over a simulated cluster of the test's own."""
    async with WORLDS["simulated-constrained"](tmp_path) as prepared, prepared.replica():
        yield prepared


async def _broken(*_: Any) -> AsyncIterator[Any]:
    raise RuntimeError("inner detail")
    yield None


async def test_a_fault_in_a_read_is_answered_with_its_request(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer carries the request's id, which is also in the log, and nothing of the fault."""
    monkeypatch.setitem(REGISTRY, "templates", replace(templates.COMMAND, run=_broken))
    answer = words(await world.say(ALICE, TEAM, "templates"))
    [failed] = [record for record in caplog.records if "failed unexpectedly" in record.getMessage()]
    assert failed.getMessage().split()[1] in answer
    assert "inner detail" not in answer


async def test_a_fault_in_a_change_leaves_its_outcome_unknown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that breaks before its first result may have happened, and its message says so."""
    monkeypatch.setitem(REGISTRY, "create", replace(create.COMMAND, run=_broken))
    ended = await world.done(await world.say(ALICE, ONCALL, "create single odd"))
    assert state_of(ended) == "unknown"
    assert "inner detail" not in words(ended)


async def test_a_change_that_is_followed_too_long_stays_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was accepted is done, also when podbot stops watching what comes of it."""
    monkeypatch.setattr(parts.Limits, "__init__", _hasty(Limits.__init__))
    async with WORLDS["simulated-constrained"](tmp_path) as world, world.replica():
        ended = await world.done(await world.say(ALICE, ONCALL, "create single slow image=nginx:0.0.0-none"))
        assert state_of(ended) == "done"
        assert "stopped waiting" in words(ended)


def _hasty(made: Any) -> Any:
    return lambda self, **given: made(self, **{**given, "change": 0.5})


async def test_too_much_at_once_is_turned_away(tmp_path: Path) -> None:
    """Beyond what runs and waits, the asker is told to try again, and nothing is done."""
    few = {"PODBOT_COMMANDS_AT_ONCE": "1", "PODBOT_COMMANDS_WAITING": "0"}
    async with WORLDS["simulated-constrained"](tmp_path) as world, world.replica(**few):
        running = await world.say(ALICE, ONCALL, "create single slow image=nginx:0.0.0-none")
        assert "Too much is running" in words(await world.say(ALICE, TEAM, "list"))
        await world.done(running)


async def test_stopping_tells_what_was_not_finished(tmp_path: Path) -> None:
    """A change that is broken off when podbot stops says that it was accepted, and what is not known."""
    async with WORLDS["simulated-constrained"](tmp_path) as world:
        async with world.replica(PODBOT_DRAIN="0.1"):
            message = await world.say(ALICE, ONCALL, "create single slow image=nginx:0.0.0-none")
            await world.chat.driver.wait_for(lambda: "Pending" in str(world.chat.driver.messages(ONCALL)[-1].blocks))
        ended = await world.done(message)
        assert state_of(ended) == "done"
        assert "stopped waiting" in words(ended)


async def test_stopping_ends_what_is_followed(tmp_path: Path) -> None:
    """A message that follows a log says that podbot stops, and offers no Stop any more."""
    async with WORLDS["simulated-constrained"](tmp_path) as world:
        await world.print("endless", b"here\n")
        async with world.replica(PODBOT_DRAIN="0.1"):
            message = await world.say(ALICE, TEAM, "logs endless -f")
        [ended] = [one for one in world.chat.driver.messages(TEAM) if one.ts == message.ts]
        assert "podbot was restarted; type it again to go on." in words(ended)
        assert "here" in words(ended)
        assert "podbot:stop" not in str(ended.blocks)


async def test_an_old_button_closes_its_question(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """After five minutes a press is refused, the buttons go, and the pod stays."""
    await world.make(pod("kept"))
    question = await world.say(ALICE, ONCALL, "delete kept")
    later = SystemClock().now() + timedelta(minutes=6)
    monkeypatch.setattr(SystemClock, "now", lambda _: later)
    answer = await world.press(ALICE, question, "confirm")
    [closed] = [one for one in world.chat.driver.messages(ONCALL) if one.ts == question.ts]
    assert state_of(closed) == "expired"
    assert "podbot:confirm" not in str(closed.blocks)
    assert "too old" in words(answer) or answer.ts == question.ts


async def test_a_press_after_a_cancel_is_told(world: World) -> None:
    """A question that was cancelled says so to whoever presses an old copy of it."""
    await world.make(pod("kept"))
    question = await world.say(ALICE, ONCALL, "delete kept")
    closed = await world.press(ALICE, question, "cancel")
    assert state_of(closed) == "cancelled"
    assert "pressed already" in words(await world.press(ALICE, question, "confirm"))
    assert await world.pod("kept") is not None


async def test_a_late_press_does_not_rewrite_what_was_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second press, after the button's time, leaves the outcome of the first one standing."""
    await world.make(pod("gone"))
    question = await world.say(ALICE, ONCALL, "delete gone")
    await world.done(await world.press(ALICE, question, "confirm"))
    later = SystemClock().now() + timedelta(minutes=6)
    monkeypatch.setattr(SystemClock, "now", lambda _: later)
    assert "too old" in words(await world.press(ALICE, question, "confirm"))
    [standing] = [one for one in world.chat.driver.messages(ONCALL) if one.ts == question.ts]
    assert state_of(standing) == "done"


async def test_a_command_delivered_twice_changes_once(world: World) -> None:
    """The same delivery of a change, taken again, makes no second pod."""
    delivery = await world.chat.driver.slash(ALICE, ONCALL, "create debug --ttl 10m")
    await world.chat.driver.redeliver(delivery)
    [message, *_] = await world.chat.driver.wait_for(lambda: world.chat.driver.messages(ONCALL))
    await world.done(message)
    pods = await world.admin.call("GET", f"/api/v1/namespaces/{world.shop}/pods")
    assert len(pods["items"]) == 1


async def test_what_is_shared_can_be_taken_back_whole(world: World) -> None:
    """A long log is shared without its file, which Slack would keep after Remove."""
    await world.print("chatty", b"".join(b"line number %d of many\n" % number for number in range(1500)))
    shared = await world.press(ALICE, await world.say(ALICE, ONCALL, "logs chatty --tail -1"), "share")
    assert "line number 1499" in words(shared)
    assert "not shared" in words(shared)
    assert not world.chat.driver.files(ONCALL)


async def test_an_edit_that_lends_people_by_legacy_is_not_adopted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People who are added to the policy while podbot may impersonate them the legacy way are not acted as."""
    monkeypatch.setattr(app, "POLL_SECONDS", 0.01)
    async with WORLDS["simulated-legacy"](tmp_path) as world:
        extra = rule(("impersonate",), "", ("users",), ("bob@example.com",))
        account = {"kind": "ServiceAccount", "name": "podbot", "namespace": world.home}
        bodies = [
            role("ClusterRole", "too-much", [extra]),
            binding("ClusterRoleBinding", "too-much", "ClusterRole", account),
        ]
        async with applied(world.admin, bodies), world.replica():
            write_policy(tmp_path, policy(world.shop, world.payments))
            await _until_broken(world)
            assert "podbot:operator" in words(await world.say(BOB, ONCALL, "whoami"))


async def _until_broken(world: World) -> None:
    for _ in range(200):
        if "policy file is broken" in words(await world.say(ALICE, TEAM, "templates")):
            return
    pytest.fail("the edit was adopted")
