"""A local server that answers as a test says, and writes down what came."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

from aiohttp import web
from kubernetes.aio.client import Configuration

from bot.kube.network import NetworkTransport

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

TOKEN = "own-token"


@dataclass(slots=True)
class Server:
    """What came (`requests`, with `bodies`), and what to answer, one handler a request."""

    url: str = ""
    answers: list[Handler] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer with the next handler; a request that no test expected is a 599."""
        self.requests.append(request)
        self.bodies.append(await request.read())
        return await self.answers.pop(0)(request) if self.answers else web.Response(status=599)

    def says(self, *answers: Handler) -> None:
        """Add what to answer next."""
        self.answers += answers


@asynccontextmanager
async def serving(tls: SSLContext | None = None) -> AsyncIterator[Server]:
    """Serve on loopback, at any free port."""
    server = Server()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        server.url = f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def reaching(url: str, **settings: Any) -> AsyncIterator[NetworkTransport]:
    """Open a transport to a server, with the bot's own token and further settings of the package's configuration."""
    configuration = Configuration(host=url, api_key={"BearerToken": f"Bearer {TOKEN}"})
    for name, value in settings.items():
        setattr(configuration, name, value)
    transport = NetworkTransport(configuration)
    try:
        yield transport
    finally:
        await transport.close()


def text(body: str | bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None) -> Handler:
    """Answer with a body as it is."""

    async def answer(_request: web.Request) -> web.Response:
        content = body.encode() if isinstance(body, str) else body
        return web.Response(body=content, status=status, headers=headers)

    return answer


def json(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Handler:
    """Answer with JSON."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response(body, status=status, headers=headers)

    return answer


def status(code: int, reason: str = "", message: str = "", **details: Any) -> Handler:
    """Answer with a `Status` object."""
    body = {"kind": "Status", "status": "Failure", "code": code, "reason": reason, "message": message}
    return json({**body, "details": details}, code)


async def drop(request: web.Request) -> web.Response:
    """Hang up without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def hang(_request: web.Request) -> web.Response:
    """Never answer."""
    await asyncio.Event().wait()
    return web.Response()


def cut(content: bytes, code: int = 200) -> Handler:
    """Answer with the beginning of a longer body, and hang up."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = await _begin(request, content, code)
        assert request.transport is not None
        request.transport.close()
        return response

    return answer


async def stall(request: web.Request) -> web.StreamResponse:
    """Answer with the beginning of a longer body, and never go on."""
    response = await _begin(request, b"a", 200)
    await asyncio.Event().wait()
    return response


async def _begin(request: web.Request, content: bytes, code: int) -> web.StreamResponse:
    response = web.StreamResponse(status=code, headers={"Content-Length": str(len(content) + 100)})
    await response.prepare(request)
    await response.write(content)
    return response


def stream(*chunks: bytes) -> Handler:
    """Answer with a body in chunks."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for chunk in chunks:
            await response.write(chunk)
        return response

    return answer


def frames(*content: bytes | str) -> Handler:
    """Open a websocket, send frames, and close it."""

    async def answer(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(protocols=("v5.channel.k8s.io",))
        await socket.prepare(request)
        for frame in content:
            await (socket.send_str(frame) if isinstance(frame, str) else socket.send_bytes(frame))
        await socket.close()
        return socket

    return answer
