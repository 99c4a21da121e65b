"""Socket Mode with two connections: slack_sdk's own client, and Bolt's."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.deliveries import Outcome
from bot.demo.chat.server import ChatServer
from bot.demo.chat.sockets import Connection

Start = Callable[[str], Awaitable[Connection]]


class Heard:
    """Which payload reached which connection, by the words of the command."""

    def __init__(self) -> None:
        self.words: list[tuple[str, str]] = []

    def by(self) -> Counter[str]:
        """Count the payloads by connection."""
        return Counter(name for name, _ in self.words)


@pytest.fixture
def heard() -> Heard:
    """Return what the connections heard."""
    return Heard()


@pytest.fixture(params=["slack_sdk", "bolt"])
async def start(
    request: pytest.FixtureRequest, server: ChatServer, client: AsyncWebClient, heard: Heard
) -> AsyncIterator[Start]:
    """Return what opens another connection, by name, with one of the two packages."""
    opened = {"slack_sdk": _sdk, "bolt": _bolt}[request.param]
    closing = []

    async def started(name: str) -> Connection:
        before = set(server.sockets.connections)
        connection = opened(name, server, client, heard)
        await connection.__aenter__()
        closing.append(connection)
        found = await server.driver.wait_for(lambda: set(server.sockets.connections) - before)
        return found.pop()

    yield started
    for one in closing:
        await one.__aexit__(None, None, None)


@asynccontextmanager
async def _sdk(name: str, server: ChatServer, client: AsyncWebClient, heard: Heard) -> AsyncIterator[None]:
    sockets = SocketModeClient(server.workspace.app.app_token, web_client=client, auto_reconnect_enabled=False)

    async def hear(socket: AsyncBaseSocketModeClient, asked: SocketModeRequest) -> None:
        heard.words.append((name, _words(asked.payload)))
        await socket.send_socket_mode_response(SocketModeResponse(asked.envelope_id, {"text": f"{name} heard"}))

    sockets.socket_mode_request_listeners.append(hear)
    await sockets.connect()  # type: ignore[no-untyped-call]  # slack_sdk's own
    yield
    await sockets.close()  # type: ignore[no-untyped-call]  # slack_sdk's own


@asynccontextmanager
async def _bolt(name: str, server: ChatServer, client: AsyncWebClient, heard: Heard) -> AsyncIterator[None]:
    app = AsyncApp(client=client, signing_secret="unused")

    @app.command("/pod")
    async def command(ack: AsyncAck, body: dict[str, Any]) -> None:
        heard.words.append((name, _words(body)))
        await ack(f"{name} heard")

    @app.event("app_mention")
    async def mention(body: dict[str, Any]) -> None:
        heard.words.append((name, _words(body)))

    handler = AsyncSocketModeHandler(app, server.workspace.app.app_token)
    handler.client.auto_reconnect_enabled = False
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's own
    yield
    await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's own


def _words(payload: dict[str, Any]) -> str:
    return str(payload["text"] if "text" in payload else payload["event"]["text"])


async def test_each_payload_goes_to_one(server: ChatServer, start: Start, heard: Heard) -> None:
    """Commands and mentions reach exactly one of two connections each, and both have their share."""
    for name in ("one", "two"):
        await start(name)
    commands = [server.driver.slash("U0ALICE", "C0TEAM", f"command {index}") for index in range(6)]
    mentions = [server.driver.mention("U0BOB", "C0TEAM", f"mention {index}") for index in range(6)]
    sent = await asyncio.gather(*commands, *mentions)
    assert {delivery.outcome for delivery in sent} == {Outcome.ACKNOWLEDGED}
    await server.driver.wait_for(lambda: len(heard.words) >= 12)
    assert sorted(words for _, words in heard.words) == sorted(
        [*(f"command {index}" for index in range(6)), *(f"<@U0PODBOT> mention {index}" for index in range(6))]
    )
    assert heard.by() == {"one": 6, "two": 6}
    answers = [message.text for message in server.driver.messages("C0TEAM") if message.only_for == "U0ALICE"]
    assert len(answers) == 6


async def test_the_other_takes_over(server: ChatServer, start: Start, heard: Heard) -> None:
    """Where one connection is cut, the other gets all that comes next; where both are, the asker is told."""
    one, two = [await start(name) for name in ("one", "two")]
    one.drop()
    sent = [await server.driver.slash("U0ALICE", "C0TEAM", str(index)) for index in range(4)]
    assert {delivery.outcome for delivery in sent} == {Outcome.ACKNOWLEDGED}
    assert heard.by() == {"two": 4}
    two.drop()
    assert (await server.driver.slash("U0ALICE", "C0TEAM", "last")).outcome is Outcome.FAILED
    assert server.driver.messages("C0TEAM")[-1].text == "/pod failed with the error “dispatch_failed”"


async def test_a_third_one_joins(server: ChatServer, start: Start, heard: Heard) -> None:
    """A connection that is opened later has its share as well."""
    for name in ("one", "two", "three"):
        await start(name)
    for index in range(6):
        await server.driver.slash("U0ALICE", "C0TEAM", str(index))
    assert heard.by() == {"one": 2, "two": 2, "three": 2}
