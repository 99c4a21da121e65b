"""What nobody planned for still ends with an answer: too much at once, faults of podbot's own, old buttons."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import parts
from bot.app import SystemClock
from bot.parts import Limits
from handlers import REGISTRY, create, templates
from tests.contract.sites import pod
from tests.e2e.world import ALICE, ONCALL, TEAM, WORLDS, World, state_of, words


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
    assert "done already" in words(await world.press(ALICE, question, "confirm"))
    assert await world.pod("kept") is not None
