"""An HTTP server of its own for whoever runs podbot: /healthz, /readyz, /metrics. It reads, and changes nothing.

What may not be here: anything of Slack or Kubernetes, and a probe that asks either: it would fail with them.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from aiohttp import web

from bot.core.errors import PodbotError
from bot.core.readiness import Condition, stuck, unready
from bot.core.vitals import Server

logger = logging.getLogger("podbot")

BEAT_SECONDS = 1.0
_CLOSE_SECONDS = 1.0
_UNAVAILABLE = 503

Page = Callable[[str], tuple[bytes, str]]


class Pulse:
    """The loop's heartbeat, and what looks at the API server in the background find; `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.lag = 0.0
        self._clock = clock
        self._server = Server()
        self._beaten = self._answered = clock()

    @property
    def unanswered(self) -> float:
        """The seconds since the API server last answered as it should."""
        return self._clock() - self._answered

    def beat(self) -> None:
        """Take note that the loop runs."""
        now = self._clock()
        self.lag = max(0.0, now - self._beaten - BEAT_SECONDS)
        self._beaten = now

    def looked(self, server: Server) -> None:
        """Take note of what a look at the API server has found."""
        self._server = server
        if not server.trouble:
            self._answered = self._clock()

    def of(self, condition: Condition) -> Condition:
        """Return a condition with what is known here."""
        beat = self._clock() - self._beaten
        return replace(condition, beat=beat, server=self._server, unanswered=self.unanswered)

    async def beating(self) -> None:
        """Beat for ever."""
        while True:
            self.beat()
            await asyncio.sleep(BEAT_SECONDS)


class HealthServer:
    """Serves at `host` (empty is every address) and `port` (0 takes a free one, which `port` then is)."""

    def __init__(self, host: str, port: int, condition: Callable[[], Condition], patience: float, page: Page) -> None:
        self._host = host
        self.port = port
        self._condition = condition
        self._patience = patience
        self._page = page
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen, or raise `PodbotError`."""
        site = web.Application()
        site.add_routes(
            [
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._metrics),
            ]
        )
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=_CLOSE_SECONDS)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host or None, self.port).start()
        except OSError as error:
            where = f"{self._host}:{self.port}"
            raise PodbotError(f"cannot listen on {where} (PODBOT_HEALTH_ADDRESS): {error.strerror}") from error
        self.port = self._runner.addresses[0][1]
        logger.info("health and metrics are served at port %d", self.port)

    async def close(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _healthz(self, _: web.Request) -> web.Response:
        return _told("alive", stuck(self._condition()))

    async def _readyz(self, _: web.Request) -> web.Response:
        return _told("ready", unready(self._condition(), self._patience))

    async def _metrics(self, request: web.Request) -> web.Response:
        body, content_type = self._page(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})


def _told(good: str, reasons: tuple[str, ...]) -> web.Response:
    if not reasons:
        return web.Response(text=f"{good}\n")
    return web.Response(status=_UNAVAILABLE, text="".join(f"{reason}\n" for reason in reasons))
