"""A transport that lets everybody see what passes: which request, as whom, and how it was answered."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.ports import Clock
from bot.core.wire import Rejected, Request, Response, Socket, Transport

_KEPT: Final = 200
_BEATS: Final = frozenset({"GET", "PATCH"})  # podbot's own of other methods are each about something that was asked
_USER, _GROUP, _EXTRA = "impersonate-user", "impersonate-group", "impersonate-extra-"


@dataclass(frozen=True, slots=True)
class Seen:
    """One request: `user` is who it was made as, empty for podbot itself; `status` 0 says that no answer came."""

    number: int
    at: datetime
    method: str
    path: str
    user: str
    groups: tuple[str, ...]
    extras: tuple[tuple[str, str], ...]
    status: int = 0


class Witness:
    """Passes everything on, and keeps the last requests.

    What podbot asks as itself in a steady beat (is there a watch, does it still hold the lease) is kept once,
    until it is answered otherwise: what people have done is seen beside it.
    """

    def __init__(self, inner: Transport, clock: Clock, ring: Callable[[], None]) -> None:
        self._inner = inner
        self._clock = clock
        self._ring = ring
        self._count = 0
        self._beats: dict[tuple[str, str], int] = {}
        self.seen: deque[Seen] = deque(maxlen=_KEPT)

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncIterator[Response]:
        """Pass a request on."""
        async with self._inner.send(request) as response:
            self._note(request, response.status)
            yield response

    @asynccontextmanager
    async def connect(self, request: Request, protocols: Sequence[str]) -> AsyncIterator[Socket]:
        """Pass a websocket's opening on."""
        try:
            async with self._inner.connect(request, protocols) as socket:
                self._note(request, 101)
                yield socket
        except Rejected as error:
            self._note(request, error.status)
            raise

    async def close(self) -> None:
        """Close what is behind."""
        await self._inner.close()

    def _note(self, request: Request, status: int) -> None:
        headers = [(name.lower(), value) for name, value in request.headers]
        user = next((value for name, value in headers if name == _USER), "")
        if not user and self._is_beat(request, status):
            return
        self._count += 1
        seen = Seen(
            number=self._count,
            at=self._clock.now(),
            method=request.method,
            path=request.path,
            user=user,
            groups=tuple(value for name, value in headers if name == _GROUP),
            extras=tuple((name.removeprefix(_EXTRA), value) for name, value in headers if name.startswith(_EXTRA)),
            status=status,
        )
        self.seen.append(seen)
        self._ring()

    def _is_beat(self, request: Request, status: int) -> bool:
        """Whether podbot itself has asked this before, and was answered the same."""
        asked = (request.method, request.path)
        before = self._beats.get(asked)
        if request.method in _BEATS:
            if len(self._beats) >= _KEPT:
                self._beats.clear()
            self._beats[asked] = status
        return before == status
