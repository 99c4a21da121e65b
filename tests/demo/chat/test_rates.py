"""Rate limits, where a server is asked to have them."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.arguments import Arguments
from bot.demo.chat.methods import METHODS
from bot.demo.chat.rates import SLACKS, Rate, Rates
from bot.demo.chat.server import ChatServer
from tests.demo.chat.clocks import HandClock


@pytest.fixture
async def strict(clock: HandClock) -> AsyncIterator[ChatServer]:
    """Run a server with Slack's own limits."""
    async with ChatServer(clock, limits=SLACKS) as server:
        yield server


async def posted(server: ChatServer, channel: str) -> str:
    """Post, and return the status, with word and Retry-After of a refusal."""
    client = AsyncWebClient(token=server.workspace.app.bot_token, base_url=server.base_url)
    try:
        told = await client.chat_postMessage(channel=channel, text="hi")
    except SlackApiError as error:
        return f"{error.response.status_code} {error.response['error']} {error.response.headers['Retry-After']}"
    return str(told.status_code)


async def test_one_message_a_second_a_channel(strict: ChatServer, clock: HandClock) -> None:
    """A second message within a second is a 429 for its channel alone, is not posted, and goes a second later."""
    assert [await posted(strict, "C0TEAM"), await posted(strict, "C0TEAM")] == ["200", "429 ratelimited 1"]
    assert await posted(strict, "C0ONCALL") == "200"
    assert len(strict.driver.messages("C0TEAM")) == 1
    clock.advance(seconds=1)
    assert await posted(strict, "C0TEAM") == "200"


async def test_nothing_is_limited_unless_asked(server: ChatServer) -> None:
    """A server as the demo runs it takes what comes."""
    assert {await posted(server, "C0TEAM") for _ in range(20)} == {"200"}


def test_the_wait_ends_with_the_first_call(clock: HandClock) -> None:
    """The seconds to wait are those until the first of the counted calls is old enough."""
    rates = Rates(clock, {"auth.test": Rate(2, 60)})
    waits = []
    for _ in range(4):
        waits.append(rates.too_early("auth.test", Arguments({})))
        clock.advance(seconds=20.5)
    assert waits == [0, 0, 19, 0]


def test_limits_are_of_methods_that_are_here() -> None:
    """No rate is of a method that nobody can call."""
    assert SLACKS.keys() <= METHODS.keys()
