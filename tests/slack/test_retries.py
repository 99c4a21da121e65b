"""When a call is made again."""

import asyncio

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import ChatError
from bot.demo.chat.server import ChatServer
from bot.slack.calls import answer
from bot.slack.client import new_session, web_client
from tests.demo.chat.clocks import HandClock
from tests.slack.clocks import PatientClock


async def test_waits_are_added_up(server: ChatServer, client: AsyncWebClient, clock: PatientClock) -> None:
    """A call that would wait more than 30 seconds in all gives up, with Slack's word for it."""
    server.fail("chat.postMessage", retry_after=20, times=2)
    call = asyncio.create_task(answer(client.chat_postMessage(channel="C0TEAM", text="hi")))
    await clock.until_asleep(20)
    clock.advance(20)
    with pytest.raises(ChatError) as caught:
        await call
    assert caught.value.code == "ratelimited"
    assert len(server.calls("chat.postMessage")) == 2


async def test_a_long_wait_is_not_begun(server: ChatServer, client: AsyncWebClient) -> None:
    """A 429 that asks for more than 30 seconds is an error at once."""
    server.fail("users.info", retry_after=31)
    with pytest.raises(ChatError, match="ratelimited"):
        await answer(client.users_info(user="U0ALICE"))


async def test_no_wait_at_all_is_a_second(server: ChatServer, client: AsyncWebClient, clock: PatientClock) -> None:
    """A 429 that asks for nothing is waited for a second each time, so that it cannot go on for ever."""
    server.fail("users.info", retry_after=0)
    call = asyncio.create_task(client.users_info(user="U0ALICE"))
    await clock.until_asleep(1)
    clock.advance(1)
    assert (await call)["ok"]


async def test_many_posts_take_their_turn(server: ChatServer) -> None:
    """Ten messages that Slack lets through one a second are all posted, each once."""
    clock = HandClock()
    client = web_client(server.base_url, clock, server.workspace.app.bot_token)
    async with new_session() as session:
        client.session = session
        server.fail("chat.postMessage", retry_after=1, times=25)
        await asyncio.gather(*(client.chat_postMessage(channel="C0TEAM", text=str(index)) for index in range(10)))
    assert sorted(message.text for message in server.driver.messages("C0TEAM")) == [str(index) for index in range(10)]


@pytest.mark.parametrize("method", ["users.info", "chat.update", "conversations.open"])
async def test_harmless_calls_are_repeated(
    server: ChatServer, client: AsyncWebClient, clock: PatientClock, method: str
) -> None:
    """A call that does no harm twice is made once more after a cut connection."""
    posted = await client.chat_postMessage(channel="C0TEAM", text="hi")
    server.fail(method, drop=True)
    arguments = {"user": "U0ALICE", "users": "U0ALICE", "channel": "C0TEAM", "ts": posted["ts"], "text": "hi"}
    call = asyncio.create_task(client.api_call(method, data=arguments))
    await clock.until_asleep(0.5)
    clock.advance(0.5)
    assert (await call)["ok"]
    assert len(server.calls(method)) == 2


async def test_repeats_once_only(server: ChatServer, client: AsyncWebClient, clock: PatientClock) -> None:
    """A second cut connection is an error."""
    server.fail("conversations.open", drop=True, times=2)
    call = asyncio.create_task(answer(client.conversations_open(users="U0ALICE")))
    await clock.until_asleep(0.5)
    clock.advance(0.5)
    with pytest.raises(ChatError, match="no answer from Slack"):
        await call


async def test_nothing_sent_is_tried_again(server: ChatServer, client: AsyncWebClient, clock: PatientClock) -> None:
    """Where no connection came about, even a message is tried once more: nothing was sent."""
    await server.stop()
    call = asyncio.create_task(answer(client.chat_postMessage(channel="C0TEAM", text="hi")))
    await clock.until_asleep(0.5)
    clock.advance(0.5)
    with pytest.raises(ChatError, match="ClientConnectorError"):
        await call


async def test_other_errors_are_not_tried_again(server: ChatServer, client: AsyncWebClient) -> None:
    """An error that Slack words is final."""
    server.fail("users.info", error="fatal_error", status=503)
    with pytest.raises(SlackApiError):
        await client.users_info(user="U0ALICE")
    assert len(server.calls("users.info")) == 1
