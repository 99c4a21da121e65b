"""Reading a namespace for triage: one list of its pods, and closer looks at a few of those that may need help."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from bot.core.errors import NotFound
from bot.core.events import Event
from bot.core.names import PodName
from bot.core.ports import Cluster
from bot.core.reading import mapping, text
from bot.core.resources import EVENTS, PODS, SERVICES, SLICES, Json, Table
from bot.core.triage.judging import judge
from bot.core.triage.snapshot import Snapshot, Unseen
from bot.core.triage.suspects import Group, Suspect, groups, not_looked_at
from bot.core.triage.verdict import Verdict
from bot.steps.gathering import each
from bot.steps.parts import CONTROLLERS, Reader
from bot.steps.triage import snapshot_of

PODS_READ: Final = 1_000
LOOKS: Final = 10  # pods that are looked at closely
_CONTROLLERS_READ = 5
_TOGETHER = 2  # closer looks at once, each of up to eight calls


@dataclass(frozen=True, slots=True)
class Looked:
    """A group of pods that stand alike, and what is wrong with the one that was looked at."""

    group: Group
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Survey:
    """What a namespace's pods need; `unread` as in `Table`, `left` are suspects that were not looked at closely.

    `beside` are verdicts of controllers that can't make pods, and of Services that lead nowhere.
    """

    pods: int
    unread: int | None = 0
    looked: tuple[Looked, ...] = ()
    beside: tuple[Verdict, ...] = ()
    left: tuple[Suspect, ...] = ()
    unseen: tuple[Unseen, ...] = ()


async def survey(cluster: Cluster, selector: str, now: datetime) -> Survey:
    """Read the pods that a selector picks, else all, and look closely at `LOOKS` of them at most."""
    table: Table = await cluster.table(PODS, selector=selector, limit=PODS_READ, labels=True)
    reader = Reader(cluster)
    found = groups(table)
    looks = await each(partial(_look, cluster, now), found[:LOOKS], at_once=_TOGETHER)
    beside = () if selector else await _beside(reader, now)
    return Survey(
        pods=len(table.rows),
        unread=table.unread,
        looked=tuple(one for one, _ in filter(None, looks)),
        beside=beside,
        left=not_looked_at(found, LOOKS),
        unseen=_once(*(seen.unseen for _, seen in filter(None, looks)), reader.unseen),
    )


async def _look(cluster: Cluster, now: datetime, group: Group) -> tuple[Looked, Snapshot] | None:
    """Look closely at the first pod of a group; one that has gone meanwhile needs nothing."""
    name = PodName(group.pods[0].name)
    try:
        seen = await snapshot_of(cluster, partial(cluster.get, PODS, name), name, now)
    except NotFound:
        return None
    return Looked(group, await asyncio.to_thread(judge, seen)), seen


async def _beside(reader: Reader, now: datetime) -> tuple[Verdict, ...]:
    """Judge what no pod tells of: controllers that were refused a pod, and Services."""
    wanted = (("events", EVENTS, "reason=FailedCreate"), ("Services", SERVICES, ""), ("endpoints", SLICES, ""))
    failed, services, slices = await each(lambda one: reader.list(one[0], one[1], fields=one[2]), wanted)
    controllers = await each(partial(_controller, reader, now, failed or ()), _named(failed or ()))
    seen = [*filter(None, controllers), Snapshot(now, services=services, slices=slices)]
    verdicts = await asyncio.to_thread(lambda: [judge(one) for one in seen])
    return tuple(verdict for verdict in verdicts if verdict.first)


def _named(failed: Sequence[Json]) -> list[tuple[str, str]]:
    """Return the controllers that events of a failed creation are about, the newest first."""
    about = dict.fromkeys((event.kind, event.name) for event in map(Event.of, reversed(failed)))
    return [one for one in about if one[0] in CONTROLLERS][:_CONTROLLERS_READ]


async def _controller(reader: Reader, now: datetime, failed: Sequence[Json], who: tuple[str, str]) -> Snapshot | None:
    kind, name = who
    found = await reader.get("controllers", CONTROLLERS[kind], name)
    if found is None or not isinstance(found.value, dict):  # gone, and its events with it soon
        return None
    mine = tuple(one for one in failed if text(mapping(one.get("involvedObject")).get("name")) == name)
    return Snapshot(now, happened=mine, owners=({"kind": kind, **found.value},))


def _once(*lists: Sequence[Unseen]) -> tuple[Unseen, ...]:
    return tuple(dict.fromkeys(one for some in lists for one in some))
