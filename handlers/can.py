"""`can`: what you may do here, by the API server's own access reviews, and what is missing."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from typing import Any

import click

from bot.core.arguments import TEXT
from bot.core.commands import Command, Context, Read
from bot.core.errors import UsageError
from bot.core.grants import Grant
from bot.core.guesses import which_command
from bot.core.replies import Reply
from bot.core.resources import Access
from bot.render.blocks import context as small_print
from bot.render.blocks import section, table
from bot.render.text import code, counted, typed
from bot.steps.gathering import each


@click.argument("verb", type=TEXT, required=False, help="The command to check; otherwise all.")
@dataclass(frozen=True, slots=True)
class Can:
    """One verb, or all of them."""

    verb: str | None


@dataclass(frozen=True, slots=True)
class Ability:
    """One command: whether policy lets the asker use it, and which of its rights Kubernetes denies them."""

    name: str
    effect: str
    granted: bool
    missing: tuple[Access, ...] = ()

    @property
    def is_full(self) -> bool:
        """Whether nothing is in the way."""
        return self.granted and not self.missing

    @property
    def is_part(self) -> bool:
        """Whether it works without some flag, or without a part of its answer."""
        return self.granted and bool(self.missing) and all(access.when or access.optional for access in self.missing)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the asker may do in the grant's namespace."""

    grant: Grant
    abilities: tuple[Ability, ...]


async def run(context: Context, asked: Can) -> AsyncIterator[Abilities]:
    """Review every right that the commands need, each once."""
    commands = _chosen(context, asked.verb)
    needs = (access for command in commands for access in command.needs)
    rights = list(dict.fromkeys(_right(access) for access in needs if context.pod_templates or not access.policy))
    allowed = dict(zip(rights, await each(context.cluster.allowed, rights), strict=True))
    denied = {right for right, yes in allowed.items() if not yes}
    yield Abilities(context.grant, tuple(_ability(command, context.grant, denied) for command in commands))


def render(result: Abilities) -> Reply:
    """Say it in a table, one command a row."""
    where = code(f"{result.grant.cluster}/{result.grant.namespace}")
    answer = f"{_answer(result.abilities)} in {where}"
    rows = [(ability.name, _verdict(ability), _missing(ability, result.grant)) for ability in result.abilities]
    blocks = (
        section(f"{answer}."),
        table(("Command", "May you?", "What is missing"), rows),
        small_print(
            f"Rights of {code(result.grant.identity.user)}, now. {typed('help VERB')} says what a command does."
        ),
    )
    return Reply(f"{answer}.", blocks)


def _answer(abilities: tuple[Ability, ...]) -> str:
    if len(abilities) > 1:
        full = sum(ability.is_full for ability in abilities)
        return f"You may fully use {full} of {counted(len(abilities), 'command')}"
    one = abilities[0]
    how = "" if one.is_full else "in part " if one.is_part else "not "
    return f"You may {how}use {code(one.name)}"


def _chosen(context: Context, verb: str | None) -> list[Command[Any, Any]]:
    if verb is None:
        return list(context.commands.values())
    command = context.commands.get(verb.lower())
    if command is None:
        hint = which_command(verb, context.commands, "type `/pod help` to see them all", "/pod can ")
        raise UsageError(f"“{verb[:60]}” is not a command", hint=hint)
    return [command]


def _right(access: Access) -> Access:
    """Return the right alone, so that two commands' needs of it are one question."""
    return replace(access, when="", optional=False)


def _ability(command: Command[Any, Any], grant: Grant, denied: Iterable[Access]) -> Ability:
    missing = tuple(access for access in command.needs if _right(access) in denied)
    return Ability(command.name, command.effect.value, command.scope_free or command.effect in grant.may, missing)


def _verdict(ability: Ability) -> str:
    if ability.is_full:
        return "✅ yes"
    return "⚠️ in part" if ability.is_part else "⛔ no"


def _missing(ability: Ability, grant: Grant) -> str:
    """Name the rights that are missing here; those that only a part of the answer needs come last, together."""
    policy = () if ability.granted else (f"policy: tier {grant.tier} has no {ability.effect} commands",)
    needed = tuple(_words(access) for access in ability.missing if not access.optional)
    helpful = ", ".join(_words(access) for access in ability.missing if access.optional)
    return "; ".join((*policy, *needed, *((f"for a part of the answer: {helpful}",) if helpful else ())))


def _words(access: Access) -> str:
    where = "" if access.scope == "namespace" else " in the whole cluster"
    purpose = f" for {access.purpose}" if access.purpose else ""
    return f"{access.words}{where}{purpose}"


COMMAND = Read(
    name="can",
    request=Can,
    run=run,
    render=render,
    summary="Show what you may do here, and which right is missing",
    examples=("can", "can delete", "can logs -n shop"),
)
