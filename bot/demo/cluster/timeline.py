"""What happens by itself as time goes on: processes that say how long they wait, or what they wait for."""

import heapq
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from itertools import count
from typing import TypeVar

Told = TypeVar("Told")
Wait = float | Callable[[], bool]
Process = Generator[Wait, None, None]


def until_other(ask: Callable[[], Told], told: Told) -> Callable[[], bool]:
    """Return what waits until `ask` tells something else than `told`."""
    return lambda: ask() != told


class Timeline:
    """Processes by owner, resumed in the order of their times; `now` is the time of the one that runs."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._order = count()
        self._due: list[tuple[datetime, int, str, Process]] = []
        self._blocked: list[tuple[str, Callable[[], bool], Process]] = []
        self._stopped: set[str] = set()

    def start(self, owner: str, process: Process, *, after: float = 0) -> None:
        """Let a process begin `after` seconds from now."""
        heapq.heappush(self._due, (self.now + timedelta(seconds=after), next(self._order), owner, process))

    def stop(self, owner: str) -> None:
        """Forget an owner's processes, the one that runs included."""
        self._due = [entry for entry in self._due if entry[2] != owner]
        heapq.heapify(self._due)
        self._blocked = [entry for entry in self._blocked if entry[0] != owner]
        self._stopped.add(owner)

    def run(self, until: datetime, *, wake: bool) -> bool:
        """Go on to a time, every process at its own moments; return whether there was one.

        `wake` says that what the blocked ones wait for may have come by something else than a process.
        """
        if wake:
            self._wake()
        went = False
        while self._due and self._due[0][0] <= until:
            moment, _, owner, process = heapq.heappop(self._due)
            self.now = max(self.now, moment)
            self._step(owner, process)
            self._wake()
            went = True
        self.now = max(self.now, until)
        return went

    def _step(self, owner: str, process: Process) -> None:
        self._stopped.discard(owner)
        wait = next(process, None)
        if wait is None or owner in self._stopped:
            return
        if callable(wait):
            self._blocked.append((owner, wait, process))
        else:
            self.start(owner, process, after=wait)

    def _wake(self) -> None:
        ready = [entry for entry in self._blocked if entry[1]()]
        if ready:
            self._blocked = [entry for entry in self._blocked if entry not in ready]
            for owner, _, process in ready:
                self.start(owner, process)
