"""`whoami`: who Slack says you are, and who you are to Kubernetes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.core.asks import Ask
from bot.core.commands import Context, Read
from bot.core.grants import Account, Effect, Grant
from bot.core.replies import Reply
from bot.core.resources import Who
from bot.render.blocks import context, section, table
from bot.render.text import code, typed

_MAY = {
    Effect.READ: "read",
    Effect.CHANGE: "change",
    Effect.DANGEROUS: "do dangerous things (a button asks first)",
}


_UNNAMED = (
    " Kubernetes sees this ServiceAccount, and not who you are: its audit log does not name you, podbot's own does."
)


@dataclass(frozen=True, slots=True)
class Whoami:
    """Nothing more is asked."""


@dataclass(frozen=True, slots=True)
class Identified:
    """Who asked, what policy grants them here, and the API server's own answer."""

    ask: Ask
    grant: Grant
    who: Who


async def run(context: Context, _: Whoami) -> AsyncIterator[Identified]:
    """Ask the API server whom it takes the asker for."""
    yield Identified(context.ask, context.grant, await context.cluster.who())


def render(result: Identified) -> Reply:
    """Say both in one table."""
    ask, grant, who = result.ask, result.grant, result.who
    answer = f"You are {code(who.user)} in {code(f'{grant.cluster}/{grant.namespace}')}"
    tier = f"Tier {code(grant.tier)} may {_and([words for effect, words in _MAY.items() if effect in grant.may])}."
    rows = [
        ("Slack workspace", ask.team),
        ("Slack user", ask.user),
        ("Slack channel", ask.channel),
        ("Kubernetes user", who.user),
        ("Kubernetes groups", ", ".join(who.groups)),
        *((key, ", ".join(values)) for key, values in who.extras),
    ]
    blocks = (
        section(f"{answer}. {tier}{_UNNAMED if isinstance(grant.identity, Account) else ''}"),
        table(("What", "Value"), rows),
        context(f"{typed('can')} shows what you may do here."),
    )
    return Reply(f"{answer}.", blocks)


def _and(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


COMMAND = Read(
    name="whoami",
    request=Whoami,
    run=run,
    render=render,
    summary="Show who you are to Slack and to Kubernetes",
    examples=("whoami", "whoami -n shop"),
)
