"""The HTTP side: the Web API, uploads and response URLs, each through the faults that a test planned."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments, read_arguments, read_json
from bot.demo.chat.errors import SlackError
from bot.demo.chat.faults import Fault
from bot.demo.chat.methods import call, scopes
from bot.demo.chat.methods.uploads import upload
from bot.demo.chat.responses import respond
from bot.demo.chat.state import Call, State

RESPONSE_URL = "response_url"
UPLOAD = "upload"
"""What calls and faults name the two endpoints that are no methods."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is sent: JSON, or plain text."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        """Turn it into HTTP."""
        if isinstance(self.body, str):
            return web.Response(text=self.body, status=self.status, headers=self.headers)
        return web.json_response(self.body, status=self.status, headers=self.headers)


class WebApi:
    """Handlers for the server's routes."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._closing = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        return [
            web.get("/api/{method}", self._method),
            web.post("/api/{method}", self._method),
            web.post("/upload/{file}", self._upload),
            web.post("/response/{key}", self._response),
        ]

    def close(self) -> None:
        """Let go of the calls that hang."""
        self._closing.set()

    async def _method(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            asked = await read_arguments(request)
        except SlackError as error:
            return _refusal(error).response()
        response = await self._serve(request, name, asked.values, lambda: self._called(name, asked))
        response.headers["x-oauth-scopes"] = scopes.header(self._state.workspace.app, asked.token)
        return response

    def _called(self, name: str, asked: Arguments) -> Answer:
        seconds = self._state.rates.too_early(name, asked)
        return _rate_limited(seconds) if seconds else Answer(call(self._state, name, asked))

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        file, content = request.match_info["file"], await request.read()
        noted = {"file": file, "length": len(content)}
        return await self._serve(request, UPLOAD, noted, lambda: Answer(upload(self._state, file, content)))

    async def _response(self, request: web.Request) -> web.StreamResponse:
        try:
            said = await read_json(request)
        except SlackError as error:
            return _refusal(error).response()
        key = request.match_info["key"]
        return await self._serve(request, RESPONSE_URL, said, lambda: self._respond(key, said))

    def _respond(self, key: str, said: Json) -> Answer:
        try:
            url = self._state.urls.use(key)
        except SlackError as error:
            return Answer(_refusal(error).body, status=404)
        respond(self._state, url, Arguments(said))
        return Answer({"ok": True} if url.pressed else "ok")

    async def _serve(
        self, request: web.Request, name: str, noted: Json, work: Callable[[], Answer]
    ) -> web.StreamResponse:
        """Do the work, or what a planned fault makes of it, and note the call."""
        fault = self._state.faults.take(name)
        answer = _attempt(work) if fault is None or fault.late else Answer("")
        if fault is not None and (fault.hang or fault.drop):
            self._state.record(Call(name, noted))
            return await self._cut(request, fault)
        if fault is not None:
            answer = _faulty(fault)
        self._state.record(Call(name, noted, answer.status, answer.body))
        return answer.response()

    async def _cut(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        """End the connection without an answer, at once or when the server stops."""
        if fault.hang:
            await self._closing.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _attempt(work: Callable[[], Answer]) -> Answer:
    try:
        return work()
    except SlackError as error:
        return _refusal(error)


def _refusal(error: SlackError) -> Answer:
    body: Json = {"ok": False, "error": error.code, **error.more}
    if error.details:
        bare = [detail.removeprefix("[ERROR] ") for detail in error.details]
        body |= {"errors": bare, "response_metadata": {"messages": list(error.details)}}
    return Answer(body)


def _faulty(fault: Fault) -> Answer:
    if fault.retry_after is not None:
        return _rate_limited(fault.retry_after, fault.error)
    return Answer({"ok": False, "error": fault.error or "internal_error"}, fault.status)


def _rate_limited(seconds: int, error: str = "") -> Answer:
    return Answer({"ok": False, "error": error or "ratelimited"}, 429, {"Retry-After": str(seconds)})
