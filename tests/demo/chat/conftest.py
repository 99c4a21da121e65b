"""The server, running, and Slack's own client for it."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.server import ChatServer
from bot.demo.chat.state import State
from bot.demo.chat.workspace import acme
from tests.demo.chat.clocks import HandClock


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a proxy, which would be used for 127.0.0.1 too, and OAuth out of Slack's packages."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> HandClock:
    """Return the clock of the state and the server."""
    return HandClock()


@pytest.fixture
def state(clock: HandClock) -> State:
    """Return what a server knows, without a server."""
    return State(acme(), clock, origin="http://127.0.0.1:1")


@pytest.fixture
async def server(clock: HandClock) -> AsyncIterator[ChatServer]:
    """Run a server."""
    async with ChatServer(clock) as server:
        yield server


@pytest.fixture
def client(server: ChatServer) -> AsyncWebClient:
    """Return Slack's own client of the server, with the bot's token."""
    return AsyncWebClient(token=server.workspace.app.bot_token, base_url=server.base_url)
