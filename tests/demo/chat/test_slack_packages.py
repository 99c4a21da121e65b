"""slack_sdk and slack_bolt, unmodified, against the server: what it is for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.resources import Json
from bot.demo.chat.deliveries import Outcome
from bot.demo.chat.server import ChatServer

BLOCKS: list[Json] = [
    {
        "type": "actions",
        "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go", "value": "v"}],
    }
]


@asynccontextmanager
async def socket_mode(server: ChatServer, app: AsyncApp, ping_interval: float = 10) -> AsyncIterator[None]:
    """Connect an app by Socket Mode."""
    before = len(server.sockets.connections)
    handler = AsyncSocketModeHandler(app, server.workspace.app.app_token, ping_interval=ping_interval)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's own
    await server.driver.wait_for(lambda: len(server.sockets.connections) > before)
    yield
    await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's own


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    """Return an app that answers a command, a mention and a press."""
    app = AsyncApp(client=client, signing_secret="unused")

    @app.command("/pod")
    async def command(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await ack()
        await respond(text=f"you said {body['text']}", blocks=BLOCKS)

    @app.event("app_mention")
    async def mention(event: dict[str, Any], client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="yes?", blocks=BLOCKS)

    @app.action("go")
    async def press(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await ack()
        await respond(text=f"{body['user']['id']} pressed {body['actions'][0]['value']}", replace_original=True)

    return app


async def test_a_command_and_its_ephemeral_button(server: ChatServer, app: AsyncApp) -> None:
    """A command is acknowledged and answered to the asker, whose press then replaces the answer."""
    async with socket_mode(server, app):
        delivery = await server.driver.slash("U0ALICE", "C0TEAM", "list")
        assert delivery.outcome is Outcome.ACKNOWLEDGED
        (answer,) = await server.driver.wait_for(lambda: server.driver.messages("C0TEAM"))
        assert (answer.text, answer.only_for) == ("you said list", "U0ALICE")

        assert (await server.driver.press("U0ALICE", answer, "go")).acknowledged
        await server.driver.wait_for(lambda: server.driver.messages("C0TEAM")[0].text == "U0ALICE pressed v")


async def test_a_mention_and_its_public_button(server: ChatServer, app: AsyncApp) -> None:
    """A mention is answered in its thread, and anybody's press replaces the answer."""
    async with socket_mode(server, app):
        delivery = await server.driver.mention("U0ALICE", "C0TEAM", "hello")
        thread = delivery.payload["event"]["ts"]
        (answer,) = await server.driver.wait_for(lambda: server.driver.messages("C0TEAM", thread=thread))
        assert (answer.text, answer.only_for) == ("yes?", "")

        await server.driver.press("U0BOB", answer, "go")
        await server.driver.wait_for(lambda: server.driver.messages("C0TEAM")[-1].text == "U0BOB pressed v")


async def test_two_connections_share_the_work(server: ChatServer, client: AsyncWebClient) -> None:
    """Of two connected apps each gets half of the commands, and each command is answered once."""
    async with AsyncExitStack() as stack:
        for name in ("one", "two"):
            await stack.enter_async_context(socket_mode(server, named(name, client)))
        await asyncio.gather(*(server.driver.slash("U0ALICE", "C0TEAM", str(index)) for index in range(6)))
        await server.driver.wait_for(lambda: len(server.driver.messages("C0TEAM")) == 6)
    answers = [message.text for message in server.driver.messages("C0TEAM")]
    assert sorted(answers) == ["one"] * 3 + ["two"] * 3


def named(name: str, client: AsyncWebClient) -> AsyncApp:
    """Make an app that acknowledges a command with its own name."""
    app = AsyncApp(client=client, signing_secret="unused")

    @app.command("/pod")
    async def command(ack: AsyncAck) -> None:
        await ack(name)

    return app


async def test_a_slow_acknowledgement_runs_all_the_same(server: ChatServer, client: AsyncWebClient) -> None:
    """A command acknowledged too late is operation_timeout for its asker, though the app still works on it."""
    server.driver.patience = 0.05
    app, told = AsyncApp(client=client, signing_secret="unused"), asyncio.Event()

    @app.command("/pod")
    async def command(ack: AsyncAck, respond: AsyncRespond) -> None:
        await told.wait()
        await ack()
        await respond("done anyway")

    async with socket_mode(server, app):
        assert (await server.driver.slash("U0ALICE", "C0TEAM", "list")).outcome is Outcome.TIMED_OUT
        told.set()
        await server.driver.wait_for(lambda: len(server.driver.messages("C0TEAM")) == 2)
    errors = [(message.error, message.text) for message in server.driver.messages("C0TEAM")]
    assert errors == [
        ("operation_timeout", "/pod failed with the error “operation_timeout”"),
        ("", "done anyway"),
    ]


@pytest.mark.parametrize("how", ["dropped", "warned"])
async def test_bolt_connects_again(server: ChatServer, app: AsyncApp, how: str) -> None:
    """Bolt opens a new connection where the old one was cut, or said that it would end."""
    async with socket_mode(server, app, ping_interval=0.1):
        (old,) = server.sockets.connections
        if how == "dropped":
            old.drop()
        else:
            await old.announce_end("refresh_requested")
        await server.driver.wait_for(lambda: server.sockets.connections and old not in server.sockets.connections)
        assert (await server.driver.slash("U0ALICE", "C0TEAM", "list")).acknowledged


async def test_bolt_leaves_a_frozen_connection(server: ChatServer, app: AsyncApp) -> None:
    """Bolt notices that pings are not answered any more, and opens a new connection."""
    async with socket_mode(server, app, ping_interval=0.1):
        (old,) = server.sockets.connections
        old.frozen = True
        await server.driver.wait_for(lambda: any(one is not old for one in server.sockets.connections), timeout=10)


async def test_the_rate_limit_handler_tries_again(server: ChatServer, client: AsyncWebClient) -> None:
    """slack_sdk's own handler waits as long as a 429 says, and posts once."""
    client.retry_handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
    server.fail("chat.postMessage", retry_after=0)
    await client.chat_postMessage(channel="C0TEAM", text="hi")
    assert [call.status for call in server.calls("chat.postMessage")] == [429, 200]
    assert [message.text for message in server.driver.messages("C0TEAM")] == ["hi"]


async def test_the_synchronous_client_works_in_a_thread(server: ChatServer) -> None:
    """slack_sdk's WebClient posts and uploads, too."""
    client = WebClient(token=server.workspace.app.bot_token, base_url=server.base_url)
    await asyncio.to_thread(client.chat_postMessage, channel="C0TEAM", text="hi", blocks=BLOCKS)
    await asyncio.to_thread(
        client.files_upload_v2, channel="C0TEAM", filename="a.log", content="x", request_file_info=False
    )
    assert [message.text for message in server.driver.messages("C0TEAM")] == ["hi", ""]
    assert [file.text for file in server.driver.files("C0TEAM")] == ["x"]
