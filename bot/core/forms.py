"""Forms as values: what a verb asks for when its line says too little, and what was filled in.

What may not be here: Slack's views (`bot.render.forms` makes them) and anything that reads a cluster.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Protocol, TypeVar

from config.templates import Template

Asked_contra = TypeVar("Asked_contra", contravariant=True)

Values = Mapping[str, str]
"""What was filled in, by the field's name; a field left empty is the empty text."""


class Input(Enum):
    """How a field is filled in."""

    TEXT = "text"
    LONG_TEXT = "long text"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its `name` for the machine, its `label` for people, and what stands in it at first."""

    name: str
    label: str
    input: Input = Input.TEXT
    value: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    is_required: bool = False
    changes_form: bool = False
    """Whether another choice here makes it another form."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form; `line` is what is asked for so far, `pins` what must be the same when it is sent: a template's digest.

    `submit` is what the button says that sends it.
    """

    title: str
    line: str
    fields: tuple[Field, ...]
    submit: str = "Send"
    pins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form on its way to a person: for which cluster and namespace, and `value`, the signed ticket it carries."""

    form: Form
    cluster: str
    namespace: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Filled:
    """The line that a filled form stands for, with the document that belongs to it."""

    line: str
    document: str = field(default="", repr=False)


class FormWrongError(Exception):
    """What is wrong with a filled form: words for people, by the field's name."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


class FormMaker(Protocol[Asked_contra]):
    """A verb's own form; all pure, since Slack waits three seconds for what is wrong with one."""

    def wanted(self, asked: Asked_contra, templates: Mapping[str, Template]) -> bool:
        """Whether the line says too little, so that a form should be opened."""

    def form(self, asked: Asked_contra, templates: Mapping[str, Template]) -> Form:
        """Return the form that asks for the rest; raise `UsageError` where none can."""

    def chosen(self, asked: Asked_contra, values: Values) -> str:
        """Return the line after a choice that changes the form."""

    def filled(self, asked: Asked_contra, values: Values, templates: Mapping[str, Template]) -> Filled:
        """Return what the filled form stands for, or raise `FormWrongError`; the line gets its `-n` from outside."""


def carried(form: Form, before: Form, values: Values) -> Form:
    """Return the form with what was typed into the one before it, in fields of the same name that take it.

    What stood in a field at first was not typed, and gives way to the new field's own.
    """
    was = {one.name: one.value for one in before.fields}
    typed = {name: value for name, value in values.items() if name in was and value != was[name]}
    return replace(form, fields=tuple(_with(one, typed.get(one.name)) for one in form.fields))


def block_id(name: str, form: Form) -> str:
    """Return the id of a field's block: another one in another form, since Slack keeps what stands in the same."""
    return f"{name}@{hashlib.sha256(form.line.encode()).hexdigest()[:8]}"


def field_name(of_block: str) -> str:
    """Return the name of the field whose block has this id."""
    return of_block.rpartition("@")[0]


def _with(one: Field, value: str | None) -> Field:
    takes = value is not None and not one.changes_form and (one.input is not Input.CHOICE or value in one.choices)
    return replace(one, value=value) if takes and value is not None else one
