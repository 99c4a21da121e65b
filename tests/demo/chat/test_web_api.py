"""Planned faults, and bodies that are no arguments."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.server import ChatServer


async def test_an_error_is_answered_as_often_as_planned(server: ChatServer, client: AsyncWebClient) -> None:
    """The planned error comes the planned number of times, and does nothing."""
    server.fail("chat.postMessage", error="fatal_error", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            await client.chat_postMessage(channel="C0TEAM", text="hi")
    assert list(server.state.board) == []
    assert (await client.chat_postMessage(channel="C0TEAM", text="hi"))["ok"]


async def test_other_methods_go_on(server: ChatServer, client: AsyncWebClient) -> None:
    """A fault meets its own method only."""
    server.fail("chat.postMessage", error="fatal_error")
    assert (await client.auth_test())["ok"]


async def test_rate_limits(server: ChatServer, client: AsyncWebClient) -> None:
    """A rate limit is a 429 with Retry-After, noted among the calls."""
    server.fail("auth.test", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
    assert [(call.status, call.error) for call in server.calls("auth.test")] == [(429, "ratelimited")]


async def test_server_errors(server: ChatServer, client: AsyncWebClient) -> None:
    """A planned status is answered as it is."""
    server.fail("auth.test", status=503)
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert (caught.value.response.status_code, caught.value.response["error"]) == (503, "internal_error")


@pytest.mark.parametrize(("late", "posted"), [(False, 0), (True, 1)])
async def test_a_dropped_connection_may_hide_a_deed(
    server: ChatServer, client: AsyncWebClient, *, late: bool, posted: int
) -> None:
    """The connection is cut without an answer, before the deed or, where planned, after it."""
    client.retry_handlers = []
    server.fail("chat.postMessage", drop=True, late=late)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C0TEAM", text="hi")
    assert len(list(server.state.board)) == posted
    assert [call.status for call in server.calls("chat.postMessage")] == [0]


async def test_a_late_error_hides_a_deed(server: ChatServer, client: AsyncWebClient) -> None:
    """An error may be answered after the deed was done."""
    server.fail("chat.postMessage", error="internal_error", late=True)
    with pytest.raises(SlackApiError, match="internal_error"):
        await client.chat_postMessage(channel="C0TEAM", text="hi")
    assert len(list(server.state.board)) == 1


async def test_a_hanging_call_ends_with_the_server(server: ChatServer, client: AsyncWebClient) -> None:
    """A call that hangs is cut off when the server stops."""
    client.retry_handlers = []
    server.fail("auth.test", hang=True)
    hanging = asyncio.create_task(client.auth_test())
    await server.driver.wait_for(lambda: server.calls("auth.test"))
    assert not hanging.done()
    await server.stop()
    with pytest.raises(aiohttp.ClientError):
        await hanging


@pytest.mark.parametrize(("body", "error"), [("{", "invalid_json"), ("[]", "json_not_object")])
@pytest.mark.parametrize("path", ["api/auth.test", "response/R000001"])
async def test_refuses_bodies_that_are_no_objects(server: ChatServer, path: str, body: str, error: str) -> None:
    """A body that is not a JSON object is refused."""
    headers = {"Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.state.origin}/{path}", data=body, headers=headers) as response,
    ):
        assert await response.json() == {"ok": False, "error": error}
