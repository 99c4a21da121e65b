"""What is told of calls, deliveries and sockets."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from bot.core.errors import ChatError
from bot.demo.chat.server import ChatServer
from bot.slack.calls import answer
from bot.slack.client import MeteredClient, new_session, web_client
from bot.slack.meter import UNMETERED, Meter
from bot.slack.retries import RateLimits
from tests.slack.clocks import PatientClock
from tests.slack.rooms import Asked, listening, running


class Told:
    """Keeps what it is told, without the seconds."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.slow: list[str] = []
        self.acknowledgements = self.sockets = 0

    def called(self, method: str, result: str, seconds: float) -> None:
        assert seconds >= 0
        self.calls.append((method, result))

    def slowed(self, method: str) -> None:
        self.slow.append(method)

    def acknowledged(self, seconds: float) -> None:
        assert seconds >= 0
        self.acknowledgements += 1

    def opened(self) -> None:
        self.sockets += 1


@pytest.fixture
async def told() -> Told:
    """Return whoever counts."""
    return Told()


@pytest.fixture
async def metered(server: ChatServer, clock: PatientClock, told: Told) -> AsyncIterator[MeteredClient]:
    """Return a client whose calls are counted."""
    client = web_client(server.base_url, clock, server.workspace.app.bot_token, told)
    async with new_session() as client.session:
        yield client


async def test_calls_count_by_how_they_end(server: ChatServer, metered: MeteredClient, told: Told) -> None:
    """A call that Slack takes is ok, one that it refuses or does not answer an error."""
    await answer(metered.auth_test())
    server.fail("chat.postMessage", error="is_archived")
    with pytest.raises(ChatError):
        await answer(metered.chat_postMessage(channel="C0TEAM", text="hi"))
    server.fail("chat.postMessage", drop=True)
    with pytest.raises(ChatError):
        await answer(metered.chat_postMessage(channel="C0TEAM", text="hi"))
    assert told.calls == [("auth.test", "ok"), ("chat.postMessage", "error"), ("chat.postMessage", "error")]


async def test_limits_count_apart(server: ChatServer, clock: PatientClock, metered: MeteredClient, told: Told) -> None:
    """A 429 that is waited for is told at once, and one that podbot is not patient enough for ends the call as such."""
    server.fail("auth.test", status=429, retry_after=7, error="ratelimited")
    call = asyncio.create_task(answer(metered.auth_test()))
    await clock.until_asleep(7)
    assert (told.calls, told.slow) == ([], ["auth.test"])
    clock.advance(7)
    await call
    server.fail("auth.test", status=429, retry_after=31, error="ratelimited")
    with pytest.raises(ChatError):
        await answer(metered.auth_test())
    assert (told.calls, told.slow) == ([("auth.test", "ok"), ("auth.test", "ratelimited")], ["auth.test"])


async def test_the_address_of_an_upload_is_told_nobody(clock: PatientClock, told: Told) -> None:
    """Slack makes a new one for each file, and whoever has it may write to it: it is no method's name."""
    request = HttpRequest(method="POST", url="https://files.slack.com/upload/v1/CwABAAAAabc", headers={})
    limits = RateLimits(clock, meter=told)
    waiting = limits.prepare_for_next_attempt_async(
        state=RetryState(), request=request, response=HttpResponse(status_code=429, headers={"Retry-After": ["7"]})
    )
    task = asyncio.create_task(waiting)
    await clock.until_asleep(7)
    clock.advance(7)
    await task
    assert told.slow == ["upload"]


async def test_a_socket_and_its_deliveries_are_counted(
    server: ChatServer, clock: PatientClock, asked: Asked, told: Told
) -> None:
    """Each websocket counts once, and each acknowledgement; a delivery is a sign of life."""
    async with running(server, clock, asked, meter=told) as slack:
        await server.driver.slash("U0ALICE", "C0TEAM", "list")
        await asked.heard()
        clock.advance(30)
        await server.driver.slash("U0ALICE", "C0TEAM", "list")
        await asked.heard(2)
        assert slack.socket_age() == 0
    assert (told.sockets, told.acknowledgements) == (1, 2)


async def test_only_what_slack_signed_counts(server: ChatServer, clock: PatientClock, asked: Asked, told: Told) -> None:
    """In HTTP mode a request with a wrong signature is no acknowledgement."""
    async with listening(server, clock, asked, meter=told):
        await server.driver.slash("U0ALICE", "C0TEAM", "list")
    async with listening(server, clock, asked, secret="wrong", meter=told):
        await server.driver.slash("U0ALICE", "C0TEAM", "list")
    assert told.acknowledgements == 1


def test_nobody_need_count() -> None:
    """Whoever does not count takes all that is told."""
    meter: Meter = UNMETERED
    meter.called("auth.test", "ok", 1)
    meter.slowed("auth.test")
    meter.acknowledged(1)
    meter.opened()
