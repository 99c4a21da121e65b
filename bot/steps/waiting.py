"""Waiting for a pod to come to be something: read it, watch from there, read it again when the watch ends.

What changes between a read and its watch is not missed, for the watch goes on from the version of the list that was
read; a pod's own version may be older than the API server remembers.
Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from math import ceil

from bot.core.commands import Context
from bot.core.errors import ClusterError, Expired, ServerFault, TooMany, TooSlow, Unreachable
from bot.core.goals import Created, Deleted, Goal, holds, hopeless
from bot.core.names import PodName
from bot.core.pods import Pod
from bot.core.reading import mapping, text, uid_of
from bot.core.resources import PODS, Json
from bot.steps.pods import find_raw_pod

PAUSE = 1.0
_PASSING: tuple[type[ClusterError], ...] = (Expired, ServerFault, TooMany, TooSlow, Unreachable)


class End(Enum):
    """How a wait ended."""

    HOLDS = auto()
    NEVER = auto()  # it can't come so far any more
    GONE = auto()  # it was deleted, and that was not waited for
    TIME = auto()


@dataclass(frozen=True, slots=True)
class Waited:
    """How a wait ended after `seconds`, and the pod as it was seen last (None: there was none).

    `replaced`: another pod has its name now. `why` is what `hopeless` says.
    """

    end: End
    last: Json | None
    seconds: float = 0
    replaced: bool = False
    why: str = ""


async def wait(context: Context, name: PodName, wanted: Goal, seconds: float) -> Waited:
    """Wait until `wanted` holds for the pod of this name, or can't hold any more, at most `seconds`.

    The first pod that is seen is the one that is meant. Raises `NotFound` where there is none and that is no answer.
    """
    began = context.clock.now()
    last: Json | None = None
    async with aclosing(_states(context, name, wanted, began + timedelta(seconds=seconds))) as states:
        async for raw in states:
            known, last = last, raw or last
            if (end := await _judged(context, wanted, known, raw)) is not None:
                return _timed(end, context, began)
    return _timed(Waited(End.TIME, last), context, began)


def _timed(waited: Waited, context: Context, began: datetime) -> Waited:
    return replace(waited, seconds=(context.clock.now() - began).total_seconds())


async def _judged(context: Context, wanted: Goal, known: Json | None, raw: Json | None) -> Waited | None:
    """Return the end that a state means, None where it means to go on; `known` is the pod as it was seen before."""
    if raw is None or (known and uid_of(raw) != uid_of(known)):
        if isinstance(wanted, Deleted):
            return Waited(End.HOLDS, known, replaced=raw is not None)
        if known is None:
            return None
        replaced = raw is not None or await _is_there(context, _name(known))
        return Waited(End.GONE, known, replaced=replaced)
    if holds(wanted, raw):
        return Waited(End.HOLDS, raw)
    why = hopeless(wanted, Pod.of(raw))
    return Waited(End.NEVER, raw, why=why) if why else None


async def _is_there(context: Context, name: str) -> bool:
    try:
        return (await _read(context, name)).raw is not None
    except ClusterError:  # only a word more in the answer hangs on it
        return False


@dataclass(frozen=True, slots=True)
class _Seen:
    """The pod, or None, and the version from which a watch goes on."""

    raw: Json | None
    version: str


async def _states(context: Context, name: PodName, wanted: Goal, end: datetime) -> AsyncGenerator[Json | None, None]:
    """Yield the pod as it is, then each time it changes, None where there is none; once more when time is over."""
    seen = await _read(context, name)
    if seen.raw is None and not isinstance(wanted, Created | Deleted):
        await find_raw_pod(context, name)  # names those that may be meant
    yield seen.raw
    while (left := (end - context.clock.now()).total_seconds()) > 0:
        with suppress(*_PASSING):
            async with aclosing(_changes(context, name, seen.version, ceil(left))) as changes:
                async for change in changes:
                    yield change
        if context.clock.now() < end:
            await context.clock.sleep(PAUSE)
        try:
            seen = await _read(context, name)
        except _PASSING:  # the next watch goes on from what was read before
            if context.clock.now() >= end:
                raise
        else:
            yield seen.raw


async def _read(context: Context, name: str) -> _Seen:
    listing = await context.cluster.list(PODS, fields=f"metadata.name={name}")
    return _Seen(next(iter(listing.items), None), listing.version)


async def _changes(context: Context, name: PodName, version: str, seconds: int) -> AsyncGenerator[Json | None, None]:
    fields = f"metadata.name={name}"
    async with aclosing(context.cluster.watch(PODS, version=version, fields=fields, seconds=seconds)) as changes:
        async for change in changes:
            yield None if change.kind == "DELETED" else change.object


def _name(raw: Json) -> str:
    return text(mapping(raw.get("metadata")).get("name"))
