"""The Bolt app: what it makes of its environment and of payloads that it does not know."""

import json
import logging
import os

import pytest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.core.asks import Ask
from bot.core.resources import Json
from bot.slack.bolt import build_app, listen
from bot.slack.client import web_client
from bot.slack.inbound import Arrival
from bot.slack.shortcuts import TRIAGE
from tests.slack.clocks import PatientClock

ME = AuthorizeResult(enterprise_id=None, team_id="T0ACME", bot_user_id="U0PODBOT", bot_id="B0PODBOT")
BOLTS = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "secret",
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_VERIFICATION_TOKEN": "old",
}


@pytest.fixture
def taken() -> list[Ask]:
    """Return the asks that were taken."""
    return []


@pytest.fixture
def app(clock: PatientClock, taken: list[Ask]) -> AsyncApp:
    """Return an app whose Slack is not there: any call would fail."""
    app = build_app(web_client("http://127.0.0.1:1/api/", clock), "secret", ME)
    listen(app, "/pod", "U0PODBOT", lambda: Arrival("r1", clock.now()), taken.append, unsent)
    return app


def unsent(ask: Ask) -> Ask:
    """Check no form, for none is sent."""
    raise AssertionError(ask.request_id)


async def dispatch(app: AsyncApp, body: Json) -> int:
    """Give an app a payload as Socket Mode does, and return the status of its answer."""
    answer = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=json.dumps(body)))
    return answer.status


def event(**fields: str) -> Json:
    """Shape an event."""
    return {"type": "event_callback", "team_id": "T0ACME", "event_id": "Ev1", "event": fields}


def test_the_environment_turns_nothing_on(
    monkeypatch: pytest.MonkeyPatch, clock: PatientClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A client id in the environment turns no OAuth on, and the environment stays as it was."""
    for name, value in BOLTS.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    app = build_app(web_client("http://127.0.0.1:1/api/", clock), "secret", ME)
    assert (app.oauth_flow, app.installation_store) == (None, None)
    assert (dict(os.environ), caplog.messages) == (before, [])


def test_podbots_own_logger_stays_as_it_is(monkeypatch: pytest.MonkeyPatch, app: AsyncApp) -> None:
    """Bolt configures the logger that it was given, and not podbot's."""
    monkeypatch.setattr(logging.getLogger("podbot"), "level", logging.ERROR)
    assert app.name == "podbot.slack.bolt"
    assert logging.getLogger("podbot").level == logging.ERROR


@pytest.mark.parametrize(
    "body",
    [
        event(type="message", user="U0ALICE", text="secret", channel="C0TEAM", ts="1.0"),
        event(type="team_join"),
        event(type="app_mention", user="U0PODBOT", text="<@U0PODBOT> list", channel="C0TEAM", ts="1.0"),
        {"type": "block_actions", "actions": [{"type": "button", "action_id": "other", "block_id": "b"}]},
        {"type": "shortcut", "callback_id": "other"},
        {"type": "view_submission", "view": {"callback_id": "other", "type": "modal"}},
    ],
)
async def test_what_is_not_known_is_acknowledged(
    app: AsyncApp, taken: list[Ask], caplog: pytest.LogCaptureFixture, body: Json
) -> None:
    """An event, press or form that podbot does not know is acknowledged in silence, and so is its own word."""
    caplog.set_level(logging.DEBUG)
    assert await dispatch(app, body) == 200
    assert (taken, [record.message for record in caplog.records if record.name != "asyncio"]) == ([], [])


async def test_a_shortcut_is_taken(app: AsyncApp, taken: list[Ask]) -> None:
    """The shortcut that the manifest declares is acknowledged and taken; one of another id is nobody's."""
    body = {"type": "message_action", "message": {"text": "pod: web-1"}, "user": {"id": "U0ALICE"}}
    assert await dispatch(app, {**body, "callback_id": TRIAGE.callback}) == 200
    assert await dispatch(app, {**body, "callback_id": "other"}) == 200
    assert [(ask.user, ask.words) for ask in taken] == [("U0ALICE", "alert -A web-1")]


async def test_another_command_is_told_of(app: AsyncApp, taken: list[Ask], caplog: pytest.LogCaptureFixture) -> None:
    """A command of another name is acknowledged, and its name is logged, for somebody set it up wrongly."""
    body = {"command": "/kube", "text": "secret", "user_id": "U0ALICE", "team_id": "T0ACME", "channel_id": "C0TEAM"}
    assert await dispatch(app, body) == 200
    assert taken == []
    assert caplog.messages == ["the app sends /kube, which is not the command that podbot is set to"]


async def test_a_fault_of_podbots_own_is_logged(clock: PatientClock, caplog: pytest.LogCaptureFixture) -> None:
    """An exception in a listener is answered with 500 and logged without the payload."""

    def broken(_: Ask) -> None:
        raise RuntimeError("oops")

    app = build_app(web_client("http://127.0.0.1:1/api/", clock), "secret", ME)
    listen(app, "/pod", "U0PODBOT", lambda: Arrival("r1", clock.now()), broken, unsent)
    body = {"command": "/pod", "text": "secret", "user_id": "U0ALICE", "team_id": "T0ACME", "channel_id": "C0TEAM"}
    assert await dispatch(app, body) == 500
    assert caplog.messages == ["a payload could not be taken"]
    assert "oops" in caplog.text
    assert "secret" not in caplog.text
