"""The commands as Markdown, for the README; made of the same declarations as `help`."""

from collections.abc import Iterable
from typing import Any

from bot.core.commands import Command
from bot.core.parsing import usage
from bot.core.resources import Access


def commands_table(commands: Iterable[Command[Any, Any]]) -> str:
    """Return a table with a row a command: how it is typed, what it does, its effect, the rights that it needs."""
    rows = [
        f"| `/pod {usage(command).replace('|', chr(92) + '|')}` | {command.summary} | {command.effect.value} "
        f"| {'; '.join(_need(need) for need in command.needs) or '–'} |"
        for command in sorted(commands, key=lambda command: command.name)
    ]
    return "\n".join(["| command | what it does | effect | needs in Kubernetes |", "|---|---|---|---|", *rows])


def _need(need: Access) -> str:
    when = f" ({need.purpose})" if need.purpose else ""
    return f"{need.words}{when}{', optional' if need.optional else ''}"
