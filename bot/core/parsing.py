"""Words to a typed request: which command, and what is asked of it; or a usage error that teaches."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from bot.core.commands import Command
from bot.core.errors import UsageError
from bot.core.guesses import which_command
from bot.core.mistakes import explained, extra
from bot.core.names import Namespace
from bot.core.unseen import is_unseen
from bot.core.usages import EVERYWHERE, WITHIN, Parameter, built, parameters, usage

__all__ = ["Parameter", "Parsed", "parameters", "parse", "usage"]

LONGEST_LINE = 3000
_HELP = frozenset({"-h", "--help"})


@dataclass(frozen=True, slots=True)
class Parsed:
    """A line understood.

    `asked` is the command's request. `namespace` is None where none was typed. `line` says the same again, quoted so
    that it can be parsed again.
    """

    command: Command[Any, Any]
    asked: Any
    namespace: Namespace | None
    everywhere: bool
    line: str


def parse(words: str, commands: Mapping[str, Command[Any, Any]]) -> Parsed:
    """Read the line after `/pod`; an empty one asks for help. Raise `UsageError` for one that can't be understood."""
    verb, *rest = _split(words) or ["help"]
    verb = verb.lower()  # keyboards begin a sentence with a capital
    verb = "help" if verb in _HELP else verb
    command = commands.get(verb)
    if command is None:
        hint = which_command(verb, commands, "type `/pod help` to see all commands", "/pod ")
        raise UsageError(f"“{verb[:60]}” is not a command", hint=hint)
    if _asks_for_help(rest) and "help" in commands:
        command, rest = commands["help"], [verb]
    try:
        return _read(command, rest)
    except click.ClickException as error:
        raise explained(error, command, rest) from error
    except UsageError as error:
        error.verb = error.verb or command.name
        raise


def _split(words: str) -> list[str]:
    if len(words) > LONGEST_LINE:
        raise UsageError(f"the line is longer than {LONGEST_LINE:,} characters", hint="type a shorter one")
    if any(map(is_unseen, words)):
        raise UsageError(
            "there is an invisible character or a line break in the line", hint="type it in one plain line"
        )
    try:
        return shlex.split(words)
    except ValueError as error:
        hint = "close every “'” and “\"”, or put a backslash before one that is meant literally"
        raise UsageError("a quotation mark is not closed, or a backslash stands last", hint=hint) from error


def _asks_for_help(words: Sequence[str]) -> bool:
    before = words[: words.index("--")] if "--" in words else words
    return any(word in _HELP for word in before)


def _divided(command: Command[Any, Any], words: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Part a line at its first `--` where the command takes the rest as it is."""
    if not command.verbatim:
        return words, ()
    if words and "--" not in words:
        raise UsageError("“--” is missing before the words to run", hint=f"type `/pod {usage(command)}`")
    end = words.index("--") if words else 0
    return words[:end], tuple(words[end + 1 :])


def _put_verbatim(command: Command[Any, Any], context: click.Context, after: tuple[str, ...]) -> None:
    if context.params[command.verbatim]:
        raise extra(context.params[command.verbatim][0], command)
    if not after:
        raise UsageError("nothing stands after “--”", hint=f"type `/pod {usage(command)}`")
    context.params[command.verbatim] = after


def _read(command: Command[Any, Any], words: list[str]) -> Parsed:
    before, after = _divided(command, words)
    with built(command).make_context(command.name, list(before)) as context:
        namespace, everywhere = context.params.pop(WITHIN, None), context.params.pop(EVERYWHERE, False)
        if context.args:
            raise extra(context.args[0], command)
        if namespace and everywhere:
            raise UsageError("-n and -A contradict each other", hint="type one of them")
        if command.verbatim:
            _put_verbatim(command, context, after)
        asked = built(command).invoke(context)
    return Parsed(command, asked, namespace, everywhere, shlex.join([command.name, *words]))
