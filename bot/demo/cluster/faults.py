"""What goes wrong between podbot and the API server, planned by a test."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from bot.core.wire import Request
from bot.demo.cluster.answers import Answer
from bot.demo.cluster.status import StatusError


class How(Enum):
    """The ways of a request to go wrong."""

    REFUSED = auto()  # no connection: nothing is sent
    SLOW = auto()  # no answer in time
    CUT = auto()  # the connection ends before an answer
    TORN = auto()  # the answer ends in its middle
    ANSWERED = auto()  # something else answers


@dataclass(slots=True)
class Fault:
    """Something that goes wrong for requests whose method and path (a regex each) match, `times` times (None: always).

    `done`: the cluster carries the request out all the same, before it goes wrong. `status`, `body` and `headers` are
    what is ANSWERED instead.
    """

    how: How
    method: str = ".*"
    path: str = ".*"
    times: int | None = 1
    done: bool = False
    status: int = 500
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def meets(self, request: Request) -> bool:
        """Whether this request goes wrong; it is counted if it does."""
        if self.times == 0 or not re.fullmatch(self.method, request.method) or not re.search(self.path, request.path):
            return False
        self.times = None if self.times is None else self.times - 1
        return True

    def answer(self) -> Answer:
        """Return what is answered instead."""
        return Answer(self.status, self.body, headers=tuple(self.headers.items()))


def refusing(
    code: int, reason: str, message: str, *, path: str = ".*", method: str = ".*", times: int | None = 1
) -> Fault:
    """Return the fault of being answered with a `Status` object."""
    body = json.dumps(StatusError(code, reason, message).status).encode()
    return Fault(How.ANSWERED, method, path, times, status=code, body=body)
