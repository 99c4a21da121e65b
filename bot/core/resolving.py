"""The form that closes what a triage found: what it was, and what mended it. All pure."""

import shlex
from collections.abc import Mapping
from typing import Final, Protocol

from bot.core.forms import Field, Filled, Form, FormWrongError, Input, Values
from bot.core.unseen import is_unseen
from config.templates import Template

LONGEST: Final = 600  # characters of each: both stand in one line, and in its record
_CAUSE, _NOTE = "cause", "note"
_HINT: Final = "All in the channel see it, under your name. Left empty: it mended itself."


class Resolving(Protocol):
    """What the line says so far."""

    @property
    def pod(self) -> str:
        """The pod that needed help."""

    @property
    def cause(self) -> str | None:
        """What it was."""

    @property
    def note(self) -> str | None:
        """What mended it."""


class ResolveForm:
    """Implements `bot.core.forms.FormMaker`."""

    def wanted(self, asked: Resolving, _: Mapping[str, Template]) -> bool:
        """Whether the line does not say what mended it."""
        return not asked.note

    def form(self, asked: Resolving, _: Mapping[str, Template]) -> Form:
        """Return the form, with what the triage said as the cause at first."""
        fields = (
            Field(_CAUSE, "What it was", Input.LONG_TEXT, asked.cause or "", is_required=True),
            Field(_NOTE, "What mended it", Input.LONG_TEXT, hint=_HINT),
        )
        cause = f" --cause {shlex.quote(asked.cause)}" if asked.cause else ""
        return Form("Resolve", f"resolve {asked.pod}{cause}", fields, submit="Resolve")

    def chosen(self, asked: Resolving, _: Values) -> str:
        """Return the line as it was: no choice changes this form."""
        return self.form(asked, {}).line

    def filled(self, asked: Resolving, values: Values, _: Mapping[str, Template]) -> Filled:
        """Return the line with both texts, each on one line of it."""
        cause, note = (one_line(values.get(name, "")) for name in (_CAUSE, _NOTE))
        wrong = {
            name: f"shorten it to {LONGEST} characters; it has {len(text):,}"
            for name, text in ((_CAUSE, cause), (_NOTE, note))
            if len(text) > LONGEST
        }
        if wrong or not cause:
            raise FormWrongError(wrong or {_CAUSE: "say what it was"})
        told = note or "it mended itself"
        return Filled(f"resolve {asked.pod} --cause {shlex.quote(cause)} --note {shlex.quote(told)}")


def one_line(text: str) -> str:
    """Return a text on one line, without what nobody sees and no line may hold."""
    plain = "".join(" " if is_unseen(one) else one for one in text)
    return " ".join(plain.split())
