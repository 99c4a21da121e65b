"""Slack's limits on a modal and its fields, as far as podbot uses them; any other kind or field is refused.

Sources: https://docs.slack.dev/reference/views/modal-views, https://docs.slack.dev/reference/block-kit/blocks/input-block.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.core.resources import Json
from bot.demo.chat.blocks import BLOCK
from bot.demo.chat.errors import SlackError
from bot.demo.chat.schema import Check, boolean, items, shape, text, typed, whole

MOST_BLOCKS = 100
MOST_TYPED = 3000
"""The most characters that a text field takes."""
_IDENTIFIER = text(255)
_IN_VIEWS = frozenset({"section", "header", "divider", "context", "actions", "rich_text"})


def _plain(most: int) -> Check:
    return typed({"plain_text": shape({"text": text(most)}, {"emoji": boolean})})


_OPTION = shape({"text": _plain(75), "value": text(150)}, {"description": _plain(75)})
_TEXT_INPUT = shape(
    {"action_id": _IDENTIFIER},
    {
        "initial_value": text(MOST_TYPED, least=0),
        "multiline": boolean,
        "min_length": whole(0, MOST_TYPED),
        "max_length": whole(1, MOST_TYPED),
        "placeholder": _plain(150),
        "focus_on_load": boolean,
    },
)
_SELECT = shape(
    {"action_id": _IDENTIFIER, "options": items(_OPTION, 100)},
    {"initial_option": _OPTION, "placeholder": _plain(150), "focus_on_load": boolean},
)
_INPUT = shape(
    {"label": _plain(2000), "element": typed({"plain_text_input": _TEXT_INPUT, "static_select": _SELECT})},
    {"hint": _plain(2000), "optional": boolean, "dispatch_action": boolean, "block_id": _IDENTIFIER},
)


def _block(value: Any, pointer: str) -> Iterator[str]:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "input":
        yield from _INPUT(value, pointer)
    elif kind in _IN_VIEWS:
        yield from BLOCK(value, pointer)
    else:
        yield f"unsupported type: {kind} [json-pointer:{pointer}]"


_BLOCKS = items(_block, MOST_BLOCKS)
_NAMES = {"private_metadata": text(3000, least=0), "callback_id": _IDENTIFIER, "external_id": _IDENTIFIER}
_CLOSING = {"submit": _plain(24), "close": _plain(24), "clear_on_close": boolean, "notify_on_close": boolean}
_MODAL = typed({"modal": shape({"title": _plain(24), "blocks": _BLOCKS}, {**_NAMES, **_CLOSING})})
_HOME = typed({"home": shape({"blocks": _BLOCKS}, _NAMES)})


def accept(view: Any) -> Json:
    """Return a modal that Slack would show, or raise `invalid_arguments` with Slack's words."""
    return _accept(view, _MODAL)


def accept_home(view: Any) -> Json:
    """Return a Home tab that Slack would show, or raise `invalid_arguments` with Slack's words."""
    return _accept(view, _HOME)


def _accept(view: Any, kind: Check) -> Json:
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["[ERROR] must provide an object [json-pointer:/view]"])
    wrong = list(kind(view, "/view")) or list(_wrong_together(view))
    if wrong:
        all_of_it = "failed to match all allowed schemas [json-pointer:/view]"
        raise SlackError("invalid_arguments", [f"[ERROR] {words}" for words in (all_of_it, *wrong)])
    return view


def inputs(view: Json) -> list[Json]:
    """Return a view's fields: its input blocks."""
    return [block for block in view["blocks"] if block["type"] == "input"]


def _wrong_together(view: Json) -> Iterator[str]:
    ids = Counter(block["block_id"] for block in view["blocks"] if "block_id" in block)
    for block_id, count in ids.items():
        if count > 1:
            yield f"`block_id` {block_id} already exists [json-pointer:/view/blocks]"
    if view["type"] == "modal" and inputs(view) and "submit" not in view:
        yield "missing required field: submit [json-pointer:/view]"
    for index, block in enumerate(view["blocks"]):
        element = block.get("element", {})
        if "initial_option" in element and element["initial_option"] not in element["options"]:
            pointer = f"/view/blocks/{index}/element/initial_option"
            yield f"initial_option must match one of the options [json-pointer:{pointer}]"
