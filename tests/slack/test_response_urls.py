"""Response URLs, and what is remembered of them."""

from dataclasses import replace

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import ChatError
from bot.demo.chat.server import ChatServer
from bot.slack.client import web_client
from bot.slack.response_urls import ResponseUrls
from tests.slack.asks import typed
from tests.slack.clocks import PatientClock


async def test_forgets_what_has_expired(server: ChatServer, client: AsyncWebClient, clock: PatientClock) -> None:
    """Uses are counted for half an hour, and then forgotten."""
    urls = ResponseUrls(client, clock)
    await urls.post(typed(server, clock), {"text": "hi"})
    clock.advance(30 * 60)
    second = typed(server, clock)
    await urls.post(second, {"text": "hi"})
    assert list(urls._uses) == [second.response_url]


async def test_a_use_that_slack_refuses_is_an_error(
    server: ChatServer, client: AsyncWebClient, clock: PatientClock
) -> None:
    """Slack's word in a 200 is an error all the same."""
    with pytest.raises(ChatError) as caught:
        await ResponseUrls(client, clock).post(typed(server, clock), {"text": ""})
    assert caught.value.code == "no_text"


async def test_follows_no_redirect(server: ChatServer, client: AsyncWebClient, clock: PatientClock) -> None:
    """A redirect is an error, and not followed."""
    server.fail("response_url", status=307, error="elsewhere")
    with pytest.raises(ChatError, match="elsewhere"):
        await ResponseUrls(client, clock).post(typed(server, clock), {"text": "hi"})


async def test_an_address_that_is_none_is_an_error(
    server: ChatServer, client: AsyncWebClient, clock: PatientClock
) -> None:
    """An address that nobody can post to is podbot's own error, too."""
    ask = replace(typed(server, clock), response_url="no address")
    with pytest.raises(ChatError, match="no answer from Slack"):
        await ResponseUrls(client, clock).post(ask, {"text": "hi"})


async def test_needs_a_connection(server: ChatServer, clock: PatientClock) -> None:
    """Before the room has started nothing is posted."""
    with pytest.raises(ChatError, match="not open"):
        await ResponseUrls(web_client(server.base_url, clock), clock).post(typed(server, clock), {"text": "hi"})


async def test_an_answer_that_is_no_json_is_an_error(
    server: ChatServer, client: AsyncWebClient, clock: PatientClock
) -> None:
    """What is no word of Slack's is an error without its words."""
    ask = replace(typed(server, clock), response_url=f"{server.state.origin}/nowhere")
    with pytest.raises(ChatError, match="Slack said no"):
        await ResponseUrls(client, clock).post(ask, {"text": "hi"})
