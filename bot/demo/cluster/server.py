"""The simulated cluster served over HTTP on this machine, for podbot as it is and for anybody's Kubernetes client."""

import asyncio
from collections.abc import Iterable
from contextlib import aclosing, suppress
from types import TracebackType
from typing import Final, Self

from aiohttp import WSCloseCode, web

from bot.core.wire import Request
from bot.demo.cluster.answers import Answer, Session
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.status import too_large
from bot.demo.cluster.transport import SimulatedResponse, SimulatedSocket
from bot.demo.loopback import dated, programs_only

_LARGEST_BODY: Final = 3 * 1024 * 1024  # the API server's own
_SHUTDOWN: Final = 1.0
_HOP_BY_HOP: Final = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive"})


class ClusterServer:
    """A simulated cluster at `url`, for `async with`; `port` 0 takes a free one. It listens on 127.0.0.1 alone."""

    def __init__(self, simulation: Simulation, *, port: int = 0) -> None:
        self._simulation = simulation
        self._port = port
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[programs_only])
        app.router.add_route("*", "/{path:.*}", self._serve)
        app.on_response_prepare.append(dated(lambda: self._simulation.clock.now()))  # noqa: PLW0108  # of the clock that it has then
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        try:
            read = await _read(request)
        except web.HTTPRequestEntityTooLarge:
            return await self._send(request, too_large(_LARGEST_BODY).answer())
        given = self._simulation.respond(read)
        if given.session is not None:
            return await self._hold(request, given.session)
        return await self._send(request, given)

    async def _send(self, request: web.Request, given: Answer) -> web.StreamResponse:
        headers = [("Content-Type", given.content), *_kept(given.headers)]
        if given.stream is None:
            response = web.Response(body=given.body, status=given.status)
            response.headers.update(headers)
            return response
        streamed = web.StreamResponse(status=given.status)
        streamed.headers.update(headers)
        await streamed.prepare(request)
        with suppress(ConnectionError):  # whoever asked has heard enough
            async for chunk in SimulatedResponse(self._simulation, given).chunks():
                await streamed.write(chunk)
        return streamed

    async def _hold(self, request: web.Request, session: Session) -> web.StreamResponse:
        """Play a command's session; it ends early where the other end hangs up."""
        offered = request.headers.get("Sec-WebSocket-Protocol", "")
        socket = web.WebSocketResponse(protocols=[one.strip() for one in offered.split(",") if one.strip()])
        await socket.prepare(request)
        playing = asyncio.ensure_future(_play(SimulatedSocket(self._simulation, session), socket))
        hearing = asyncio.ensure_future(_hear(socket))
        try:
            await asyncio.wait((playing, hearing), return_when=asyncio.FIRST_COMPLETED)
        finally:  # also where the connection is gone, which cancels this handler
            for task in (playing, hearing):
                task.cancel()
            await asyncio.gather(playing, hearing, return_exceptions=True)
        await socket.close(code=WSCloseCode.OK)
        return socket


async def _read(request: web.Request) -> Request:
    return Request(
        method=request.method,
        path=request.rel_url.raw_path,
        query=tuple(request.query.items()),
        headers=tuple(request.headers.items()),
        body=await request.read(),
    )


def _kept(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]


async def _play(session: SimulatedSocket, socket: web.WebSocketResponse) -> None:
    async with aclosing(session.frames()) as frames:  # type: ignore[type-var]  # an async generator behind an iterator's type
        async for frame in frames:
            await socket.send_bytes(frame)


async def _hear(socket: web.WebSocketResponse) -> None:
    """Read to the end; no program here reads its input."""
    async for _ in socket:
        pass
