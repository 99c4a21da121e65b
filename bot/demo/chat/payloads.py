"""The payloads that Slack sends to an app, shaped as its documentation says."""

from collections.abc import Iterator

from bot.core.resources import Json
from bot.demo.chat.messages import Message
from bot.demo.chat.state import State
from bot.demo.chat.workspace import User, Workspace

VERIFICATION_TOKEN = "demo-verification-token"  # noqa: S105  # long replaced by signatures, still in every payload


def slash_command(state: State, user: User, channel: str, command: str, text: str) -> Json:
    """Shape a slash command.

    Source: https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling.
    """
    workspace = state.workspace
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": user.team,
        "team_domain": workspace.domain if user.team == workspace.team else user.team.lower(),
        "channel_id": channel,
        "channel_name": workspace.channel(channel).name,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app.id,
        "is_enterprise_install": "false",
        "response_url": _response_url(state, user, channel),
        "trigger_id": state.triggers.issue(user.id),
    }


def app_mention(state: State, message: Message) -> Json:
    """Shape the event of a message that mentions the app; each edit of it is another event, which says so.

    Source: https://docs.slack.dev/reference/events/app_mention,
    https://docs.slack.dev/apis/slack-connect/using-slack-connect-api and, for edits,
    https://github.com/slackapi/bolt-js/issues/960.
    """
    workspace = state.workspace
    shared = workspace.channel(message.channel).shared
    event = {"type": "app_mention", **_written(workspace, message), "channel": message.channel, "event_ts": message.ts}
    if shared and message.user:
        own = workspace.user(message.user).team
        event |= {"user_team": own, "source_team": own}
    if message.edited:
        event["edited"] = {"user": message.user, "ts": message.ts}
    authorization = {
        "enterprise_id": None,
        "team_id": workspace.team,
        "user_id": workspace.app.user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team,
        "api_app_id": workspace.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{next(state.serials):09d}",
        "event_time": int(state.clock.now().timestamp()),
        "authorizations": [authorization],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{message.channel}",
    }


def block_actions(state: State, user: User, message: Message, action_id: str) -> Json:
    """Shape the press of a button; an ephemeral message is named but not shown.

    Source: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.
    """
    workspace, ephemeral = state.workspace, bool(message.only_for)
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": ephemeral,
        **({"thread_ts": message.thread} if message.thread else {}),
    }
    return {
        "type": "block_actions",
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
        "api_app_id": workspace.app.id,
        "token": VERIFICATION_TOKEN,
        "container": container,
        "trigger_id": state.triggers.issue(user.id),
        "team": {"id": workspace.team, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": message.channel, "name": workspace.channel(message.channel).name},
        **({} if ephemeral else {"message": message_object(workspace, message)}),
        "state": {"values": {}},
        "response_url": _response_url(state, user, message.channel, message),
        "actions": [{**_button(message, action_id), "action_ts": state.board.timestamp()}],
    }


def message_action(state: State, user: User, message: Message, callback: str) -> Json:
    """Shape a shortcut that was chosen on a message, which comes with it.

    Source: https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload.
    """
    workspace = state.workspace
    return {
        "type": "message_action",
        "token": VERIFICATION_TOKEN,
        "action_ts": state.board.timestamp(),
        "team": {"id": workspace.team, "domain": workspace.domain},
        "user": {"id": user.id, "name": user.name, "username": user.name, "team_id": user.team},
        "channel": {"id": message.channel, "name": workspace.channel(message.channel).name},
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": callback,
        "trigger_id": state.triggers.issue(user.id),
        "response_url": _response_url(state, user, message.channel),
        "message_ts": message.ts,
        "message": message_object(workspace, message),
    }


def message_object(workspace: Workspace, message: Message) -> Json:
    """Shape a message as the Web API and payloads show it; blocks without an id are given one."""
    shown = {"type": "message", **_written(workspace, message), "blocks": list(_with_ids(message))}
    if message.bot == workspace.app.bot:
        shown["app_id"] = workspace.app.id
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.ts}
    if message.metadata is not None:
        shown["metadata"] = message.metadata
    return shown


def _written(workspace: Workspace, message: Message) -> Json:
    """Say who wrote what and when; a webhook's message has a bot and no user."""
    written: Json = {"text": message.text, "ts": message.ts, "team": workspace.team}
    if message.user:
        written |= {"user": message.user, "team": workspace.user(message.user).team}
    if message.bot:
        written["bot_id"] = message.bot
    if message.bot and not message.user:
        written |= {"subtype": "bot_message", "username": "webhook"}
    if message.thread:
        written["thread_ts"] = message.thread
    return written


def _with_ids(message: Message) -> Iterator[Json]:
    for index, block in enumerate(message.blocks):
        yield {"block_id": f"b{index}", **block}


def _button(message: Message, action_id: str) -> Json:
    buttons = [
        {**button, "block_id": block["block_id"]}
        for block in _with_ids(message)
        for button in (*_elements(block), block.get("accessory", {}))
        if button.get("type") == "button"
    ]
    found = next((button for button in buttons if button.get("action_id") == action_id), None)
    if found is None:
        there = [button.get("action_id") for button in buttons]
        raise LookupError(f"no button {action_id} on the message, only {there}")
    return found


def _elements(block: Json) -> list[Json]:
    return list(block["elements"]) if block["type"] == "actions" else []


def _response_url(state: State, user: User, channel: str, original: Message | None = None) -> str:
    return f"{state.origin}/response/{state.urls.issue(channel, user.id, original)}"
