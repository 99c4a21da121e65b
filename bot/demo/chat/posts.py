"""HTTP mode: signed requests to the app's request URL."""

import json
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession

from bot.core.resources import Json
from bot.demo.chat.deliveries import Delivery, Kind
from bot.demo.chat.errors import SlackError
from bot.demo.chat.signatures import sign
from bot.demo.chat.state import State

FORM = "application/x-www-form-urlencoded"


class Posts:
    """A courier that POSTs to `url`; `secret` signs, and a test may make it the wrong one."""

    def __init__(self, state: State, url: str, secret: str = "") -> None:
        self._state = state
        self.url = url
        self.secret = secret or state.workspace.app.signing_secret

    async def carry(self, delivery: Delivery) -> Json:
        """Send one request; any 2xx acknowledges, and a body may come with it."""
        kind, body = _body(delivery)
        try:
            async with (
                ClientSession() as session,
                session.post(self.url, data=body.encode(), headers=self._headers(delivery, kind, body)) as response,
            ):
                if not response.ok:
                    raise SlackError("dispatch_failed")
                return _answer(await response.text(), response.content_type)
        except ClientError as error:
            raise SlackError("dispatch_failed") from error

    def _headers(self, delivery: Delivery, kind: str, body: str) -> dict[str, str]:
        timestamp = str(int(self._state.clock.now().timestamp()))
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self.secret, timestamp, body),
        }
        if delivery.retry:
            headers |= {"X-Slack-Retry-Num": str(delivery.retry), "X-Slack-Retry-Reason": delivery.retry_reason}
        return headers


def _body(delivery: Delivery) -> tuple[str, str]:
    if delivery.kind is Kind.COMMAND:
        return FORM, urlencode(delivery.payload)
    if delivery.kind is Kind.ACTION:
        return FORM, urlencode({"payload": json.dumps(delivery.payload)})
    return "application/json", json.dumps(delivery.payload)


def _answer(body: str, kind: str) -> Json:
    if kind == "application/json" and body:
        answer = json.loads(body)
        return answer if isinstance(answer, dict) else {}
    return {"text": body} if body else {}
