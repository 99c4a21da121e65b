"""`triage`: what is wrong with a pod, how we know, and what to do next; or which pods of a namespace need help."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain

import click

from bot.core.arguments import POD, SELECTOR
from bot.core.commands import Context, Read
from bot.core.errors import UsageError
from bot.core.names import PodName
from bot.core.replies import Block, Reply
from bot.core.resources import Access
from bot.core.triage.judging import judge
from bot.core.triage.rights import LOOKING
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.verdict import Verdict
from bot.render import survey as several
from bot.render import triage as one
from bot.render.blocks import context as small_print
from bot.render.blocks import section
from bot.render.text import bold, code, counted, typed
from bot.steps.pods import find_raw_pod
from bot.steps.surveying import LOOKS, Survey, survey
from bot.steps.triage import snapshot_of


@click.argument("pod", type=POD, required=False, help="The pod; otherwise all of the namespace.")
@click.option("-l", "--selector", type=SELECTOR, help="Only pods with these labels.")
@dataclass(frozen=True, slots=True)
class Triage:
    """Which pod, or which pods."""

    pod: PodName | None
    selector: str | None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if self.pod and self.selector:
            raise UsageError("a pod and -l contradict each other", hint="type one of them, such as `/pod triage web-1`")


@dataclass(frozen=True, slots=True)
class Judged:
    """One pod as it was read, and the verdict."""

    seen: Snapshot
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A namespace's pods, or those with some labels."""

    place: str
    namespace: str
    selector: str
    found: Survey


async def run(context: Context, asked: Triage) -> AsyncIterator[Judged | Surveyed]:
    """Read the one pod and judge it; or read the namespace, and judge a few of its pods."""
    now = context.clock.now()
    if asked.pod:
        find = partial(find_raw_pod, context, asked.pod)
        seen = await snapshot_of(context.cluster, find, asked.pod, now)
        yield Judged(seen, await asyncio.to_thread(judge, seen))
        return
    found = await survey(context.cluster, asked.selector or "", now)
    yield Surveyed(f"{context.grant.cluster}/{context.namespace}", context.namespace, asked.selector or "", found)


def render(result: Judged | Surveyed) -> Reply:
    """Say the cause first, then the proof, then the next step."""
    return _one(result.seen, result.verdict) if isinstance(result, Judged) else _several(result)


def _one(seen: Snapshot, verdict: Verdict) -> Reply:
    answer = one.headline(seen, verdict)
    pins = {f"pod/{seen.pod.name}": seen.pod.uid}
    blocks = (section(answer), *one.told(seen, verdict))
    closing = one.resolving(seen, verdict)
    return Reply(answer, blocks, pins=pins, offers=one.offers(seen, verdict), resolve=closing)


def _several(result: Surveyed) -> Reply:
    found = result.found
    hurt_groups = several.grouped([(looked.group.pods, looked.verdict) for looked in found.looked])
    answer = _answer(result, hurt_groups)
    blocks: Iterator[Block] = chain(
        (section(answer),),
        chain.from_iterable(map(several.group_blocks, hurt_groups)),
        chain.from_iterable(map(several.beside_block, found.beside)),
        (small_print(*_notes(result)),),
    )
    return Reply(answer, tuple(blocks), offers=several.offers(hurt_groups, result.namespace))


def _answer(result: Surveyed, hurt_groups: tuple[several.Hurt, ...]) -> str:
    """Say how many pods need help, of how many."""
    found = result.found
    where = f"in {code(result.place)}{f' matching {code(result.selector)}' if result.selector else ''}"
    total = counted(found.pods, "pod")
    hurt = sum(len(group.pods) for group in hurt_groups)
    if not hurt and not found.beside:
        unclear = f", {counted(len(found.left), 'pod')} not looked at closely" if found.left else ""
        return f":large_green_circle: {bold('Nothing is wrong')} with {total} {where}{unclear}"
    needs = f"{hurt:,} of {total}" if hurt else "No pod, but what makes or finds them"
    verb = "needs" if hurt == 1 or not hurt else "need"
    return f":red_circle: {bold(f'{needs} {verb} help')} {where}"


def _notes(result: Surveyed) -> Iterator[str]:
    found = result.found
    if found.unread != 0:
        yield f"Only the first {found.pods:,} pods were read; narrow it with {code('-l')}."
    if found.left:
        yield f"{several.left_out(found.left)}; {LOOKS} at once are."
    if found.unseen:
        yield one.unseen(found.unseen)
    yield f"{typed(f'triage POD -n {result.namespace}')} looks closely at one."


COMMAND = Read(
    name="triage",
    request=Triage,
    run=run,
    render=render,
    summary="Say what is wrong with a pod, how we know, and what to do",
    needs=(
        Access("get", "pods", when="pod"),
        Access("list", "pods"),
        *LOOKING,
    ),
    examples=("triage web-1", "triage -l app=web", "triage"),
)
