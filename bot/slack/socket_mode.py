"""Socket Mode: one websocket that podbot opens, watched, and replaced when it falls silent."""

import asyncio
import logging
from contextlib import AsyncExitStack, suppress
from time import perf_counter

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.core.errors import ChatError
from bot.core.ports import Clock
from bot.core.reading import text
from bot.core.resources import Json
from bot.slack.calls import answer
from bot.slack.logs import package_logger
from bot.slack.meter import UNMETERED, Meter

logger = logging.getLogger("podbot.slack")

PING_SECONDS = 10.0
STALE_SECONDS = 60.0
"""The package reconnects after four pings without an answer; later than that, it has not managed to."""
WATCH_SECONDS = 5.0
_OPEN_SECONDS = 15.0
_CLOSE_SECONDS = 1.0


class SocketMode:
    """A way in that needs no address of its own.

    The package's sockets have gone stale in silence, and it tries a used-up address again for ever. So a silent one is
    replaced as a whole, by a new address. Source: https://github.com/slackapi/python-slack-sdk/issues/1110 and 1446.
    """

    def __init__(self, app: AsyncApp, app_token: str, clock: Clock, meter: Meter = UNMETERED) -> None:
        self._app = app
        self._app_token = app_token
        self._clock = clock
        self._meter = meter
        self._handler: AsyncSocketModeHandler | None = None
        self._watch: asyncio.Task[None] | None = None
        self._heard = 0.0

    async def start(self) -> None:
        """Connect, or raise `ChatError`."""
        self._handler = await self._open()
        self._watch = asyncio.create_task(self._watching(), name="watch the socket")

    def age(self) -> float:
        """Return the seconds since Slack was last heard."""
        last = self._handler.client.last_ping_pong_time if self._handler else None
        self._heard = max(self._heard, last or 0.0)
        return max(0.0, self._clock.now().timestamp() - self._heard)

    def connected(self) -> bool:
        """Return whether the websocket is open and was heard lately."""
        session = self._handler.client.current_session if self._handler else None
        return session is not None and not session.closed and self.age() < STALE_SECONDS

    async def close(self) -> None:
        """Close the websocket."""
        if self._watch:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        if self._handler:
            await _shut(self._handler)

    async def _open(self) -> AsyncSocketModeHandler:
        told = await answer(self._app.client.apps_connections_open(app_token=self._app_token))
        handler = _Handler(
            self._app, self._app_token, logger=package_logger(), web_client=self._app.client, ping_interval=PING_SECONDS
        )
        handler.meter = self._meter
        handler.client.message_listeners.append(self._hear)
        handler.client.proxy = self._app.client.proxy
        handler.client.wss_uri = text(told.get("url"))
        async with AsyncExitStack() as stack:
            stack.push_async_callback(_shut, handler)
            await _connect(handler)
            stack.pop_all()
        self._heard = self._clock.now().timestamp()
        return handler

    async def _hear(self, _client: AsyncBaseSocketModeClient, message: Json, _raw: str | None) -> None:
        """Take note of a message: each websocket begins with a hello."""
        if message.get("type") == "hello":
            self._meter.opened()
        else:
            self._heard = self._clock.now().timestamp()

    async def _watching(self) -> None:
        while True:
            await self._clock.sleep(WATCH_SECONDS)
            if (age := self.age()) >= STALE_SECONDS:
                logger.warning("Slack has been silent for %.0f s; another socket is opened", age)
                await self._replace()

    async def _replace(self) -> None:
        """Open another socket before the old one is given up; where that fails, try again at the next look."""
        old = self._handler
        try:
            self._handler = await self._open()
        except ChatError as error:
            logger.warning("no other socket could be opened: %s", error)
            return
        if old:
            await _shut(old)


class _Handler(AsyncSocketModeHandler):
    """Bolt's handler, of which `meter` is told how long each acknowledgement took."""

    meter: Meter = UNMETERED

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # Bolt's own
        """Have Bolt take a delivery and acknowledge it."""
        began = perf_counter()
        await super().handle(client, req)
        self.meter.acknowledged(perf_counter() - began)


async def _connect(handler: AsyncSocketModeHandler) -> None:
    """Connect; the package itself would try for ever."""
    try:
        async with asyncio.timeout(_OPEN_SECONDS):
            await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's own
    except TimeoutError as error:
        raise ChatError("the websocket to Slack does not open") from error


async def _shut(handler: AsyncSocketModeHandler) -> None:
    """Close a handler and wait for its tasks, which its own close does not, nor does that end on a dead socket."""
    client = handler.client
    client.closed, client.auto_reconnect_enabled = True, False
    tasks = [
        task
        for task in (client.current_session_monitor, client.message_receiver, client.message_processor)
        if task is not None
    ]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    with suppress(TimeoutError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await client.disconnect()  # type: ignore[no-untyped-call]  # the package's own
    await client.aiohttp_client_session.close()
