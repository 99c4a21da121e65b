"""The server: one port on 127.0.0.1 that Slack's own packages talk to by `base_url` alone."""

from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.core.ports import Clock
from bot.demo.chat.deliveries import PATIENCE
from bot.demo.chat.driver import Driver
from bot.demo.chat.faults import Fault
from bot.demo.chat.keeping import Keep
from bot.demo.chat.posts import Posts
from bot.demo.chat.rates import Rate
from bot.demo.chat.sockets import Sockets
from bot.demo.chat.state import Call, State
from bot.demo.chat.web_api import WebApi
from bot.demo.chat.workspace import Workspace, acme
from bot.demo.loopback import dated, programs_only

_LARGEST_BODY = 64 * 1024 * 1024
_SHUTDOWN_TIME = 1.0


class ChatServer:
    """A Slack of one workspace, for `async with`; `driver` plays its people.

    `clock` gives messages their `ts`, ends response URLs and dates signatures. `patience` is how many real seconds an
    acknowledgement may take. `port` 0 takes a free one. `keep` bounds what piles up. There are no rate limits but those
    in `limits`; `rates.SLACKS` are Slack's own.
    """

    def __init__(
        self,
        clock: Clock,
        workspace: Workspace | None = None,
        *,
        patience: float = PATIENCE,
        port: int = 0,
        keep: Keep | None = None,
        limits: Mapping[str, Rate] | None = None,
    ) -> None:
        self.state = State(workspace or acme(), clock, keep=keep or Keep(), limits=limits or {})
        self.sockets = Sockets(self.state)
        self.driver = Driver(self.state, self.sockets, patience)
        self._port = port
        self._api = WebApi(self.state)
        self._runner: web.AppRunner | None = None

    @property
    def workspace(self) -> Workspace:
        """Who and what there is; may be changed at any time."""
        return self.state.workspace

    @property
    def base_url(self) -> str:
        """What to give to Slack's packages as `base_url`."""
        return f"{self.state.origin}/api/"

    @property
    def unknown_methods(self) -> tuple[str, ...]:
        """The methods that were called and do not exist here, in order."""
        return tuple(self.state.unknown_methods)

    def calls(self, method: str = "") -> tuple[Call, ...]:
        """Return the calls that came in, or those of one method; `response_url` and `upload` count as methods."""
        return tuple(made for made in self.state.calls if method in ("", made.method))

    def fail(
        self,
        method: str,
        *,
        error: str = "",
        status: int = 200,
        retry_after: int | None = None,
        times: int = 1,
        drop: bool = False,
        hang: bool = False,
        late: bool = False,
    ) -> None:
        """Make the next calls of a method go wrong; see `Fault`."""
        fault = Fault(method, error, status, retry_after, times, drop=drop, hang=hang, late=late)
        self.state.faults.plan(fault)

    def expire_response_urls(self) -> None:
        """End the life of every response URL handed out so far."""
        self.state.urls.expire()

    def expire_triggers(self) -> None:
        """Let every trigger be too old from now on."""
        self.state.triggers.life = timedelta(0)

    def post_to(self, url: str, *, secret: str = "") -> None:
        """Send payloads by signed requests to `url` from now on, instead of Socket Mode."""
        self.driver.courier = Posts(self.state, url, secret)

    async def start(self) -> None:
        """Listen."""
        app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[programs_only])
        app.add_routes([*self._api.routes(), web.get("/link/", self.sockets.accept)])
        app.on_response_prepare.append(dated(lambda: self.state.clock.now()))  # noqa: PLW0108  # of the clock that it has then
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_TIME, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.state.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close every connection."""
        self._api.close()
        await self.sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
