"""Payloads, compared whole."""

import pytest

from bot.core.resources import Json
from bot.demo.chat.messages import Draft, Message
from bot.demo.chat.payloads import app_mention, block_actions, message_object, slash_command
from bot.demo.chat.state import State

BUTTON: Json = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go", "value": "v"}
ACTIONS: Json = {"type": "actions", "elements": [BUTTON]}


def posted(state: State, *blocks: Json, only_for: str = "", thread: str = "") -> Message:
    """Post a message with these blocks."""
    return state.post(state.workspace.channel("C0TEAM"), Draft("hi", blocks), only_for=only_for, thread=thread)


def test_slash_command(state: State) -> None:
    """A slash command has the form fields of Slack's documentation."""
    assert slash_command(state, state.workspace.user("U0ALICE"), "C0TEAM", "/pod", "list -A") == {
        "token": "demo-verification-token",
        "team_id": "T0ACME",
        "team_domain": "acme",
        "channel_id": "C0TEAM",
        "channel_name": "team",
        "user_id": "U0ALICE",
        "user_name": "alice",
        "command": "/pod",
        "text": "list -A",
        "api_app_id": "A0PODBOT",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:1/response/R000001",
        "trigger_id": "1.1.demo",
    }


def test_slash_command_of_a_stranger(state: State) -> None:
    """A stranger's command names the stranger's own team."""
    payload = slash_command(state, state.workspace.user("U0STRANGER"), "C0SHARED", "/pod", "list")
    assert (payload["team_id"], payload["team_domain"]) == ("T0OTHER", "t0other")


def test_app_mention(state: State) -> None:
    """A mention is an event_callback with the app's authorization."""
    message = state.write("C0TEAM", "U0ALICE", "<@U0PODBOT> list", thread="1.0")
    assert app_mention(state, message) == {
        "token": "demo-verification-token",
        "team_id": "T0ACME",
        "api_app_id": "A0PODBOT",
        "event": {
            "type": "app_mention",
            "user": "U0ALICE",
            "text": "<@U0PODBOT> list",
            "ts": message.ts,
            "thread_ts": "1.0",
            "team": "T0ACME",
            "channel": "C0TEAM",
            "event_ts": message.ts,
        },
        "type": "event_callback",
        "event_id": "Ev000000001",
        "event_time": int(state.clock.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": "T0ACME",
                "user_id": "U0PODBOT",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-C0TEAM",
    }


def test_app_mention_in_a_shared_channel(state: State) -> None:
    """Where a channel is shared, the event names the writer's own team."""
    payload = app_mention(state, state.write("C0SHARED", "U0STRANGER", "<@U0PODBOT> list"))
    event = payload["event"]
    assert [event[key] for key in ("team", "user_team", "source_team")] == ["T0OTHER"] * 3
    assert (payload["team_id"], payload["is_ext_shared_channel"]) == ("T0ACME", True)


def test_app_mention_by_a_webhook(state: State) -> None:
    """A webhook's message has a bot_id, a subtype and no user."""
    event = app_mention(state, state.write("C0SHARED", "", "<@U0PODBOT> list", bot="B0ALERTS"))["event"]
    assert (event["bot_id"], event["subtype"], "user" in event) == ("B0ALERTS", "bot_message", False)


def test_press_in_a_channel(state: State) -> None:
    """A press names user, container, channel and message, and the one action."""
    message = posted(state, ACTIONS, thread="1.0")
    payload = block_actions(state, state.workspace.user("U0ALICE"), message, "go")
    action_ts = payload["actions"][0]["action_ts"]
    assert payload == {
        "type": "block_actions",
        "user": {"id": "U0ALICE", "username": "alice", "name": "alice", "team_id": "T0ACME"},
        "api_app_id": "A0PODBOT",
        "token": "demo-verification-token",
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": "C0TEAM",
            "is_ephemeral": False,
            "thread_ts": "1.0",
        },
        "trigger_id": "1.1.demo",
        "team": {"id": "T0ACME", "domain": "acme"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": "C0TEAM", "name": "team"},
        "message": message_object(state.workspace, message),
        "state": {"values": {}},
        "response_url": "http://127.0.0.1:1/response/R000001",
        "actions": [{**BUTTON, "block_id": "b0", "action_ts": action_ts}],
    }
    assert float(action_ts) > float(message.ts)


def test_press_of_an_ephemeral_message(state: State) -> None:
    """The press of an ephemeral message does not carry the message."""
    payload = block_actions(state, state.workspace.user("U0ALICE"), posted(state, ACTIONS, only_for="U0ALICE"), "go")
    assert (payload["container"]["is_ephemeral"], "message" in payload) == (True, False)


def test_press_of_a_section_s_button(state: State) -> None:
    """A button beside a section's text is found too, with the block's own id."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, "accessory": BUTTON, "block_id": "mine"}
    payload = block_actions(state, state.workspace.user("U0ALICE"), posted(state, section), "go")
    assert payload["actions"][0]["block_id"] == "mine"


def test_there_is_nothing_to_press(state: State) -> None:
    """A button that is not there can't be pressed, and the error names those that are."""
    with pytest.raises(LookupError, match=r"no button stop on the message, only \['go'\]"):
        block_actions(state, state.workspace.user("U0ALICE"), posted(state, ACTIONS), "stop")


def test_an_edited_message_says_so(state: State) -> None:
    """A message whose text was replaced shows who edited it."""
    message = state.board.replace(posted(state), Draft("changed"))
    assert message_object(state.workspace, message)["edited"] == {"user": "U0PODBOT", "ts": message.ts}
