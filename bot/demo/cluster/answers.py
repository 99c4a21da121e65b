"""What the simulated API server answers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Protocol

from bot.core.resources import Json

JSON: Final = "application/json"
PLAIN: Final = "text/plain; charset=utf-8"


class Stream(Protocol):
    """A body without an end of its own, pulled: nothing here waits."""

    def read(self) -> bytes | None:
        """Return what came since the last call, empty if nothing did; None at the end."""


@dataclass(frozen=True, slots=True)
class Session:
    """A command in a container: its websocket frames, `seconds` after which it ends (None: never), and its end."""

    output: tuple[bytes, ...]
    end: bytes
    seconds: float | None = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `stream` goes on after `body`, `session` is there for an opened websocket only."""

    status: int
    body: bytes = b""
    content: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    stream: Stream | None = field(default=None, compare=False)
    session: Session | None = None

    def json(self) -> Json:
        """Return the body as an object."""
        parsed: Json = json.loads(self.body)
        return parsed


def answer(body: Json, status: int = HTTPStatus.OK, warnings: Sequence[str] = ()) -> Answer:
    """Return an object as an answer, with what the client should be warned of."""
    told = tuple(("Warning", f"299 - {json.dumps(one)}") for one in warnings)
    return Answer(status, json.dumps(body).encode(), headers=told)


def plain(status: int, text: str) -> Answer:
    """Return words that are no object, as a kubelet says them."""
    return Answer(status, text.encode(), PLAIN)
