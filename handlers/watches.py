"""`watches`: what this channel watches."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from bot.core.ages import age
from bot.core.commands import Context, Read
from bot.core.grants import tiers_user
from bot.core.replies import Reply
from bot.core.watches import Watch, of_channel
from bot.render.blocks import context as small_print
from bot.render.blocks import section, table
from bot.render.text import bold, counted, typed

_HEADERS = ("Namespace", "Selector", "Looks as", "Since")


@dataclass(frozen=True, slots=True)
class Watches:
    """Nothing more is asked."""


@dataclass(frozen=True, slots=True)
class Found:
    """The channel's watches, at `now`; `accounts` is as in `of_tier`."""

    watches: tuple[Watch, ...]
    now: datetime
    accounts: str = ""


async def run(context: Context, _: Watches) -> AsyncIterator[Found]:
    """Read what is watched."""
    found = await context.watches.all()
    yield Found(tuple(of_channel(found, context.ask.channel)), context.clock.now(), context.accounts)


def render(result: Found) -> Reply:
    """List the channel's watches."""
    if not result.watches:
        answer = f"{bold('Nothing is watched')} for this channel"
        return Reply(answer, (section(answer), small_print(f"{typed('watch on')} watches its namespace.")))
    answer = bold(f"{counted(len(result.watches), 'watch', 'watches')} of this channel")
    rows = [_row(one, result) for one in result.watches]
    return Reply(answer, (section(answer), table(_HEADERS, rows), small_print(f"{typed('watch off')} ends one.")))


def _row(watch: Watch, found: Found) -> tuple[str, ...]:
    selector = watch.selector or "every pod"
    who = tiers_user(watch.tier, found.accounts)
    return f"{watch.cluster}/{watch.namespace}", selector, who, age(watch.since, found.now)


COMMAND = Read(
    name="watches",
    request=Watches,
    run=run,
    render=render,
    summary="Show what this channel watches",
    examples=("watches",),
    scope_free=True,
)
