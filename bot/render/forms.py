"""Forms to Slack's modals, within Slack's limits: https://docs.slack.dev/reference/views/modal-views.

All text here is plain and shown as it is, without emoji; what a field holds comes back whole, so it is never cut.
"""

from typing import Any, Final

from bot.core.forms import Field, Form, Input, Sheet, block_id
from bot.core.replies import Block, Reply
from bot.core.resources import Json
from bot.render.blocks import context, section
from bot.render.cutting import shorten
from bot.render.text import clean, code

CALLBACK: Final = "podbot-form"
FIELD: Final = "podbot-field"
CHOICE: Final = "podbot-choice"
"""The action of a field whose choice makes it another form; podbot hears of it at once."""

TITLE, LABEL, HINT, ERROR = 24, 150, 2000, 300
OPTIONS, OPTION_TEXT, OPTION_VALUE = 100, 75, 150
TYPED = 3000
BLOCKS = 100


def loading() -> Json:
    """Return what opens at once, and waits for the form."""
    return _modal("podbot", [section(":hourglass_flowing_sand: One moment …")])


def message(reply: Reply) -> Json:
    """Return an answer that takes a form's place: a refusal, an error."""
    return _modal("podbot", list(reply.blocks or (section(reply.text),)))


def sheet(asked: Sheet) -> Json:
    """Return a form, with what podbot needs to know when it is sent."""
    form = asked.form
    where = context(f"In namespace {code(asked.namespace)} of cluster {code(asked.cluster)}.")
    fields = [_input(one, form) for one in form.fields[: BLOCKS - 1]]
    return {
        **_modal(form.title, [where, *fields], close="Cancel"),
        "submit": _plain(form.submit, TITLE),
        "private_metadata": asked.value,
    }


def beside(words: str) -> str:
    """Return what is wrong with a field, as it stands beside it."""
    return shorten(" ".join(clean(words[:1].upper() + words[1:]).split()), ERROR)


def _modal(title: str, blocks: list[Block], close: str = "Close") -> Json:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": _plain(title, TITLE),
        "close": _plain(close, TITLE),
        "blocks": blocks,
    }


def _input(one: Field, form: Form) -> Block:
    choices = tuple(choice for choice in one.choices if choice and len(choice) <= OPTION_VALUE)
    kept = _kept(choices, one.value)
    lost = len(one.choices) - len(kept)
    more = f"{lost:,} more are not shown here; they can be typed in a line." if lost else ""
    hint = " ".join(filter(None, (shorten(one.hint, HINT - len(more) - 1), more)))
    block: dict[str, Any] = {
        "type": "input",
        "block_id": block_id(one.name, form),
        "label": _plain(one.label, LABEL),
        "element": _select(one, kept) if one.input is Input.CHOICE else _text(one),
        "optional": not one.is_required,
    }
    if hint:
        block["hint"] = _plain(hint, HINT)
    if one.changes_form:
        block["dispatch_action"] = True
    return block


def _kept(choices: tuple[str, ...], value: str) -> tuple[str, ...]:
    """Return as many choices as Slack takes, the one that is chosen among them."""
    first = choices[:OPTIONS]
    return (*first[: OPTIONS - 1], value) if value in choices and value not in first else first


def _text(one: Field) -> Block:
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": FIELD,
        "multiline": one.input is Input.LONG_TEXT,
        "max_length": TYPED,
    }
    return {**element, "initial_value": one.value} if one.value else element


def _select(one: Field, choices: tuple[str, ...]) -> Block:
    element: dict[str, Any] = {
        "type": "static_select",
        "action_id": CHOICE if one.changes_form else FIELD,
        "options": [_option(choice) for choice in choices],
    }
    return {**element, "initial_option": _option(one.value)} if one.value in choices else element


def _option(choice: str) -> Block:
    return {"text": _plain(choice, OPTION_TEXT), "value": choice}


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": shorten(" ".join(clean(text).split()), most) or "-", "emoji": False}
