"""HTTP as values, so that the network and the simulated cluster are two ends of one plug.

`bot.kube` builds every `Request`; a `Transport` carries it. Nothing here knows Kubernetes.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """One request: an encoded path joined from checked segments, unencoded query pairs, and repeated headers as pairs.

    `encoded_query` is sent as it is, instead of `query`. `verbatim`: it is sent once at most, and its answer's body is
    not decompressed. `timeout` is the seconds to wait for the answer to begin, and between two chunks of it.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    timeout: float = 10.0
    encoded_query: str = ""
    verbatim: bool = False

    @property
    def signed(self) -> bool:
        """Whether it carries credentials of its own, so that a transport adds none."""
        return any(name.lower() == "authorization" for name, _ in self.headers)


class Response(Protocol):
    """An answer whose body is read as it comes; leaving the context drops the rest."""

    @property
    def status(self) -> int:
        """HTTP's status code."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Header names in lower case."""

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives; raise `TooSlow` or `ServerFault` when it stops short."""


class Socket(Protocol):
    """An open websocket; frames are bytes, the first byte being Kubernetes' channel number."""

    def frames(self) -> AsyncIterator[bytes]:
        """Yield binary frames until the other end closes."""

    async def send(self, frame: bytes) -> None:
        """Send one binary frame."""


class Transport(Protocol):
    """The network's way to an API server, or the simulation's; it adds authentication where there is none, and no more.

    It follows no redirect, keeps no cookie, and raises `Unreachable` when nothing was sent, `TooSlow` or `ServerFault`
    when no answer came to what was sent. A status is never an exception here.
    """

    def send(self, request: Request) -> AbstractAsyncContextManager[Response]:
        """Send `request` and give the answer once its headers are there."""

    def connect(self, request: Request, protocols: Sequence[str]) -> AbstractAsyncContextManager[Socket]:
        """Open a websocket; a refusal is raised as `Rejected`, with the status and body that the server gave."""

    async def close(self) -> None:
        """Close idle connections."""


class Rejected(Exception):  # it carries an answer; bot.kube turns it into podbot's own error
    """The server answered a websocket's opening with an ordinary response."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"websocket refused with {status}")
        self.status = status
        self.body = body
