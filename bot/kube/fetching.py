"""GET from a pod's port through the API server's proxy, where an answer may be the pod's or the API server's own.

A pod can forge any answer, a `Status` object included. The same path without its last slash is answered by the API
server alone (a redirect to the slash), after it has checked who asks, what for and whether there is such a pod. So what
it says there is its own, and everything that comes through the proxy is taken for the pod's. Source:
https://github.com/kubernetes/apimachinery/blob/master/pkg/util/proxy/upgradeaware.go.
"""

import asyncio
import json
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from bot.core.errors import ServerFault, TooSlow
from bot.core.reading import mapping, text
from bot.core.resources import Fetched
from bot.core.wire import Response
from bot.kube.client import ANY, Call, Client

_REFUSALS = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS}
)
_NOT_REACHED = "error trying to reach service: "


@dataclass(slots=True)
class _Answer:
    """An answer as far as it has come."""

    limit: int
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytearray = field(default_factory=bytearray)
    cut: bool = False

    async def take(self, response: Response) -> None:
        """Take the head, and the body up to the limit."""
        self.status, self.headers = response.status, tuple(response.headers.items())
        async for chunk in response.chunks():
            room = self.limit - len(self.body)
            self.body += chunk[:room]
            if len(chunk) > room:
                self.cut = True
                return

    def fetched(self, reason: str) -> Fetched:
        """Return the whole as a value."""
        return Fetched(self.status, self.headers, bytes(self.body), self.cut, reason)


async def fetch(client: Client, call: Call, checked: Call, *, seconds: float, limit: int) -> Fetched:
    """Send `call`; what says no is held against `checked`, which the API server answers by itself."""
    fetched = await _fetched(client, call, seconds, limit)
    told = _told(fetched)
    if fetched.status in _REFUSALS and told:
        await check_fetch(client, checked)
    if fetched.status == HTTPStatus.SERVICE_UNAVAILABLE and told.startswith(_NOT_REACHED):
        return Fetched(None, reason=told.removeprefix(_NOT_REACHED))
    return fetched


async def check_fetch(client: Client, call: Call) -> None:
    """Raise what the API server itself says against `call`, which leads to no pod."""
    async with client.raw(call) as response:
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise await client.error(response)


async def _fetched(client: Client, call: Call, seconds: float, limit: int) -> Fetched:
    answer, reason = _Answer(limit), ""
    try:
        async with asyncio.timeout(seconds), client.raw(_verbatim(call, seconds)) as response:
            await answer.take(response)
    except (TimeoutError, TooSlow):
        reason = f"stopped after {seconds:g} s"
    except ServerFault as error:
        reason = str(error)
    return answer.fetched(reason)


def _verbatim(call: Call, seconds: float) -> Call:
    return replace(call, accept=ANY, timeout=seconds, verbatim=True)


def _told(fetched: Fetched) -> str:
    """Return the message of a `Status` object, whoever wrote it; empty for any other body."""
    try:
        told = mapping(json.loads(fetched.body))
    except (ValueError, RecursionError):
        return ""
    return text(told.get("message")) if told.get("kind") == "Status" else ""
