"""Every line that podbot tells people to type can be typed, and what help says fits a phone."""

import ast
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from bot.core.commands import Command
from bot.core.parsing import parameters, parse, usage
from bot.core.usages import built
from bot.render.plain import plain
from config.settings import SHIPPED_TEMPLATES
from config.templates import load_templates
from handlers import COMMANDS, REGISTRY
from handlers.templates import render

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted(
    path for room in ("bot", "handlers") for path in (ROOT / room).rglob("*.py") if "demo" not in path.parts
)
EVERY = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
EVERYWHERE = {"-n", "--namespace", "-A", "--all-namespaces"}  # explained once, shown by some
_TOLD = re.compile(r"`/pod ([^`]+)`")


def _written(node: ast.expr) -> str:
    """Return a string of the source, a likely name in place of each value that is put into it."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join("web-1" if isinstance(part, ast.FormattedValue) else _written(part) for part in node.values)
    return ""


def _lines(tree: ast.AST) -> Iterator[str]:
    """Yield what is given to `typed`, what buttons run, and what stands as `/pod …` in a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            place = {"typed": 0, "Offer": 1}.get(node.func.id)
            if place is not None and (line := _written(node.args[place])):
                yield line
        if isinstance(node, ast.Constant | ast.JoinedStr):
            yield from _TOLD.findall(_written(node))


def _told() -> list[str]:
    lines = {line for path in SOURCES for line in _lines(ast.parse(path.read_text()))}
    unfilled = {re.sub(r"\{(verb|where)\}", "", line) for line in lines}
    return sorted(line for line in unfilled if not line.startswith("web-1"))  # a whole line that is put in


def _filled(line: str) -> str:
    """Return a line with a name in place of each word that stands for one."""
    return re.sub(r"\b(POD|VERB|TEMPLATE|NAME|NAMESPACE)\b", "web-1", line)


@pytest.mark.parametrize("line", _told())
def test_lines_that_are_told_can_be_typed(line: str) -> None:
    """Each next step that the sources name parses, with names in place of what stands for them."""
    assert parse(_filled(line), REGISTRY).command.name == line.split(maxsplit=1)[0]


def test_lines_are_found() -> None:
    """The test above has something to hold."""
    assert {"templates", "help", "can", "list -n web-1", "list --show-labels", "describe web-1 -n web-1"} <= set(
        _told()
    )


@pytest.mark.parametrize("template", load_templates(SHIPPED_TEMPLATES).values(), ids=lambda template: template.name)
def test_examples_of_templates_can_be_typed(template: Any) -> None:
    """The line that a template's page tells is one pod of that template, with its parameters."""
    (line,) = re.findall(r"/pod (create [^`]+)`", plain(render(template).blocks))
    asked = parse(line, REGISTRY).asked
    assert (asked.template, asked.name) == (template.name, f"my-{template.name}")
    assert asked.values.keys() <= template.parameters.keys()


@EVERY
def test_every_word_has_a_meaning(command: Command[Any, Any]) -> None:
    """Help leaves no argument and no option unexplained, and ends each explanation with a full stop."""
    assert [one.names for one in parameters(command) if not one.help.endswith(".")] == []


@EVERY
def test_every_option_has_an_example(command: Command[Any, Any]) -> None:
    """Each option of a command stands in one of its examples."""
    words = {word.partition("=")[0] for example in command.examples for word in example.split(" -- ")[0].split()}
    for declared in built(command).params:
        names = set(declared.opts)
        if any(name.startswith("-") for name in names) and not getattr(declared, "hidden", False):
            assert names & (words | EVERYWHERE), declared.opts


@EVERY
def test_help_fits_a_phone(command: Command[Any, Any]) -> None:
    """A summary is two lines of a phone at most, a usage six, and neither has a word that is longer than one."""
    assert len(command.summary) <= 60
    assert not command.summary.endswith(".")
    assert len(usage(command)) <= 200
    assert all(len(word) <= 36 for word in usage(command).split())
    assert all(len(one.help) <= 120 for one in parameters(command))


@EVERY
def test_no_parameter_is_declared_twice(command: Command[Any, Any]) -> None:
    """Click's own search for options and names that two parameters share finds none."""
    declared = built(command)
    with warnings.catch_warnings(action="error"):
        click.Command.get_params(declared, click.Context(declared))
