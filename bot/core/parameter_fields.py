"""A template's parameters as the fields of a form, and what is filled in as the words of a line."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.core.errors import UsageError
from bot.core.filling import converted
from bot.core.forms import Field, Input, Values
from config.parameters import Parameter, ParameterType
from config.templates import Template

_PREFIX: Final = "parameter/"  # so that no parameter is taken for another field of the form


def fields(template: Template) -> Iterator[Field]:
    """Yield a field for each parameter, with its default in it."""
    for name, parameter in template.parameters.items():
        yield _field(name, parameter)


def wrong(template: Template, given: Values) -> Iterator[tuple[str, str]]:
    """Yield the fields that are wrong, and why, in the words that the line would get."""
    for name, parameter in template.parameters.items():
        word = given.get(_PREFIX + name, "")
        if not word and parameter.usual is None:
            yield _PREFIX + name, f"template {template.name} needs {name}; fill it in"
        elif word:
            try:
                converted(name, parameter, word)
            except UsageError as error:
                yield _PREFIX + name, error.plain


def words(template: Template, given: Values) -> Iterator[str]:
    """Yield “name=value” for each parameter that differs from its default."""
    for name, parameter in template.parameters.items():
        word = given.get(_PREFIX + name, "")
        if word and word != _usual(parameter):
            yield f"{name}={word}"


def _field(name: str, parameter: Parameter) -> Field:
    choices = _CHOICES.get(parameter.type, parameter.choices)
    return Field(
        f"{_PREFIX}{name}",
        name,
        Input.CHOICE if choices else Input.TEXT,
        value=_usual(parameter),
        hint=" ".join(_hints(parameter)),
        choices=choices,
        is_required=parameter.usual is None,
    )


_CHOICES: Mapping[ParameterType, tuple[str, ...]] = {"boolean": ("yes", "no")}
_YES_OR_NO = {"true": "yes", "false": "no"}


def _usual(parameter: Parameter) -> str:
    """Return the default as the form shows it."""
    usual = parameter.usual or ""
    return _YES_OR_NO[usual] if parameter.type == "boolean" and usual else usual


def _hints(parameter: Parameter) -> Iterator[str]:
    if parameter.summary:
        yield f"{parameter.summary}."
    if shape := _SHAPES.get(parameter.type):
        limits = (("at least", parameter.minimum), ("at most", parameter.maximum))
        such = f"{shape}{parameter.sample}" if shape.endswith(" ") else shape
        yield ", ".join((such, *(f"{words} {limit}" for words, limit in limits if limit is not None))) + "."
    if parameter.pattern is not None:
        yield f"Text that matches {parameter.pattern.pattern}"


# What ends in a blank goes on with a value that the parameter takes.
_SHAPES: Mapping[ParameterType, str] = {
    "integer": "A whole number",
    "quantity": "A quantity such as ",
    "image": "An image such as ",
}
