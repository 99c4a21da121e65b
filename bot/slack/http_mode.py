"""HTTP mode: signed requests that Slack sends, verified by Bolt."""

from time import perf_counter

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.core.errors import ChatError
from bot.slack.manifest import PATH
from bot.slack.meter import UNMETERED, Meter

_CLOSE_SECONDS = 3.0
_OK = 200


class HttpMode:
    """A way in at `host` and `port`; port 0 takes a free one, which `port` then is."""

    def __init__(self, app: AsyncApp, host: str, port: int, meter: Meter = UNMETERED) -> None:
        self._app = app
        self._meter = meter
        self._host = host
        self.port = port
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen, or raise `ChatError`."""
        site = web.Application()
        site.add_routes([web.post(PATH, self._take)])
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=_CLOSE_SECONDS)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self.port).start()
        except OSError as error:
            raise ChatError(f"cannot listen on {self._host}:{self.port}: {error.strerror}") from error
        self.port = self._runner.addresses[0][1]

    def age(self) -> float:
        """Return 0: nothing tells how long ago Slack could have been heard."""
        return 0.0

    def connected(self) -> bool:
        """Return whether it listens."""
        return self._runner is not None

    async def close(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _take(self, request: web.Request) -> web.Response:
        began = perf_counter()
        try:
            asked = await to_bolt_request(request)
        except (LookupError, ValueError):  # not text in any encoding, so not Slack's
            return web.Response(status=400)
        answer = await to_aiohttp_response(await self._app.async_dispatch(asked))
        if answer.status == _OK:  # nothing is told of what was not signed by Slack
            self._meter.acknowledged(perf_counter() - began)
        return answer
