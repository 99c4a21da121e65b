"""The server, running, and this room's own parts for it."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.server import ChatServer
from bot.slack.client import new_session, web_client
from bot.slack.outbound import SlackChat
from tests.slack.clocks import PatientClock
from tests.slack.rooms import Asked


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's proxy out."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> PatientClock:
    """Return the clock of the server and of the room."""
    return PatientClock()


@pytest.fixture
async def server(clock: PatientClock) -> AsyncIterator[ChatServer]:
    """Run a server."""
    async with ChatServer(clock) as server:
        yield server


@pytest.fixture
async def client(server: ChatServer, clock: PatientClock) -> AsyncIterator[AsyncWebClient]:
    """Return this room's client of the server, with the bot's token."""
    client = web_client(server.base_url, clock, server.workspace.app.bot_token)
    client.session = new_session()
    yield client
    await client.session.close()


@pytest.fixture
def chat(client: AsyncWebClient, clock: PatientClock) -> SlackChat:
    """Return the port under test."""
    return SlackChat(client, clock)


@pytest.fixture
def asked() -> Asked:
    """Return what stands in for the line of a command."""
    return Asked()
