"""click's exceptions in plain words, each with what to type instead."""

from collections.abc import Sequence
from typing import Any

import click

from bot.core.commands import Command
from bot.core.errors import UsageError
from bot.core.guesses import did_you_mean
from bot.core.usages import built, usage, value_name


def explained(error: click.ClickException, command: Command[Any, Any], words: Sequence[str]) -> UsageError:
    """Return what was wrong with `words`, those after the verb."""
    match error:
        case click.NoSuchOption():
            return _unknown_option(error.option_name, command, words)
        case click.BadOptionUsage():
            return _misused_option(error.option_name, command)
        case click.MissingParameter() if error.param:
            return UsageError(f"{_label(error.param)} is missing", hint=_form(command), verb=command.name)
        case click.BadParameter() if error.param:
            return _bad_value(error, error.param, command)
    return UsageError(error.format_message(), hint=_form(command), verb=command.name)


def extra(word: str, command: Command[Any, Any]) -> UsageError:
    """Return the error for a word that no argument takes."""
    return UsageError(f"“{word[:60]}” is one word too many", hint=_form(command), verb=command.name)


def _unknown_option(name: str, command: Command[Any, Any], words: Sequence[str]) -> UsageError:
    # click says “-t” of “-tail”; the typed word is what people recognise, and what is near to “--tail”
    typed = next((word for word in words if word.startswith(name)), name).partition("=")[0]
    options = [option for declared in built(command).params for option in declared.opts if option.startswith("--")]
    known = options if len(typed.lstrip("-")) > 1 else ()  # one letter is near to everything
    hint = did_you_mean("--" + typed.lstrip("-"), known, f"type `/pod help {command.name}` to see its options")
    return UsageError(f"“{typed[:60]}” is not an option of {command.name}", hint=hint, verb=command.name)


def _misused_option(name: str, command: Command[Any, Any]) -> UsageError:
    declared = next(one for one in built(command).params if name in one.opts)
    value = value_name(declared)
    message, hint = (
        (f"{name} needs a value", f"type `{name} {value}`") if value else (f"{name} takes no value", _form(command))
    )
    return UsageError(message, hint=hint, verb=command.name)


def _bad_value(error: click.BadParameter, declared: click.Parameter, command: Command[Any, Any]) -> UsageError:
    start = f"{declared.opts[0]}: " if isinstance(declared, click.Option) else ""
    if isinstance(declared.type, click.Choice):
        choices = " or ".join(str(choice) for choice in declared.type.choices)
        must = f"must be {choices}" if start else "must stand here"
        return UsageError(f"{_label(declared)} {must}", hint=_form(command), verb=command.name)
    cause = error.__cause__
    hint = cause.hint if isinstance(cause, UsageError) else _form(command)
    return UsageError(f"{start}{cause or error.message}", hint=hint, verb=command.name)


def _label(declared: click.Parameter) -> str:
    if isinstance(declared, click.Option):
        return declared.opts[0]
    if isinstance(declared.type, click.Choice):
        return " or ".join(f"“{choice}”" for choice in declared.type.choices)
    return value_name(declared)


def _form(command: Command[Any, Any]) -> str:
    return f"type `/pod {usage(command)}`"
