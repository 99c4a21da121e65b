"""A whole room, started, and what stands in for the line of a command behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.core.asks import Ask
from bot.core.ports import Clock
from bot.demo.chat.bell import Bell
from bot.demo.chat.server import ChatServer
from bot.slack.bolt import Checked
from bot.slack.meter import UNMETERED, Meter
from bot.slack.room import Slack


class Asked:
    """Keeps every ask; with `hold` set it ends none until `let_go`; `wrong` is what it says to a form that is sent."""

    def __init__(self) -> None:
        self.asks: list[Ask] = []
        self.away: list[Ask] = []
        self.cancelled: list[Ask] = []
        self.hold = False
        self.wrong: Checked | None = None
        self._let_go = asyncio.Event()
        self._bell = Bell()

    async def handle(self, ask: Ask) -> None:
        """Take an ask, and end it when the test says so."""
        self.asks.append(ask)
        self._bell.ring()
        try:
            if self.hold:
                await self._let_go.wait()
        except asyncio.CancelledError:
            self.cancelled.append(ask)

    def check(self, ask: Ask) -> Checked:
        """Take a form that was sent, or say what is wrong with it."""
        return ask if self.wrong is None else self.wrong

    async def turn_away(self, ask: Ask) -> None:
        """Take note of an ask that was turned away."""
        self.away.append(ask)
        self._bell.ring()

    def let_go(self) -> None:
        """End what is held."""
        self._let_go.set()

    async def heard(self, count: int = 1) -> list[Ask]:
        """Wait for so many asks, handled or turned away, and return those handled."""
        await self._bell.until(lambda: len(self.asks) + len(self.away) >= count, 5)
        return self.asks


@asynccontextmanager
async def running(server: ChatServer, clock: Clock, asked: Asked, **options: Any) -> AsyncIterator[Slack]:
    """Run a room in Socket Mode, connected."""
    app, before = server.workspace.app, len(server.sockets.connections)
    slack = Slack(bot_token=app.bot_token, app_token=app.app_token, base_url=server.base_url, clock=clock, **options)
    try:
        await slack.start(asked.handle, asked.turn_away, asked.check)
        await server.driver.wait_for(lambda: len(server.sockets.connections) > before)
        yield slack
    finally:
        asked.let_go()
        await slack.drain(1)
        await slack.close()


@asynccontextmanager
async def listening(
    server: ChatServer, clock: Clock, asked: Asked, secret: str = "", meter: Meter = UNMETERED
) -> AsyncIterator[Slack]:
    """Run a room in HTTP mode, to which the server posts, signing with `secret`."""
    app = server.workspace.app
    slack = Slack(
        bot_token=app.bot_token,
        signing_secret=app.signing_secret,
        base_url=server.base_url,
        clock=clock,
        port=0,
        meter=meter,
    )
    try:
        await slack.start(asked.handle, asked.turn_away, asked.check)
        server.post_to(f"http://127.0.0.1:{slack.port}/slack/events", secret=secret)
        yield slack
    finally:
        await slack.drain(1)
        await slack.close()
