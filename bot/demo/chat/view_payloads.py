"""The payloads of what people do in a modal, and the view object in them."""

from bot.core.resources import Json
from bot.demo.chat.payloads import VERIFICATION_TOKEN
from bot.demo.chat.state import State
from bot.demo.chat.views import View


def view_submission(state: State, view: View) -> Json:
    """Shape a sent form; it names no channel, since none belongs to a modal.

    Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_submission.
    """
    return {**_from(state, view, "view_submission"), "view": view_object(state, view), "response_urls": []}


def view_action(state: State, view: View, block: Json) -> Json:
    """Shape a choice in a field that dispatches its actions.

    Source: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.
    """
    block_id, action_id = block["block_id"], block["element"]["action_id"]
    action = {
        **view.values[block_id][action_id],
        "action_id": action_id,
        "block_id": block_id,
        "action_ts": state.board.timestamp(),
    }
    return {
        **_from(state, view, "block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "view": view_object(state, view),
        "actions": [action],
    }


def view_object(state: State, view: View) -> Json:
    """Shape a view as the Web API and payloads show it."""
    app, says = state.workspace.app, view.says
    return {
        "id": view.id,
        "team_id": state.workspace.team,
        "type": says["type"],
        "title": says.get("title"),
        "submit": says.get("submit"),
        "close": says.get("close"),
        "blocks": says["blocks"],
        "private_metadata": says.get("private_metadata", ""),
        "callback_id": says.get("callback_id", ""),
        "external_id": says.get("external_id", ""),
        "state": {"values": {block_id: dict(held) for block_id, held in view.values.items()}},
        "hash": view.hash,
        "clear_on_close": says.get("clear_on_close", False),
        "notify_on_close": says.get("notify_on_close", False),
        "root_view_id": view.id,
        "previous_view_id": None,
        "app_id": app.id,
        "bot_id": app.bot,
    }


def _from(state: State, view: View, kind: str) -> Json:
    workspace, user = state.workspace, state.workspace.user(view.user)
    return {
        "type": kind,
        "team": {"id": workspace.team, "domain": workspace.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
        "api_app_id": workspace.app.id,
        "token": VERIFICATION_TOKEN,
        "trigger_id": state.triggers.issue(user.id),
        "is_enterprise_install": False,
        "enterprise": None,
    }
