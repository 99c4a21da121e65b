"""slack_sdk's two webhook clients, unmodified, against response URLs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk import WebhookClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.resources import Json
from bot.demo.chat.messages import Draft
from bot.demo.chat.server import ChatServer
from tests.demo.chat.clocks import HandClock

BLOCKS: list[Json] = [{"type": "section", "text": {"type": "mrkdwn", "text": "*hi*"}}]

Send = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture(params=["async", "sync"])
def send(request: pytest.FixtureRequest) -> Send:
    """Return what says something by a URL with one of the clients, and returns status and body."""

    async def sent(url: str, **said: Any) -> tuple[int, str]:
        if request.param == "async":
            answer = await AsyncWebhookClient(url).send(**said)
            return answer.status_code, answer.body
        given = await asyncio.to_thread(WebhookClient(url).send, **said)
        return given.status_code, given.body

    return sent


async def commanded(server: ChatServer) -> str:
    """Have Alice type a command, which nobody hears, and return its response URL."""
    delivery = await server.driver.slash("U0ALICE", "C0TEAM", "list")
    return str(delivery.payload["response_url"])


def said(server: ChatServer) -> list[tuple[str, str]]:
    """Return what the app said in #team, and to whom alone."""
    return [(one.text, one.only_for) for one in server.driver.messages("C0TEAM") if one.bot]


async def test_a_command_is_answered(server: ChatServer, send: Send) -> None:
    """Text and blocks are for the asker alone, or for the channel where the app says so."""
    url = await commanded(server)
    assert await send(url, text="for you", blocks=BLOCKS) == (200, "ok")
    assert await send(url, text="for all", response_type="in_channel") == (200, "ok")
    assert said(server) == [("for you", "U0ALICE"), ("for all", "")]


async def test_five_uses_in_half_an_hour(server: ChatServer, clock: HandClock, send: Send) -> None:
    """The fifth use is the last one, and after half an hour there is none."""
    used, unused = await commanded(server), await commanded(server)
    answers = [await send(used, text="hi") for _ in range(6)]
    clock.advance(minutes=30)
    answers.append(await send(unused, text="hi"))
    assert answers[:5] == [(200, "ok")] * 5
    refused = ('{"ok": false, "error": "used_url"}', '{"ok": false, "error": "expired_url"}')
    assert answers[5:] == [(404, body) for body in refused]
    assert len(said(server)) == 5


async def test_a_whisper_is_replaced_and_deleted(server: ChatServer, send: Send) -> None:
    """An ephemeral message, which no method reaches, is replaced and deleted by the URL of a press on it."""
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go"}
    says = Draft("before", ({"type": "actions", "elements": [button]},))
    whispered = server.state.post(server.workspace.channel("C0TEAM"), says, only_for="U0ALICE")
    press = await server.driver.press("U0ALICE", whispered, "go")
    url = str(press.payload["response_url"])
    await send(url, text="after", replace_original=True)
    assert said(server) == [("after", "U0ALICE")]
    await send(url, delete_original=True)
    assert said(server) == []


async def test_blocks_are_checked(server: ChatServer, send: Send) -> None:
    """Blocks that Slack does not take are named in the body of a 200."""
    status, body = await send(await commanded(server), text="hi", blocks=[{"type": "header"}])
    assert (status, "missing required field: text [json-pointer:/blocks/0]" in body) == (200, True)
    assert said(server) == []
