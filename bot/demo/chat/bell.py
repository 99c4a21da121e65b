"""Waiting for something to happen, without polling."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

Found = TypeVar("Found")


class Bell:
    """Rung at every change; synchronous code rings it, so it is an Event for each ring rather than a Condition."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait."""
        self._rung.set()
        self._rung = asyncio.Event()

    async def rung(self, seconds: float) -> None:
        """Wait for the next ring, at most `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()

    async def until(self, predicate: Callable[[], Found], timeout: float) -> Found:  # noqa: ASYNC109  # a test's own limit
        """Return the first truthy result of `predicate`, tried at each ring; raise TimeoutError after `timeout`."""
        async with asyncio.timeout(timeout):
            while not (found := predicate()):
                await self._rung.wait()
            return found
