"""Looking at many things at once."""

import asyncio

import pytest

from bot.checks.looking import look, look_each
from bot.core.errors import ChatError, PodbotError


async def test_what_is_seen_and_what_is_not() -> None:
    """Each item has what was seen of it, or podbot's error in its place; an item named twice is asked about once."""
    asked: list[str] = []

    async def ask(item: str) -> str:
        asked.append(item)
        if item == "b":
            raise ChatError("no", code="channel_not_found")
        return item.upper()

    seen = await look_each(ask, ["a", "b", "a"], 5)
    assert seen["a"] == "A"
    assert isinstance(seen["b"], ChatError)
    assert asked == ["a", "b"]


async def test_what_takes_too_long_is_given_up() -> None:
    """What hangs is an error once its seconds are over, also where it waits for its turn; the rest is there."""

    async def ask(item: int) -> int:
        if item:
            await asyncio.Event().wait()
        return item

    seen = await look_each(ask, range(4), 0.05, at_once=2)
    assert seen[0] == 0
    assert all("no answer within" in str(seen[item]) for item in (1, 2, 3))


async def test_no_more_than_so_many_at_once() -> None:
    """No more questions are open at a time than are allowed."""
    running = most = 0

    async def ask(_: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    await look_each(ask, range(20), 5, at_once=3)
    assert most == 3


async def test_a_mistake_of_podbots_own(caplog: pytest.LogCaptureFixture) -> None:
    """An unexpected error is one thing not seen, with its traceback in the log and its text nowhere else."""

    async def ask() -> None:
        raise KeyError("planted")

    seen = await look(ask, 5)
    assert isinstance(seen, PodbotError)
    assert "KeyError" in str(seen)
    assert "planted" not in str(seen)
    assert "Traceback" in caplog.text
