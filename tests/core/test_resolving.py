"""The form that closes what a triage found."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import UsageError
from bot.core.forms import FormWrongError
from bot.core.names import PodName
from bot.core.parsing import parse
from bot.core.resolving import LONGEST, ResolveForm
from handlers import REGISTRY
from handlers.resolve import Resolve

FORM = ResolveForm()


def asked(cause: str | None = "no such tag", note: str | None = None) -> Resolve:
    """Return what a button asks for."""
    return Resolve(PodName("web-1"), cause, note)


@pytest.mark.parametrize(("note", "wanted"), [(None, True), ("", True), ("rolled back", False)])
def test_when_it_is_wanted(note: str | None, wanted: bool) -> None:  # noqa: FBT001  # a table's column
    """A form is opened where the line does not say what mended it."""
    assert FORM.wanted(asked(note=note), {}) is wanted


def test_it_begins_with_what_triage_said() -> None:
    """The cause stands in its field at first, for whoever closes it to leave or to correct."""
    form = FORM.form(asked(), {})
    assert [(one.name, one.value, one.is_required) for one in form.fields] == [
        ("cause", "no such tag", True),
        ("note", "", False),
    ]
    assert form.line == "resolve web-1 --cause 'no such tag'"
    assert FORM.form(asked(None), {}).line == "resolve web-1"


def test_what_was_typed_is_a_line() -> None:
    """Both texts come into one line, on one line each; who types no note says that it mended itself, by the form."""
    assert "Left empty: it mended itself." in FORM.form(asked(), {}).fields[1].hint
    line = FORM.filled(asked(), {"cause": "a\n b", "note": "it's `done`"}, {}).line
    assert shlex.split(line) == ["resolve", "web-1", "--cause", "a b", "--note", "it's `done`"]
    assert FORM.filled(asked(), {"cause": "a", "note": " "}, {}).line.endswith("--note 'it mended itself'")


@pytest.mark.parametrize(
    ("values", "fields"),
    [({"cause": " "}, {"cause"}), ({"cause": "x" * 601, "note": "y" * 601}, {"cause", "note"}), ({}, {"cause"})],
)
def test_what_is_wrong_is_said_beside_its_field(values: dict[str, str], fields: set[str]) -> None:
    """A cause is needed, and neither text may be too long to be read in a channel."""
    with pytest.raises(FormWrongError) as wrong:
        FORM.filled(asked(), values, {})
    assert wrong.value.errors.keys() == fields


@given(st.text(max_size=LONGEST), st.text(max_size=LONGEST))
def test_any_text_can_be_typed(cause: str, note: str) -> None:
    """Whatever is typed, the line that is made of it can be read, and holds it."""
    try:
        line = FORM.filled(asked(), {"cause": cause, "note": note}, {}).line
    except FormWrongError:
        return
    read = parse(line, REGISTRY).asked
    assert isinstance(read, Resolve)
    assert read.note
    assert not FORM.wanted(read, {})


def test_a_long_text_is_refused_in_a_line() -> None:
    """A typed line has the same limit as the form."""
    with pytest.raises(UsageError, match="longer than 600"):
        parse(f"resolve web-1 --note {'x' * 601}", REGISTRY)
