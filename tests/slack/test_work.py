"""Bounded work, without Slack."""

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from bot.core.asks import Ask, Via
from bot.core.vitals import Load
from bot.slack import work
from bot.slack.work import Work
from tests.slack.rooms import Asked


def ask(words: str) -> Ask:
    """Make an ask."""
    return Ask(words, "T0ACME", "U0ALICE", "C0TEAM", words, Via.SLASH, datetime(2026, 1, 2, tzinfo=UTC))


async def test_waiting_asks_take_their_turn(asked: Asked) -> None:
    """What waits runs as soon as there is room."""
    asked.hold = True
    bounded = Work(asked.handle, asked.turn_away, at_once=1, waiting=1)
    bounded.take(ask("one"))
    bounded.take(ask("two"))
    await asked.heard(1)
    assert [one.words for one in asked.asks] == ["one"]
    asked.let_go()
    await asked.heard(2)
    await bounded.drain(1)
    assert ([one.words for one in asked.asks], asked.away, asked.cancelled) == (["one", "two"], [], [])


async def test_what_runs_and_waits_is_counted(asked: Asked) -> None:
    """The load says how many run and wait, and the most that may."""
    asked.hold = True
    bounded = Work(asked.handle, asked.turn_away, at_once=1, waiting=5)
    assert bounded.load() == Load(0, 1, 0, 5)
    for words in ("one", "two", "three"):
        bounded.take(ask(words))
    await asked.heard(1)
    assert bounded.load() == Load(1, 1, 2, 5)
    asked.let_go()
    await bounded.drain(1)
    assert bounded.load() == Load(0, 1, 0, 5)


async def test_each_task_has_a_name(asked: Asked) -> None:
    """A task is named after its request."""
    asked.hold = True
    bounded = Work(asked.handle, asked.turn_away, at_once=1, waiting=0)
    bounded.take(ask("one"))
    assert "ask one" in {task.get_name() for task in asyncio.all_tasks()}
    await bounded.drain(0)


async def test_a_drain_without_time_still_tells_everyone(asked: Asked) -> None:
    """With no seconds to give, what runs is cancelled and what waits is turned away."""
    asked.hold = True
    bounded = Work(asked.handle, asked.turn_away, at_once=1, waiting=1)
    bounded.take(ask("one"))
    bounded.take(ask("two"))
    await bounded.drain(0)
    assert ([one.words for one in asked.cancelled], [one.words for one in asked.away]) == (["one"], ["two"])


async def test_after_a_drain_nothing_is_taken(asked: Asked) -> None:
    """What comes after a drain is turned away."""
    bounded = Work(asked.handle, asked.turn_away, at_once=1, waiting=1)
    await bounded.drain(1)
    bounded.take(ask("late"))
    await asked.heard()
    assert (asked.asks, [one.words for one in asked.away]) == ([], ["late"])


async def test_telling_is_bounded_too(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    """Where too many are being turned away at once, the rest is dropped and logged."""
    asked.hold = True
    bounded = Work(asked.handle, asked.turn_away, at_once=1, waiting=0)
    for words in ("runs", "away", "dropped"):
        bounded.take(ask(words))
    await bounded.drain(0)
    assert [one.words for one in asked.away] == ["away"]
    assert caplog.messages == ["request dropped is dropped: too many are being turned away"]


async def test_what_cannot_be_told_is_left(
    asked: Asked, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A drain ends although somebody's telling does not, and says whose."""
    monkeypatch.setattr(work, "TELL_SECONDS", 0.01)
    never, begun = asyncio.Event(), asyncio.Event()

    async def deaf(_: Ask) -> None:
        begun.set()
        try:
            await never.wait()
        except asyncio.CancelledError:
            await never.wait()

    bounded = Work(deaf, asked.turn_away, at_once=1, waiting=0)
    bounded.take(ask("one"))
    await begun.wait()
    await bounded.drain(0)
    assert caplog.messages == ["ask one is left unfinished"]
    await asyncio.sleep(0)


async def test_a_fault_is_logged(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    """An exception that the line lets through is logged, and frees its place."""
    caplog.set_level(logging.ERROR)

    async def faulty(one: Ask) -> None:
        await asked.handle(one)
        raise RuntimeError("oops")

    bounded = Work(faulty, asked.turn_away, at_once=1, waiting=1)
    bounded.take(ask("one"))
    bounded.take(ask("two"))
    await bounded.drain(1)
    assert caplog.messages == ["ask one failed", "ask two failed"]
