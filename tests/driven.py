"""A clock that stands still until a test lets time pass; whoever sleeps wakes in the order of their times."""

import asyncio
import heapq
from datetime import datetime, timedelta
from itertools import count

from tests.fakes import NOW

_ROUNDS = 30
_THREADS = 0.001  # seconds of real time in which what is done beside the loop comes to its end


class DrivenClock:
    """Time that only `advance` moves."""

    def __init__(self, now: datetime = NOW) -> None:
        self.time = now
        self._order = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.time + timedelta(seconds=seconds), next(self._order), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Let time pass, and everything happen that is due in it."""
        end = self.time + timedelta(seconds=seconds)
        await settled()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, woken = heapq.heappop(self._sleepers)
            if woken.done():  # whoever slept was cancelled
                continue
            self.time = max(self.time, due)
            woken.set_result(None)
            await settled()
        self.time = end
        await asyncio.sleep(_THREADS)


async def settled() -> None:
    """Let everything run that does not wait for the time."""
    for _ in range(_ROUNDS):
        await asyncio.sleep(0)
