"""The commands and the rules of triage as Markdown; made of the declarations that podbot itself goes by."""

from collections.abc import Iterable
from typing import Any

from bot.core.commands import Command
from bot.core.parsing import usage
from bot.core.resources import Access
from bot.core.triage.rules import Family


def commands_table(commands: Iterable[Command[Any, Any]]) -> str:
    """Return a table with a row a command: how it is typed, what it does, its effect, the rights that it needs."""
    rows = [
        f"| `/pod {usage(command).replace('|', chr(92) + '|')}` | {command.summary} | {command.effect.value} "
        f"| {'; '.join(_need(need) for need in command.needs) or '–'} |"
        for command in sorted(commands, key=lambda command: command.name)
    ]
    return "\n".join(["| command | what it does | effect | needs in Kubernetes |", "|---|---|---|---|", *rows])


def rules_table(families: Iterable[Family]) -> str:
    """Return a table with a row a rule of triage: its id, what is looked for, what it means, where that stands."""
    rows = [
        f"| {rule.id} | {family.name} | {rule.signal} | {rule.meaning} | [source]({rule.source}) |"
        for family in families
        for rule in family.rules
    ]
    return "\n".join(["| rule | family | signal | meaning | documented |", "|---|---|---|---|---|", *rows])


def _need(need: Access) -> str:
    when = f" ({need.purpose})" if need.purpose else ""
    return f"{need.words}{when}{', optional' if need.optional else ''}"
