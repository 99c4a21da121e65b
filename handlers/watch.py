"""`watch`: have this channel told when pods come into trouble, or no longer."""

import shlex
from collections.abc import AsyncIterator
from dataclasses import dataclass

import click

from bot.core.arguments import SELECTOR
from bot.core.commands import Change, Context, Plan
from bot.core.errors import Declined, Forbidden
from bot.core.grants import Effect
from bot.core.replies import Reply
from bot.core.resources import Access
from bot.core.triage.rights import LOOKING
from bot.core.watches import Watch
from bot.render.blocks import context as small_print
from bot.render.blocks import section
from bot.render.text import bold, code, typed
from bot.steps.gathering import each

# What a closer look at a pod needs is what `triage` needs, and only a tier that may read watches.
_LOOKS = (Access("list", "pods"), Access("watch", "pods"))


@click.argument("state", type=click.Choice(["on", "off"]), help="Whether to watch from now on.")
@click.option("-l", "--selector", type=SELECTOR, help="Only pods that match.")
@dataclass(frozen=True, slots=True)
class Switch:
    """Whether to watch, and which pods."""

    state: str
    selector: str | None

    @property
    def is_on(self) -> bool:
        """Whether it is to be turned on."""
        return self.state == "on"


@dataclass(frozen=True, slots=True)
class Switched:
    """What is watched from now on, or no longer."""

    watch: Watch
    is_on: bool


async def plan(context: Context, asked: Switch) -> Plan:
    """Check that the asker may look at the pods, and that there is something to turn."""
    watch = _watch(context, asked)
    if not asked.is_on:
        await context.watches.remove(watch, dry_run=True)
        return Plan(f"watch {watch.place} no longer")
    if Effect.READ not in context.grant.may:
        raise Declined(
            f"{context.grant.tiers_user} may not read, so it can't watch", hint="`/pod can` shows what it may"
        )
    for access, may in zip(shown := _shown(context), await each(context.cluster.allowed, shown), strict=True):
        if not may:
            raise Forbidden(f"you may not {access.words} in {context.namespace}, which a watch shows")
    await context.watches.add(watch, dry_run=True)
    who = context.grant.tiers_user
    note = f"As {who}, podbot tells this channel when pods there come into trouble, and when they are well again."
    return Plan(f"watch {watch.place}", (note,))


async def run(context: Context, asked: Switch, _: Plan) -> AsyncIterator[Switched]:
    """Turn it on or off."""
    watch = _watch(context, asked)
    await (context.watches.add(watch) if asked.is_on else context.watches.remove(watch))
    yield Switched(watch, asked.is_on)


def render(result: Switched) -> Reply:
    """Say what is so now, and how to turn it the other way."""
    watch = result.watch
    state = f":eyes: {bold('Watched')}" if result.is_on else f":heavy_minus_sign: {bold('No longer watched')}"
    answer = f"{state} · pods in {code(watch.place)}"
    other = shlex.join(("watch", "off" if result.is_on else "on", *_selected(watch), "-n", watch.namespace))
    what = "ends it" if result.is_on else "watches again"
    return Reply(answer, (section(answer), small_print(f"{typed(other)} {what}. {typed('watches')} shows all.")))


def _shown(context: Context) -> tuple[Access, ...]:
    """Return what the asker must be allowed: a person who is not the tier must not see more by way of it."""
    own = context.grant.identity.user != context.grant.tiers_user
    closer = (access for access in LOOKING if access.scope == "namespace") if own else ()
    return (*_LOOKS, *closer)


def _selected(watch: Watch) -> tuple[str, ...]:
    return ("-l", watch.selector) if watch.selector else ()


def _watch(context: Context, asked: Switch) -> Watch:
    ask = context.ask
    return Watch(
        cluster=context.grant.cluster,
        namespace=context.namespace,
        selector=asked.selector or "",
        team=ask.team,
        channel=ask.channel,
        user=ask.user,
        tier=context.grant.tier,
        since=ask.received,
    )


COMMAND = Change(
    name="watch",
    request=Switch,
    plan=plan,
    run=run,
    render=render,
    summary="Tell this channel when pods come into trouble",
    needs=_LOOKS,
    examples=("watch on", "watch on -l app=web", "watch off"),
)
