"""The room as a whole: what `bot.app` starts, asks and stops."""

import secrets
from typing import Protocol

from slack_bolt.authorization import AuthorizeResult

from bot.core.ports import Clock
from bot.core.reading import text
from bot.core.resources import Json
from bot.core.vitals import Load, Way
from bot.slack.bolt import Check, build_app, listen
from bot.slack.calls import answer
from bot.slack.client import new_session, web_client
from bot.slack.http_mode import HttpMode
from bot.slack.inbound import Arrival
from bot.slack.inspection import Inspection
from bot.slack.meter import UNMETERED, Meter
from bot.slack.outbound import SlackChat
from bot.slack.socket_mode import SocketMode
from bot.slack.work import Handle, Work


class Door(Protocol):
    """A way in which Slack reaches podbot."""

    async def start(self) -> None:
        """Open it."""

    def age(self) -> float:
        """Return the seconds since Slack was last heard."""

    def connected(self) -> bool:
        """Return whether Slack can reach podbot, as far as this side knows."""

    async def close(self) -> None:
        """Close it."""


class Slack:
    """Slack, as podbot sees it: by Socket Mode where `app_token` is given, else by HTTP with `signing_secret`.

    `base_url` is the Web API's. `host` and `port` are for HTTP mode. At most `at_once` asks run, `waiting` more wait.
    """

    def __init__(
        self,
        *,
        bot_token: str,
        clock: Clock,
        app_token: str | None = None,
        signing_secret: str | None = None,
        base_url: str = "https://slack.com/api/",
        command: str = "/pod",
        host: str = "127.0.0.1",
        port: int = 3000,
        at_once: int = 20,
        waiting: int = 40,
        meter: Meter = UNMETERED,
    ) -> None:
        if not app_token and not signing_secret:
            raise ValueError("Slack needs an app token or a signing secret")
        self._app_token = app_token
        self._signing_secret = signing_secret or ""
        self._base_url = base_url
        self._command = command
        self._host, self._port = host, port
        self._at_once, self._waiting = at_once, waiting
        self._clock = clock
        self._meter = meter
        self._client = web_client(base_url, clock, bot_token, meter)
        self._work: Work | None = None
        self._door: Door | None = None
        self.chat = SlackChat(self._client, clock, meter)
        self.bot_user = ""
        """The id of podbot's own user, once started."""

    @property
    def port(self) -> int:
        """The port of HTTP mode, once started."""
        return self._door.port if isinstance(self._door, HttpMode) else 0

    async def start(self, handle: Handle, turn_away: Handle, check: Check) -> None:
        """Take asks from now on; raise `ChatError` where Slack refuses podbot. Close it in any case."""
        self._client.session = new_session()
        me = await answer(self._client.auth_test())
        self.bot_user = text(me.get("user_id"))
        self._work = Work(handle, turn_away, at_once=self._at_once, waiting=self._waiting)
        self._door = self._open(me, self._work, check)
        await self._door.start()

    @property
    def inspection(self) -> Inspection:
        """What Slack says of podbot, once started, by the room's own connections."""
        return Inspection(self._client)

    def way(self) -> Way:
        """Return how Slack reaches podbot."""
        if self._app_token:
            return Way("Socket Mode", self.connected(), self.socket_age())
        return Way("HTTP", self.connected())

    def load(self) -> Load:
        """Return how many asks run and wait."""
        return self._work.load() if self._work else Load()

    def socket_age(self) -> float:
        """Return the seconds since Slack was last heard; 0 in HTTP mode."""
        return self._door.age() if self._door else 0.0

    def connected(self) -> bool:
        """Return whether Slack can reach podbot, for readiness."""
        return self._door is not None and self._door.connected()

    async def drain(self, seconds: float) -> None:
        """Turn away what comes now, give the rest `seconds`, then break it off; each asker is told."""
        if self._work:
            await self._work.drain(seconds)

    async def close(self) -> None:
        """Close every connection; asks that still run can no longer answer."""
        if self._door:
            await self._door.close()
        if self._client.session:
            await self._client.session.close()

    def _open(self, me: Json, work: Work, check: Check) -> Door:
        client = web_client(self._base_url, self._clock, meter=self._meter)
        client.session = self._client.session
        result = AuthorizeResult(
            enterprise_id=None,
            team_id=text(me.get("team_id")),
            bot_user_id=self.bot_user,
            bot_id=text(me.get("bot_id")),
        )
        app = build_app(client, self._signing_secret, result)
        listen(app, self._command, self.bot_user, self._arrive, work.take, check)
        if self._app_token:
            return SocketMode(app, self._app_token, self._clock, self._meter)
        return HttpMode(app, self._host, self._port, self._meter)

    def _arrive(self) -> Arrival:
        return Arrival(secrets.token_hex(8), self._clock.now())
