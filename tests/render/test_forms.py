"""Forms as Slack's modals: whole views, each of which the server takes, and what is cut is said."""

from dataclasses import replace

import pytest

from bot.core.forms import Field, Form, Input, Sheet, block_id
from bot.core.replies import Reply
from bot.core.resources import Json
from bot.demo.chat.view_schema import accept
from bot.render import forms
from bot.render.blocks import section

NAME = Field("name", "Name", hint="The pod's name.")
SIZE = Field("size", "size", Input.CHOICE, value="m", choices=("s", "m"), is_required=True, changes_form=True)
FORM = Form("Create a pod", "create it", (NAME, SIZE), "Create")


def view(*fields: Field, title: str = FORM.title) -> Json:
    """Return a form's view, which Slack takes."""
    form = replace(FORM, fields=fields or FORM.fields, title=title)
    return accept(forms.sheet(Sheet(form, "main", "shop", "signed")))


def plain(text: str) -> Json:
    """Return a plain text object."""
    return {"type": "plain_text", "text": text, "emoji": False}


def test_a_form_is_a_modal() -> None:
    """Every field is an input block; the signed value goes with it, and the place is said."""
    small = {"type": "mrkdwn", "text": "In namespace `shop` of cluster `main`.", "verbatim": True}
    options = [{"text": plain(one), "value": one} for one in ("s", "m")]
    assert view() == {
        "type": "modal",
        "callback_id": "podbot-form",
        "title": plain("Create a pod"),
        "close": plain("Cancel"),
        "submit": plain("Create"),
        "private_metadata": "signed",
        "blocks": [
            {"type": "context", "elements": [small]},
            {
                "type": "input",
                "block_id": block_id("name", FORM),
                "label": plain("Name"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": "podbot-field",
                    "multiline": False,
                    "max_length": 3000,
                },
                "optional": True,
                "hint": plain("The pod's name."),
            },
            {
                "type": "input",
                "block_id": block_id("size", FORM),
                "label": plain("size"),
                "element": {
                    "type": "static_select",
                    "action_id": "podbot-choice",
                    "options": options,
                    "initial_option": options[1],
                },
                "optional": False,
                "dispatch_action": True,
            },
        ],
    }


def test_a_field_holds_its_value_whole() -> None:
    """What stands in a field comes back when the form is sent, so it is as it was, line by line."""
    text = Field("yaml", "YAML", Input.LONG_TEXT, value="a:\n  b: “c”\n")
    element = view(text)["blocks"][1]["element"]
    assert (element["initial_value"], element["multiline"]) == ("a:\n  b: “c”\n", True)


def test_long_texts_are_cut() -> None:
    """Title, label, hint and an option's text keep to Slack's limits, and say that they were cut."""
    made = view(Field("f", "l" * 200, Input.CHOICE, hint="h" * 3000, choices=("o" * 100,)), title="t" * 30)
    block = made["blocks"][1]
    (option,) = block["element"]["options"]
    assert made["title"]["text"] == "t" * 23 + "…"
    assert block["label"]["text"] == "l" * 149 + "…"
    assert block["hint"]["text"] == "h" * 1998 + "…"
    assert (option["text"]["text"], option["value"]) == ("o" * 74 + "…", "o" * 100)


@pytest.mark.parametrize("value", ["", "c3", "c150"])
def test_more_choices_than_slack_takes(value: str) -> None:
    """Of many choices a hundred are shown, the chosen one among them; the rest are counted."""
    choices = (*(f"c{index}" for index in range(200)), "x" * 151)
    block = view(Field("f", "f", Input.CHOICE, hint="Choose.", value=value, choices=choices))["blocks"][1]
    assert len(block["element"]["options"]) == 100
    assert block["element"].get("initial_option", {}).get("value", "") == value
    assert block["hint"]["text"] == "Choose. 101 more are not shown here; they can be typed in a line."


def test_nothing_formats_or_hides() -> None:
    """Texts of templates are plain: no emoji, no line breaks, no hidden characters."""
    block = view(Field("f", "a\u202eb\n:x: <!here> *c*"))["blocks"][1]
    assert block["label"] == plain("ab :x: <!here> *c*")


def test_while_it_is_made() -> None:
    """What opens at once has no field and no button to send it."""
    made = accept(forms.loading())
    assert ([block["type"] for block in made["blocks"]], "submit" in made) == (["section"], False)


@pytest.mark.parametrize("reply", [Reply("No.", (section("No."),)), Reply("No.")])
def test_an_answer_in_a_forms_place(reply: Reply) -> None:
    """An answer is shown with a button to close it alone."""
    made = accept(forms.message(reply))
    assert (made["blocks"], "submit" in made, made["close"]) == ([section("No.")], False, plain("Close"))


def test_words_beside_a_field() -> None:
    """An error beside a field is one short sentence of plain text."""
    assert forms.beside("“x” is\nwrong; use \x1b[1my") == "“x” is wrong; use y"
    assert forms.beside("use " + "x" * 400) == "Use " + "x" * 295 + "…"
