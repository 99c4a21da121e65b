"""People at work in an open modal: what they fill in, choose and send."""

from dataclasses import replace

from bot.core.resources import Json
from bot.demo.chat.deliveries import Delivery, Kind
from bot.demo.chat.errors import SlackError
from bot.demo.chat.state import State
from bot.demo.chat.view_schema import MOST_TYPED
from bot.demo.chat.views import View


def seen(state: State, user: str) -> View:
    """Return the modal that a user sees; ValueError where there is none."""
    view = state.views.of(user)
    if view is None:
        raise ValueError(f"{user} sees no form")
    return view


def fill(state: State, view: View, label: str, text: str) -> View:
    """Type into a field, in place of what was there."""
    block = view.block(label)
    element = block["element"]
    if element["type"] != "plain_text_input" or len(text) > element.get("max_length", MOST_TYPED):
        raise ValueError(f"nobody could type this into {label}")
    if "\n" in text and not element.get("multiline"):
        raise ValueError(f"{label} has one line")
    return _hold(state, view, block, {"type": element["type"], "value": text or None})


def choose(state: State, view: View, label: str, text: str) -> View:
    """Choose an option by what it says."""
    block = view.block(label)
    options = block["element"].get("options", [])
    option = next((one for one in options if one["text"]["text"] == text), None)
    if option is None:
        raise ValueError(f"{label} has no option {text}, only {[one['text']['text'] for one in options]}")
    return _hold(state, view, block, {"type": "static_select", "selected_option": option})


def dispatches(view: View, label: str) -> bool:
    """Whether the app is told of a choice in a field at once."""
    return bool(view.block(label).get("dispatch_action"))


def answered(state: State, view: View, delivery: Delivery) -> None:
    """Show what the app answered to a sent form: nothing closes it.

    Source: https://docs.slack.dev/surfaces/modals#response_actions.
    """
    if not delivery.acknowledged:
        state.views.put(replace(view, trouble=True))
        return
    try:
        _act(state, view, delivery.answer or {})
    except SlackError:
        state.views.put(replace(view, trouble=True))


def sent(view: View, payload: Json) -> Delivery:
    """Return a form, or a choice in it, on its way to the app."""
    return Delivery(Kind.ACTION, payload, view.user, "")


def _act(state: State, view: View, answer: Json) -> None:
    action = answer.get("response_action")
    if action is None or action == "clear":
        state.views.close(view)
    elif action == "update":
        state.views.update(view, answer.get("view", {}))
    elif action == "errors" and answer.get("errors") and answer["errors"].keys() <= view.values.keys():
        state.views.put(replace(view, errors=answer["errors"], trouble=False))
    else:
        raise SlackError("invalid_response_action")


def _hold(state: State, view: View, block: Json, value: Json) -> View:
    held = {block["element"]["action_id"]: value}
    return state.views.put(replace(view, values={**view.values, block["block_id"]: held}))
