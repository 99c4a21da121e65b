"""What is kept of Slack's answers, and for whom it is asked."""

import asyncio
import gc
from datetime import timedelta

import pytest

from bot.core.errors import ChatError
from bot.slack.cache import Cache
from tests.slack.clocks import PatientClock


class Source:
    """Gives each key a number when it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.open = asyncio.Event()

    async def load(self, key: str) -> int:
        self.asked.append(key)
        await self.open.wait()
        if key == "bad":
            raise ChatError("no")
        return len(self.asked)


async def test_a_cache_forgets_the_oldest(clock: PatientClock) -> None:
    """A cache holds a bounded number of values."""
    source = Source()
    source.open.set()
    cache = Cache(source.load, timedelta(seconds=60), clock, most=2)
    for key in ("a", "b", "c", "b", "a"):
        await cache.get(key)
    assert source.asked == ["a", "b", "c", "a"]


async def test_one_callers_end_does_not_end_the_others(clock: PatientClock) -> None:
    """A caller that is cancelled leaves the call to those who still wait for it."""
    source = Source()
    cache = Cache(source.load, timedelta(seconds=60), clock)
    first, second = asyncio.create_task(cache.get("a")), asyncio.create_task(cache.get("a"))
    await asyncio.sleep(0)
    first.cancel()
    source.open.set()
    assert await second == 1
    assert first.cancelled()


async def test_an_error_that_nobody_waits_for_is_silent(clock: PatientClock, caplog: pytest.LogCaptureFixture) -> None:
    """A call that fails after its last caller has gone leaves no trace."""
    source = Source()
    cache = Cache(source.load, timedelta(seconds=60), clock)
    only = asyncio.create_task(cache.get("bad"))
    await asyncio.sleep(0)
    only.cancel()
    source.open.set()
    await asyncio.gather(only, return_exceptions=True)
    with pytest.raises(ChatError):
        await cache.get("bad")
    gc.collect()
    assert caplog.messages == []
