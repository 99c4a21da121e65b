"""`alert`: triage of the pods that an alert names, in whichever of the asker's namespaces they are."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import click

from bot.core.alerts import MOST, Named
from bot.core.arguments import NAMED_POD
from bot.core.commands import Context, Read, Scope
from bot.core.errors import Forbidden, NotFound, NotSetUp, UsageError
from bot.core.names import PodName
from bot.core.replies import Block, Offer, Reply
from bot.core.resources import PODS, Access, Json
from bot.core.triage.judging import judge
from bot.core.triage.rights import LOOKING
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.verdict import Verdict
from bot.render import triage
from bot.render.blocks import context as small_print
from bot.render.blocks import divider, section
from bot.render.text import bold, code, counted, typed
from bot.steps.gathering import each
from bot.steps.triage import snapshot_of

LOOKS: Final = 5  # pods that are looked at closely
_LOOKUPS: Final = 50  # of names in namespaces
_TOGETHER: Final = 2  # closer looks at once, each of up to eight calls


@click.argument("pods", type=NAMED_POD, nargs=-1, metavar="[NAMESPACE/]POD…", help=f"At most {MOST} pods.")
@dataclass(frozen=True, slots=True)
class Alert:
    """Whom the alert names."""

    pods: tuple[Named, ...]

    def __post_init__(self) -> None:
        """Refuse more names than are looked up."""
        if len(self.pods) > MOST:
            raise UsageError(f"{len(self.pods)} pods are too many", hint=f"name at most {MOST} at once")


@dataclass(frozen=True, slots=True)
class Alerted:
    """What became of the names: pods that were looked at, and those that were not.

    `more` were found and not looked at, `missing` not found; `outside` name another namespace, and in the namespaces
    `closed` the asker may not get pods. `cut`: not every name was looked up in every namespace.
    """

    asked: Alert
    looked: tuple[tuple[Snapshot, Verdict], ...] = ()
    more: tuple[Named, ...] = ()
    missing: tuple[Named, ...] = ()
    outside: tuple[Named, ...] = ()
    closed: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """One name looked up in one namespace; `raw` is None where there is no such pod."""

    named: Named
    scope: Scope
    raw: Json | None = None
    closed: bool = False


async def run(context: Context, asked: Alert) -> AsyncIterator[Alerted]:
    """Look each name up in the namespaces that were granted, as the asker; then look closely at the pods."""
    named = dict.fromkeys(asked.pods)
    lookups = [(one, scope) for one in named for scope in context.scopes if _may_be_in(one, scope)]
    found = await each(_look_up, lookups[:_LOOKUPS])
    there = [one for one in found if one.raw is not None]
    outside = [one for one in named if not any(_may_be_in(one, scope) for scope in context.scopes)]
    looked = await each(partial(_look, context), there[:LOOKS], at_once=_TOGETHER)
    yield Alerted(
        asked,
        tuple(filter(None, looked)),
        tuple(Named(one.named.pod, one.scope.grant.namespace) for one in there[LOOKS:]),
        tuple(one for one in named if one not in outside and not any(one == pod.named for pod in there)),
        tuple(outside),
        tuple(dict.fromkeys(one.scope.grant.namespace for one in found if one.closed)),
        cut=len(lookups) > _LOOKUPS,
    )


def _may_be_in(named: Named, scope: Scope) -> bool:
    return named.namespace in {"", scope.grant.namespace}


async def _look_up(lookup: tuple[Named, Scope]) -> _Found:
    named, scope = lookup
    try:
        return _Found(named, scope, await scope.cluster.get(PODS, named.pod))
    except NotFound:
        return _Found(named, scope)
    except (Forbidden, NotSetUp):
        return _Found(named, scope, closed=True)


async def _look(context: Context, found: _Found) -> tuple[Snapshot, Verdict]:
    """Look closely at a pod that was read a moment ago."""

    async def read() -> Json:
        return found.raw or {}

    seen = await snapshot_of(found.scope.cluster, read, PodName(found.named.pod), context.clock.now())
    return seen, await asyncio.to_thread(judge, seen)


def render(result: Alerted) -> Reply:
    """Triage the one pod in full, or several in short, with a button for each."""
    if not result.looked:
        return _nothing(result)
    notes = tuple(_notes(result))
    small = (small_print(*notes),) if notes else ()
    pins = {f"pod/{seen.pod.namespace}/{seen.pod.name}": seen.pod.uid for seen, _ in result.looked}
    if len(result.looked) == 1:
        ((seen, verdict),) = result.looked
        answer = triage.headline(seen, verdict)
        offers = tuple(replace(one, namespace=seen.pod.namespace) for one in triage.offers(seen, verdict))
        blocks = (section(answer), *triage.told(seen, verdict), *small)
        return Reply(answer, blocks, pins=pins, offers=offers, resolve=triage.resolving(seen, verdict))
    answer = f"{bold(counted(len(result.looked), 'pod'))} of {counted(_names(result), 'name')} in the alert"
    shown = (block for seen, verdict in result.looked for block in _in_short(seen, verdict))
    return Reply(answer, (section(answer), *shown, *small), pins=pins, offers=tuple(map(_offer, result.looked)))


def _names(result: Alerted) -> int:
    return len(dict.fromkeys(result.asked.pods))


def _in_short(seen: Snapshot, verdict: Verdict) -> Iterator[Block]:
    """Yield one pod's cause, the first proof of it, and what may mend it."""
    yield divider()
    yield section(triage.headline(seen, verdict))
    if verdict.first:
        yield from triage.proofs(verdict.first, 1)
        if advice := triage.advice(verdict.first):
            yield section(advice)


def _offer(looked: tuple[Snapshot, Verdict]) -> Offer:
    pod = looked[0].pod
    return Offer(f"Triage {pod.name}", f"triage {pod.name} -n {pod.namespace}", namespace=pod.namespace)


def _nothing(result: Alerted) -> Reply:
    """Say that no pod was found, and how to ask about one."""
    if result.asked.pods:
        answer = ":grey_question: No pod that the alert names was found where you may look"
    else:
        answer = ":grey_question: No pod's name is in this message"
    then = f"{typed('triage POD -n NAMESPACE')} looks at one, {typed('triage')} at this channel's namespace."
    return Reply(f"{answer}.", (section(f"{answer}."), small_print(*_notes(result), then)))


def _notes(result: Alerted) -> Iterator[str]:
    if result.missing:
        yield f"Not found: {_listed(result.missing)}."
    if result.outside:
        those = f"Outside the namespaces that were looked at: {_listed(result.outside)}"
        yield f"{those}; {code('-A')} looks at all that are granted to you here."
    if result.cut:
        yield f"Not every name was looked up in every namespace; {typed('alert NAMESPACE/POD -A')} looks in one."
    if result.more:
        yield f"Not looked at closely, {LOOKS} at once are: {_listed(result.more)}."
    if result.closed:
        yield f"You may not get pods in {', '.join(map(code, result.closed))}."


def _listed(names: Sequence[Named]) -> str:
    return ", ".join(code(one.word) for one in names)


COMMAND = Read(
    name="alert",
    request=Alert,
    run=run,
    render=render,
    summary="Triage the pods that an alert names",
    needs=(Access("get", "pods"), *LOOKING),
    examples=("alert web-1", "alert shop/web-1 payments/ledger-0 -A"),
    everywhere=True,
)
