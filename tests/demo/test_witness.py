from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.core.wire import Rejected, Request, Response, Socket
from bot.demo.witness import Seen, Witness
from tests.fakes import NOW, FakeClock


@dataclass(frozen=True, slots=True)
class Nothing:
    """An answer without a body."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)

    async def chunks(self) -> AsyncIterator[bytes]:
        return
        yield b""


class Silent:
    """A transport that answers everything with nothing, and refuses websockets."""

    closed = False

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncIterator[Response]:
        assert request.method
        yield Nothing()

    @asynccontextmanager
    async def connect(self, request: Request, protocols: Sequence[str]) -> AsyncIterator[Socket]:
        assert request.method
        assert protocols
        raise Rejected(403, b"")
        yield

    async def close(self) -> None:
        self.closed = True


HEADERS = (
    ("Impersonate-User", "podbot:viewer"),
    ("Impersonate-Group", "podbot:viewers"),
    ("Impersonate-Extra-podbot.io%2Fslack-user", "U0ALICE"),
)


async def test_a_request_is_seen_with_who_it_is_made_as() -> None:
    """Each request is kept with its identity and how it was answered, and rings the bell."""
    rung: list[bool] = []
    witness = Witness(Silent(), FakeClock(), lambda: rung.append(True))
    async with witness.send(Request("GET", "/api/v1/pods", headers=HEADERS)) as response:
        assert response.status == 204
    extras = (("podbot.io%2fslack-user", "U0ALICE"),)
    assert list(witness.seen) == [
        Seen(1, NOW, "GET", "/api/v1/pods", "podbot:viewer", ("podbot:viewers",), extras, 204)
    ]
    assert rung == [True]


async def test_a_refused_websocket_is_seen() -> None:
    """A websocket that the server refuses is kept with its refusal."""
    witness = Witness(Silent(), FakeClock(), lambda: None)
    with pytest.raises(Rejected):
        async with witness.connect(Request("GET", "/exec"), ["v5"]):
            pass
    assert [(one.path, one.user, one.status) for one in witness.seen] == [("/exec", "", 403)]


async def test_only_the_last_requests_are_kept() -> None:
    """However long the demo runs, what it keeps stays small."""
    witness = Witness(Silent(), FakeClock(), lambda: None)
    for _ in range(300):
        async with witness.send(Request("POST", "/")):
            pass
    assert [one.number for one in witness.seen] == list(range(101, 301))


async def test_closing_closes_what_is_behind() -> None:
    """The witness closes the transport that it stands before."""
    silent = Silent()
    await Witness(silent, FakeClock(), lambda: None).close()
    assert silent.closed


async def test_a_steady_beat_is_seen_once() -> None:
    """What podbot asks as itself again and again is kept once, and what it asks as somebody each time."""
    rung: list[bool] = []
    witness = Witness(Silent(), FakeClock(), lambda: rung.append(True))
    for headers in ((), (), HEADERS, HEADERS, ()):
        async with witness.send(Request("GET", "/watches", headers=headers)):
            pass
    assert [one.user for one in witness.seen] == ["", "podbot:viewer", "podbot:viewer"]
    assert len(rung) == 3
