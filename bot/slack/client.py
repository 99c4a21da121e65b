"""The Web API client: pooled connections, podbot's own retries, and a proxy only where one is meant."""

from typing import Any

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.ports import Clock
from bot.slack.logs import package_logger
from bot.slack.meter import UNMETERED, Meter, metered
from bot.slack.retries import RateLimits, Reconnects
from config.proxies import proxy_for

SECONDS = 15
"""How long one call may take."""


class MeteredClient(AsyncWebClient):
    """The package's client, of which `meter` is told each call."""

    meter: Meter = UNMETERED

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        """Make a call; every method of the package goes this way."""
        with metered(self.meter, api_method):
            return await super().api_call(api_method, **arguments)


def web_client(base_url: str, clock: Clock, token: str | None = None, meter: Meter = UNMETERED) -> MeteredClient:
    """Return a client; it needs a session of `new_session` before it is used."""
    client = MeteredClient(
        token,
        base_url,
        timeout=SECONDS,
        logger=package_logger(),
        retry_handlers=[RateLimits(clock, meter=meter), Reconnects(clock)],
    )
    client.meter = meter
    client.proxy = proxy_for(base_url)  # the package would use the environment's for this machine itself, too
    return client


def new_session() -> ClientSession:
    """Return connections to share; they carry no token and keep no cookie."""
    return ClientSession(timeout=ClientTimeout(total=SECONDS), cookie_jar=DummyCookieJar())
