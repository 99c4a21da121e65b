"""What Slack has said, kept for a short time, so that it is asked once."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from bot.core.ports import Clock

Value = TypeVar("Value")

MOST_KEPT = 1000


class Cache(Generic[Value]):
    """Values that live for a short time; callers that ask at once share one call, and an error is kept by no one."""

    def __init__(
        self, load: Callable[[str], Coroutine[Any, Any, Value]], life: timedelta, clock: Clock, most: int = MOST_KEPT
    ) -> None:
        self._load = load
        self._life = life
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[str, tuple[datetime, Value]] = OrderedDict()
        self._loading: dict[str, asyncio.Task[Value]] = {}

    async def get(self, key: str) -> Value:
        """Return the value of `key`, loading it where it is not there or too old."""
        until, value = self._kept.get(key, (None, None))
        if until is not None and value is not None and self._clock.now() < until:
            return value
        if key not in self._loading:
            self._loading[key] = asyncio.create_task(self._renew(key), name=f"look up {key}")
            self._loading[key].add_done_callback(_heard)
        return await asyncio.shield(self._loading[key])  # one caller's end must not end the others' call

    async def _renew(self, key: str) -> Value:
        try:
            value = await self._load(key)
        finally:
            del self._loading[key]
        self._kept.pop(key, None)
        self._kept[key] = (self._clock.now() + self._life, value)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return value


def _heard(task: "asyncio.Task[Any]") -> None:
    """Take note of an error that no caller is left to hear of."""
    if not task.cancelled():
        task.exception()
