"""`help`: what podbot can do, and how one command is typed; made of the commands' own declarations."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import click

from bot.core.arguments import TEXT
from bot.core.commands import Command, Context, Read
from bot.core.errors import UsageError
from bot.core.grants import Effect
from bot.core.guesses import which_command
from bot.core.parsing import Parameter, parameters, usage
from bot.core.replies import Block, Reply
from bot.core.resources import Access
from bot.render.blocks import context as small_print
from bot.render.blocks import preformatted, section, table
from bot.render.text import bold, code, counted, escape, typed

_EFFECTS = {
    Effect.READ: "reads",
    Effect.CHANGE: "changes, and the channel is told",
    Effect.DANGEROUS: "dangerous, and asks by a button first",
}


@click.argument("verb", type=TEXT, required=False, help="The command to explain.")
@dataclass(frozen=True, slots=True)
class Help:
    """One verb, or all of them."""

    verb: str | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All commands."""

    commands: tuple[Command[Any, Any], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One command."""

    command: Command[Any, Any]


async def run(context: Context, asked: Help) -> AsyncIterator[Overview | Page]:
    """Look it up; nothing is read from a cluster."""
    if asked.verb is None:
        yield Overview(tuple(context.commands.values()))
    elif asked.verb.lower() in context.commands:
        yield Page(context.commands[asked.verb.lower()])
    else:
        hint = which_command(asked.verb, context.commands, "type `/pod help` to see them all", "/pod help ")
        raise UsageError(f"“{asked.verb[:60]}” is not a command", hint=hint)


def render(result: Overview | Page) -> Reply:
    """Show a table of commands, or one command's page."""
    return _page(result.command) if isinstance(result, Page) else _overview(result)


def _overview(result: Overview) -> Reply:
    answer = f"{bold(counted(len(result.commands), 'command'))}, each done with your own rights in Kubernetes"
    order = list(Effect)
    commands = sorted(result.commands, key=lambda command: (order.index(command.effect), command.name))
    rows = [(command.name, command.summary, _EFFECTS[command.effect]) for command in commands]
    steps = small_print(f"{typed('help VERB')} explains one, {typed('can')} shows what you may do here.")
    return Reply(answer, (section(answer), table(("Command", "What it does", "Effect"), rows), steps))


def _page(command: Command[Any, Any]) -> Reply:
    answer = f"{bold(command.name)} · {escape(command.summary)}"
    rows = [_row(parameter) for parameter in parameters(command)]
    options: tuple[Block, ...] = (table(("Word", "Meaning", "Default"), rows),) if rows else ()
    examples = "\n".join(f"• {typed(example)}" for example in command.examples)
    blocks = (
        section(answer),
        preformatted(f"/pod {usage(command)}"),
        *options,
        *((section(f"For example\n{examples}"),) if examples else ()),
        small_print(f"Effect: {_EFFECTS[command.effect]}.", *_needs(command)),
    )
    return Reply(answer, blocks)


def _row(parameter: Parameter) -> tuple[str, str, str]:
    value = f" {parameter.metavar}" if parameter.is_option and parameter.metavar else ""
    default = "must be given" if parameter.required else parameter.default
    return ", ".join(parameter.names) + value, parameter.help, default


def _needs(command: Command[Any, Any]) -> Iterator[str]:
    needed = [_need(access) for access in command.needs if not access.optional]
    helpful = [_need(access) for access in command.needs if access.optional]
    yield f"Needs in Kubernetes: {', '.join(needed)}." if needed else "Needs no right in Kubernetes."
    if helpful:
        yield f"Tells more with: {', '.join(helpful)}."


def _need(access: Access) -> str:
    return f"{code(access.words)} for {code(access.purpose)}" if access.purpose else code(access.words)


COMMAND = Read(
    name="help",
    request=Help,
    run=run,
    render=render,
    summary="Show the commands, or how one is typed",
    examples=("help", "help logs"),
    scope_free=True,
)
