"""Bounded work: Bolt neither counts nor keeps the tasks that it starts, so podbot does.

Source: https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task (keep a reference).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine

from bot.core.asks import Ask
from bot.core.vitals import Load

logger = logging.getLogger("podbot.slack")

Handle = Callable[[Ask], Awaitable[None]]
TELL_SECONDS = 4.0
"""How long those that were cancelled may take to say so."""


class Work:
    """At most `at_once` asks run and `waiting` wait; more are turned away, and as many again are told so at a time."""

    def __init__(self, handle: Handle, turn_away: Handle, *, at_once: int, waiting: int) -> None:
        self._handle = handle
        self._turn_away = turn_away
        self._places = asyncio.Semaphore(at_once)
        self._at_once, self._room = at_once, waiting
        self._most = at_once + waiting
        self._running = 0
        self._taken: set[asyncio.Task[None]] = set()
        self._turned: set[asyncio.Task[None]] = set()
        self._draining = False

    def take(self, ask: Ask) -> None:
        """Start work on an ask without waiting for anything."""
        if not self._draining and len(self._taken) < self._most:
            self._start(self._taken, self._run(ask), f"ask {ask.request_id}")
        elif len(self._turned) < self._most:
            self._start(self._turned, self._tell(ask), f"turn away {ask.request_id}")
        else:
            logger.error("request %s is dropped: too many are being turned away", ask.request_id)

    def load(self) -> Load:
        """Return how much runs and waits now."""
        waiting = len(self._taken) - self._running
        return Load(running=self._running, at_once=self._at_once, waiting=waiting, room=self._room)

    async def drain(self, seconds: float) -> None:
        """Turn away what comes now, give the rest `seconds` to finish, then cancel it and let it say so."""
        self._draining = True
        await asyncio.sleep(0)  # a task that is cancelled before its first step can tell nobody
        await self._settle(seconds)
        for task in self._taken:
            task.cancel()
        await self._settle(TELL_SECONDS)
        for task in self._taken | self._turned:
            logger.error("%s is left unfinished", task.get_name())
            task.cancel()

    async def _settle(self, seconds: float) -> None:
        """Wait until nothing runs, at most `seconds`."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (tasks := self._taken | self._turned) and (left := end - loop.time()) > 0:
            await asyncio.wait(tasks, timeout=left)

    async def _run(self, ask: Ask) -> None:
        try:
            await self._places.acquire()
        except asyncio.CancelledError:  # it never began, so the line of a command cannot tell its asker
            await self._tell(ask)
            return
        self._running += 1
        try:
            await self._handle(ask)
        finally:
            self._running -= 1
            self._places.release()

    async def _tell(self, ask: Ask) -> None:
        await self._turn_away(ask)

    def _start(self, kept: set[asyncio.Task[None]], work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        kept.add(task)
        task.add_done_callback(kept.discard)
        task.add_done_callback(_report)


def _report(task: "asyncio.Task[None]") -> None:
    """Log what no one awaits; the line of a command is expected to raise nothing."""
    if not task.cancelled() and (error := task.exception()):
        logger.error("%s failed", task.get_name(), exc_info=error)
