"""Waiting without polling."""

import asyncio

import pytest

from bot.demo.chat.bell import Bell


async def test_tries_again_at_each_ring() -> None:
    """The predicate is tried once at first, and once at each ring until it holds."""
    bell, results = Bell(), iter(["", "", "here"])
    waiting = asyncio.create_task(bell.until(lambda: next(results), 5))
    for _ in range(2):
        await asyncio.sleep(0)
        bell.ring()
    assert await waiting == "here"


async def test_gives_up() -> None:
    """What never comes is a TimeoutError."""
    with pytest.raises(TimeoutError):
        await Bell().until(lambda: False, 0)
