"""Forms as values: what a verb asks for when its line says too little, and what was filled in.

What may not be here: Slack's views (`bot.render.forms` makes them) and anything that reads a cluster.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """A form; `line` is what is asked for so far, `pins` what must be the same when it is sent: a template's digest."""

    title: str
    line: str
    fields: tuple[Field, ...]
    pins: Mapping[str, str] = field(default_factory=dict)


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

    def wanted(self, asked: Asked_contra) -> bool:
        """Whether the line says too little, so that a form should be opened."""

    def form(self, asked: Asked_contra, templates: Mapping[str, Template]) -> Form:
        """Return the form that asks for the rest; raise `UsageError` where none can."""

    def chosen(self, asked: Asked_contra, values: Values) -> str:
        """Return the line after a choice that changes the form."""

    def filled(self, asked: Asked_contra, values: Values, templates: Mapping[str, Template]) -> Filled:
        """Return what the filled form stands for, or raise `FormWrongError`."""
