"""The types of arguments, and that commands use no others."""

from dataclasses import fields
from typing import Any

import click
import pytest

from bot.core import arguments
from bot.core.arguments import ALLOWED, Words, is_allowed
from bot.core.commands import Command
from bot.core.usages import built
from handlers import COMMANDS


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (arguments.POD, "web-1", "web-1"),
        (arguments.NAMESPACE, "shop", "shop"),
        (arguments.CONTAINER, "app", "app"),
        (arguments.TEMPLATE_NAME, "single", "single"),
        (arguments.TEXT, "any thing", "any thing"),
        (arguments.SECONDS, "0", 0),
        (arguments.COUNT, "-1", -1),
        (arguments.DURATION, "1h30m", 5400),
        (arguments.SELECTOR, "a==b", "a=b"),
        (arguments.FIELD_SELECTOR, "a==b", "a=b"),
        (arguments.LABELS, "a=b,c=d", (("a", "b"), ("c", "d"))),
        (arguments.PARAMETER, "image=a=b", ("image", "a=b")),
    ],
)
def test_words_become_values(reader: Words[Any], text: str, value: object) -> None:
    """Each type reads its word, and lets pass a default that is a value already."""
    assert reader.convert(text, None, None) == value
    assert reader.convert(7, None, None) == 7


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (arguments.POD, ".."),
        (arguments.NAMESPACE, "a/b"),
        (arguments.CONTAINER, "a.b"),
        (arguments.TEMPLATE_NAME, "../x"),
        (arguments.SECONDS, "-1"),
        (arguments.SECONDS, "604801"),
        (arguments.SECONDS, "1.5"),
        (arguments.COUNT, "-2"),
        (arguments.COUNT, "\N{ARABIC-INDIC DIGIT ONE}"),
        (arguments.COUNT, "9" * 5000),
        (arguments.DURATION, "5"),
        (arguments.SELECTOR, "a b"),
        (arguments.FIELD_SELECTOR, "a"),
        (arguments.LABELS, "a"),
        (arguments.PARAMETER, "image"),
        (arguments.PARAMETER, "Image=x"),
        (arguments.PARAMETER, "=x"),
    ],
)
def test_refusals_end_with_what_to_type(reader: Words[Any], text: str) -> None:
    """A word of another form is refused in one short sentence and a hint."""
    with pytest.raises(click.BadParameter, match=r"“.*” .*; (use|type) ") as refused:
        reader.convert(text, None, None)
    assert len(refused.value.message) < 300


def test_types_are_shown_by_name() -> None:
    """A type prints as the word that stands for its values."""
    assert {repr(reader) for reader in ALLOWED} >= {"POD", "DURATION", "NAME=VALUE"}


@pytest.mark.parametrize(
    "declared",
    [
        click.Argument(["x"]),
        click.Argument(["x"], type=click.File()),
        click.Option(["--x"], type=click.Path()),
        click.Option(["--x"], type=arguments.TEXT, prompt=True),
        click.Option(["--x"], type=arguments.TEXT, envvar="X"),
        click.Option(["--x"], type=arguments.TEXT, callback=lambda _context, _parameter, value: value),
    ],
)
def test_what_reaches_outside_is_not_allowed(declared: click.Parameter) -> None:
    """Files, paths, prompts, the environment, callbacks and click's own texts are not allowed in a command."""
    assert not is_allowed(declared)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_commands_declare_what_their_requests_hold(command: Command[Any, Any]) -> None:
    """Every command's declared parameters are its request's fields, of allowed types only."""
    declared = built(command).params
    added = {"in_namespace", "in_all_namespaces"}
    assert {one.name for one in declared} - added == {field.name for field in fields(command.request)}
    assert [one.name for one in declared if not is_allowed(one)] == []
