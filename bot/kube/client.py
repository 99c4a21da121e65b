"""Requests as somebody: impersonation headers on every one, and bodies read up to a limit."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from bot.core.errors import ClusterError, OutcomeUnknown, ServerFault, TooSlow
from bot.core.resources import Json
from bot.core.wire import Rejected, Request, Response, Socket, Transport
from bot.kube.errors import ambiguous, failure
from bot.kube.impersonation import Headers

Query = tuple[tuple[str, str], ...]

JSON = "application/json"
JSON_PATCH = "application/json-patch+json"
ANY = "*/*"  # exec refuses to be asked for JSON (406)

_WHOLE = 60.0  # seconds for a whole answer, so that one that drips does not last for ever
_MOST = 64 * 1024 * 1024
_MOST_OF_AN_ERROR = 256 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """What to ask of the API server; `changes` says that its answer must not be guessed. The rest as in `Request`."""

    method: str
    path: str
    query: Query = ()
    body: Json | Sequence[Json] | None = None
    accept: str = JSON
    content: str = JSON
    timeout: float = 10.0
    changes: bool = False
    encoded_query: str = ""
    verbatim: bool = False


class Client:
    """Sends calls with one set of headers; `own_user` is the bot's own user, as in `errors.failure`."""

    def __init__(self, transport: Transport, headers: Headers, own_user: str) -> None:
        self._transport = transport
        self._headers = headers
        self.own_user = own_user

    async def json(self, call: Call) -> Json:
        """Return the object that answers; raises `ClusterError`."""
        return (await self.told(call))[0]

    async def told(self, call: Call) -> tuple[Json, Mapping[str, str]]:
        """Return the object that answers and the answer's headers; raises `ClusterError`."""
        with _outcome(call):
            try:
                async with asyncio.timeout(_WHOLE), self._answer(call) as response:
                    return _parsed(await _body(response)), response.headers
            except TimeoutError as error:
                raise TooSlow(f"no whole answer within {_WHOLE:.0f} s") from error

    @asynccontextmanager
    async def stream(self, call: Call) -> AsyncIterator[Response]:
        """Give a read's answer once it is a success, its body unread; raises `ClusterError`."""
        async with self._answer(call) as response:
            yield response

    @asynccontextmanager
    async def raw(self, call: Call) -> AsyncIterator[Response]:
        """Give an answer whatever its status, for it need not be the API server's own; raises `ClusterError`."""
        async with self._transport.send(self._request(call)) as response:
            yield response

    async def error(self, response: Response) -> ClusterError:
        """Return the error that an answer of the API server's own tells, which is no success."""
        return failure(response.status, await _beginning(response), response.headers, own_user=self.own_user)

    @asynccontextmanager
    async def connect(self, call: Call, protocols: Sequence[str]) -> AsyncIterator[Socket]:
        """Open a websocket; raises `ClusterError`, on opening only."""
        async with AsyncExitStack() as stack:
            with _outcome(call):
                try:
                    socket = await stack.enter_async_context(self._transport.connect(self._request(call), protocols))
                except Rejected as error:
                    raise failure(error.status, error.body, {}, own_user=self.own_user) from error
            yield socket

    @asynccontextmanager
    async def _answer(self, call: Call) -> AsyncIterator[Response]:
        async with self.raw(call) as response:
            if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
                raise await self.error(response)
            yield response

    def _request(self, call: Call) -> Request:
        body = b"" if call.body is None else json.dumps(call.body).encode()
        about_body = (("Content-Type", call.content),) if body else ()
        whole = (("Accept-Encoding", "identity"),) if call.verbatim else ()
        headers = (("Accept", call.accept), *whole, *about_body, *self._headers)
        as_asked = (call.encoded_query, call.verbatim)
        return Request(call.method, call.path, call.query, headers, body, call.timeout, *as_asked)


@contextmanager
def _outcome(call: Call) -> Iterator[None]:
    """Turn the loss of a change's answer into `OutcomeUnknown`."""
    try:
        yield
    except ClusterError as error:
        if not call.changes or not ambiguous(error):
            raise
        raise OutcomeUnknown(str(error), status=error.status, cause=error.cause) from error


async def _body(response: Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for chunk in response.chunks():
        parts.append(chunk)
        size += len(chunk)
        if size > _MOST:
            raise ServerFault(f"an answer of more than {_MOST} bytes", status=response.status)
    return b"".join(parts)


async def _beginning(response: Response) -> bytes:
    body = bytearray()
    try:
        async for chunk in response.chunks():
            body += chunk
            if len(body) >= _MOST_OF_AN_ERROR:
                break
    except (ServerFault, TooSlow):  # the status has said no already
        return b""
    return bytes(body)


def _parsed(body: bytes) -> Json:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ServerFault("an answer that is no JSON") from error
    if not isinstance(answer, dict):
        raise ServerFault("an answer that is no object")
    return answer
