"""Answers through a command's or a press' `response_url`: five uses in thirty minutes, counted here.

Source: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses.
"""

import json
from collections import OrderedDict
from datetime import datetime, timedelta

from aiohttp import ClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.asks import Ask
from bot.core.errors import ChatError
from bot.core.ports import Clock
from bot.core.reading import mapping, text
from bot.core.resources import Json
from bot.slack.calls import refusal, silence
from bot.slack.meter import UNMETERED, Meter, metered

USES = 5
LIFE = timedelta(minutes=30)

_OK = 200
_MOST_READ = 4096


class ResponseUrls:
    """Posts to response URLs, over the Web API client's own session and proxy."""

    def __init__(self, client: AsyncWebClient, clock: Clock, meter: Meter = UNMETERED) -> None:
        self._client = client
        self._clock = clock
        self._meter = meter
        self._uses: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    async def post(self, ask: Ask, message: Json) -> None:
        """Post `message` for the asker; raise `ChatError` where the URL is used up, expired or refuses."""
        self._count(ask)
        with metered(self._meter, "response_url"):
            try:
                status, body = await self._send(ask.response_url, message)
            except (ClientError, OSError) as error:
                raise silence(error) from error
            if status != _OK or not (body == "ok" or _parsed(body).get("ok") is True):
                raise refusal(text(_parsed(body).get("error")) or body)

    async def _send(self, url: str, message: Json) -> tuple[int, str]:
        if self._client.session is None:
            raise ChatError("the connection to Slack is not open")
        posted = self._client.session.post(url, json=message, proxy=self._client.proxy, allow_redirects=False)
        async with posted as response:
            return response.status, (await response.content.read(_MOST_READ)).decode(errors="replace").strip()

    def _count(self, ask: Ask) -> None:
        now = self._clock.now()
        while self._uses and now - next(iter(self._uses.values()))[0] >= LIFE:
            self._uses.popitem(last=False)
        since, uses = self._uses.get(ask.response_url, (ask.received, 0))
        if now - since >= LIFE:
            raise refusal("expired_url")
        if uses >= USES:
            raise refusal("used_url")
        self._uses[ask.response_url] = (since, uses + 1)


def _parsed(body: str) -> Json:
    try:
        return mapping(json.loads(body))
    except ValueError:
        return {}
