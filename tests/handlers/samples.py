"""Commands of every effect, which are looked at and never run."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import click

from bot.core.arguments import COUNT, POD
from bot.core.commands import Change, Command, Context, Plan, Read
from bot.core.names import PodName
from bot.core.replies import Reply
from bot.core.resources import Access


@click.argument("pod", type=POD, help="The pod.")
@click.option("-p", "--previous", is_flag=True, help="Of the run before.")
@click.option("--tail", type=COUNT, default=200, help="The last lines.")
@dataclass(frozen=True, slots=True)
class Some:
    """A request with an argument and options."""

    pod: PodName
    previous: bool
    tail: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """A request that asks for nothing more."""


async def never(context: Context, asked: Nothing | Some, plan: Plan | None = None) -> AsyncIterator[Reply]:
    """Fail: commands are looked at here, not run."""
    raise AssertionError(f"unexpected run: {context} {asked} {plan}")
    yield Reply("never")


async def never_planned(context: Context, asked: Nothing | Some) -> Plan:
    """Fail: commands are looked at here, not planned."""
    raise AssertionError(f"unexpected plan: {context} {asked}")


def same(reply: Reply) -> Reply:
    """Return the reply."""
    return reply


COMMANDS: dict[str, Command[Any, Any]] = {
    "help": Read(name="help", request=Nothing, run=never, render=same, summary="Help", scope_free=True),
    "list": Read(name="list", request=Nothing, run=never, render=same, summary="List", needs=(Access("list", "pods"),)),
    "delete": Change(
        name="delete",
        request=Nothing,
        plan=never_planned,
        run=never,
        render=same,
        summary="Delete",
        dangerous=True,
        needs=(
            Access("get", "pods"),
            Access("delete", "pods"),
            Access("create", "pods/eviction", when="--evict"),
            Access("get", "replicasets", group="apps", optional=True),
            Access("get", "nodes", scope="cluster", optional=True),
        ),
    ),
    "logs": Read(
        name="logs",
        request=Some,
        run=never,
        render=same,
        summary="Logs",
        examples=("logs web-1", "logs web-1 -p"),
        needs=(Access("get", "pods"), Access("get", "pods/log")),
    ),
}
