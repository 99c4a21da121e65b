"""HTTP mode: what Slack signs is taken, and nothing else."""

import logging
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from bot.core.errors import ChatError
from bot.core.replies import Reply
from bot.demo.chat.server import ChatServer
from bot.render.blocks import actions, button
from bot.slack.room import Slack
from tests.slack.clocks import PatientClock
from tests.slack.rooms import Asked, listening

TOO_OLD = 6 * 60


async def test_takes_what_slack_signs(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """A command, a mention and a press are acknowledged and taken."""
    async with listening(server, clock, asked) as slack:
        await slack.chat.post("C0TEAM", Reply("sure?", (actions(button("Yes", "podbot:confirm", "signed")),)))
        (message,) = server.driver.messages("C0TEAM")
        deliveries = [
            await server.driver.slash("U0ALICE", "C0TEAM", "list"),
            await server.driver.mention("U0ALICE", "C0TEAM", "list"),
            await server.driver.press("U0ALICE", message, "podbot:confirm"),
        ]
        asks = await asked.heard(3)
        assert (slack.connected(), slack.socket_age()) == (True, 0.0)
    assert [delivery.acknowledged for delivery in deliveries] == [True] * 3
    assert [ask.words for ask in asks] == ["list", "list", ""]
    assert not slack.connected()


async def test_work_that_never_ends_is_acknowledged(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """The response does not wait for the work."""
    asked.hold = True
    async with listening(server, clock, asked):
        assert (await server.driver.slash("U0ALICE", "C0TEAM", "list")).acknowledged
        await asked.heard()
        asked.let_go()


@pytest.mark.parametrize(("secret", "age"), [("another-secret", 0), ("", TOO_OLD), ("", -TOO_OLD)])
async def test_refuses_what_slack_did_not_sign(
    server: ChatServer, clock: PatientClock, asked: Asked, caplog: pytest.LogCaptureFixture, secret: str, age: int
) -> None:
    """A wrong signature, or one that is older or newer than five minutes, is refused; its body is not logged."""
    caplog.set_level(logging.DEBUG, "podbot")
    async with listening(server, clock, asked, secret):
        clock.advance(-age)
        delivery = await server.driver.slash("U0ALICE", "C0TEAM", "delete planted")
    assert (delivery.acknowledged, asked.asks) == (False, [])
    assert "Invalid request signature detected" in caplog.messages
    assert "planted" not in caplog.text


async def test_refuses_what_is_not_signed(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """Requests without a signature, with no text or to another path are refused."""
    async with listening(server, clock, asked) as slack, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{slack.port}"
        statuses = []
        for path, body, kind in (
            ("/slack/events", urlencode({"command": "/pod"}).encode(), "application/x-www-form-urlencoded"),
            ("/slack/events", b"\xff\xfe", "text/plain; charset=utf-8"),
            ("/slack/events", b"x", "text/plain; charset=nonsense"),
            ("/slack/install", b"", "text/plain"),
        ):
            async with session.post(url + path, data=body, headers={"Content-Type": kind}) as response:
                statuses.append(response.status)
    assert (statuses, asked.asks) == ([401, 400, 400, 404], [])


async def test_answers_slacks_challenge(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """Slack's check of a new request URL is answered, where it is signed."""
    async with listening(server, clock, asked) as slack, aiohttp.ClientSession() as session:
        body = '{"type": "url_verification", "challenge": "abc"}'
        timestamp = str(int(clock.now().timestamp()))
        signature = SignatureVerifier(server.workspace.app.signing_secret).generate_signature(
            timestamp=timestamp, body=body
        )
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": str(signature),
        }
        url = f"http://127.0.0.1:{slack.port}/slack/events"
        async with session.post(url, data=body, headers=headers) as response:
            assert await response.json() == {"challenge": "abc"}


async def test_a_taken_port_is_an_error(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """Where somebody else listens already, the start fails."""
    async with listening(server, clock, asked) as first:
        second = Slack(
            bot_token="xoxb-demo", signing_secret="s", base_url=server.base_url, clock=clock, port=first.port
        )
        with pytest.raises(ChatError, match=f"cannot listen on 127.0.0.1:{first.port}"):
            await second.start(asked.handle, asked.turn_away, asked.check)
        await second.close()
