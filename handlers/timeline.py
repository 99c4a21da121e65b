"""`timeline`: a pod's life in pictures, and the same in words."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

import click

from bot.core.ages import age, duration
from bot.core.arguments import POD
from bot.core.commands import Context, Read
from bot.core.consumption import Use, measured
from bot.core.containers import Running
from bot.core.diagnosis import stage, why_not_running
from bot.core.errors import ClusterError, Forbidden, NoMetrics, NotSetUp
from bot.core.events import Event, folded
from bot.core.names import PodName
from bot.core.pods import Pod
from bot.core.quantities import mebibytes
from bot.core.replies import Block, Reply
from bot.core.resources import Access, Json
from bot.core.statuses import status_word
from bot.core.timeline import Moment, Step, moments, steps
from bot.render.blocks import context as small_print
from bot.render.blocks import section
from bot.render.charts import bars, durations
from bot.render.cutting import CHART_POINTS
from bot.render.findings import COLOURS
from bot.render.text import bold, code, counted, escape, typed, when
from bot.steps.events import events_of
from bot.steps.metrics import metrics_of
from bot.steps.pods import find_raw_pod

MOMENTS: Final = 20  # the newest that are told
_MEBI: Final = Decimal(2**20)
_METRICS: Final = "metrics.k8s.io"


@click.argument("pod", type=POD, help="The pod.")
@dataclass(frozen=True, slots=True)
class Timeline:
    """Whose life."""

    pod: PodName


@dataclass(frozen=True, slots=True)
class Lived:
    """A pod by `now`, its events (None where the asker may not read them), and what its containers use.

    `unmeasured` says why nothing is known of their use, and is empty where something is.
    """

    place: str
    pod: Pod
    now: datetime
    events: tuple[Event, ...] | None
    uses: tuple[Use, ...] = ()
    unmeasured: str = ""


async def run(context: Context, asked: Timeline) -> AsyncIterator[Lived]:
    """Read the pod, what happened to it, and where it runs, what it uses."""
    raw = await find_raw_pod(context, asked.pod)
    pod = Pod.of(raw)
    place = f"{context.grant.cluster}/{context.namespace}"
    events = await events_of(context.cluster, pod)
    told = None if events is None else folded(events)
    uses, unmeasured = await _uses(context, raw, pod)
    yield Lived(place, pod, context.clock.now(), told, uses, unmeasured)


async def _uses(context: Context, raw: Json, pod: Pod) -> tuple[tuple[Use, ...], str]:
    """Return what the containers use, or why that is not known; a picture without it is a picture still."""
    if not any(isinstance(one.state, Running) for one in pod.all_containers):
        return (), "no container runs now"
    try:
        metrics = await metrics_of(context.cluster, PodName(pod.name))
    except (Forbidden, NotSetUp):
        return (), "you may not get pods.metrics.k8s.io"
    except NoMetrics:
        return (), "the cluster has no metrics API"
    except ClusterError as error:
        return (), str(error)
    return (measured(raw, metrics).containers, "") if metrics else ((), "it has not been measured yet")


def render(result: Lived) -> Reply:
    """Say how the pod is, draw how long each step took and what it uses or how often it restarted, then tell it all."""
    pod, events = result.pod, result.events or ()
    answer = _answer(result)
    taken = steps(pod, events, result.now)[:CHART_POINTS]
    pictures = [*_steps(taken), *(_memory(result.uses) or _restarts(pod))]
    said = [words for _, words in pictures]
    happened = moments(pod, events)
    blocks = (
        section(answer),
        *(block for chart, words in pictures for block in (chart, small_print(words))),
        *_told(happened),
        small_print(*_notes(result, happened)),
    )
    return Reply(" ".join((f"{answer}.", *said)), blocks, pins={f"pod/{pod.name}": pod.uid})


Picture = tuple[Block, str]
"""A chart, and the same in words."""


def _answer(result: Lived) -> str:
    pod = result.pod
    colour = COLOURS[stage(pod, why_not_running(pod, result.events or ()))]
    restarts = counted(pod.restarts, "restart") if pod.restarts else "no restarts"
    lived = f"created {age(pod.created, result.now)} ago" if pod.created else "created some time ago"
    return f"{colour} {bold(status_word(pod))} · pod {code(pod.name)} in {code(result.place)}, {lived}, {restarts}"


def _steps(taken: Sequence[Step]) -> Iterator[Picture]:
    if taken:
        unit, values = durations([step.span for step in taken])
        chart = bars("How long each step took", unit, [step.label for step in taken], {"time": values})
        words = (f"{escape(one.label)} {duration(one.span)}{' so far' if one.going_on else ''}" for one in taken)
        yield chart, f"How long each step took: {', '.join(words)}."


def _memory(uses: Sequence[Use]) -> list[Picture]:
    """Draw memory beside its limit, of the containers that have one: there it is where they are killed."""
    limited = [(use, use.memory.limit) for use in uses if use.memory.limit][:CHART_POINTS]
    if not limited:
        return []
    used = [float(round(use.memory.used / _MEBI, 1)) for use, _ in limited]
    limits = [float(round(limit / _MEBI, 1)) for _, limit in limited]
    labels = [use.container for use, _ in limited]
    words = (f"{code(use.container)} uses {_of(use.memory.used, limit)}" for use, limit in limited)
    chart = bars("Memory and its limit", "MiB", labels, {"used": used, "limit": limits})
    return [(chart, f"Memory and its limit: {', '.join(words)}.")]


def _of(used: Decimal, limit: Decimal) -> str:
    return f"{mebibytes(used)} of {mebibytes(limit)} ({used / limit:.0%})"


def _restarts(pod: Pod) -> list[Picture]:
    counts = {one.name: one.restart_count for one in pod.all_containers if one.restart_count}
    if not counts:
        return []
    names = list(counts)[:CHART_POINTS]
    words = ", ".join(f"{code(name)} {counted(counts[name], 'time')}" for name in names)
    chart = bars("Restarts", "times", names, {"restarts": [float(counts[name]) for name in names]})
    return [(chart, f"Restarts: {words}.")]


def _told(happened: Sequence[Moment]) -> Iterator[Block]:
    lines = [f"• {when(one.at)} · {_moment(one)}" for one in happened[-MOMENTS:]]
    for start in range(0, len(lines), MOMENTS // 2):
        yield section("\n".join(lines[start : start + MOMENTS // 2]))


def _moment(one: Moment) -> str:
    whose = f"{code(one.container)} " if one.container else ""
    times = f" ({one.count:,} times, the last then)" if one.count > 1 else ""
    return f"{':warning: ' if one.trouble else ''}{whose}{escape(one.what)}{times}"


def _notes(result: Lived, happened: Sequence[Moment]) -> Iterator[str]:
    name, namespace = result.pod.name, result.pod.namespace
    if len(happened) > MOMENTS:
        yield f"The newest {MOMENTS} of {len(happened):,} moments."
    if result.events is None:
        yield "Without events: you may not read them here."
    if result.unmeasured:
        yield f"Memory is not shown: {escape(result.unmeasured)}."
    elif not any(use.memory.limit for use in result.uses):
        yield "Memory is not shown: no container has a limit."
    yield "The kubelet remembers the last two runs of a container; events are kept for an hour by default."
    use = typed(f"top {name} --containers -n {namespace}")
    yield f"{typed(f'events {name} -n {namespace}')} shows what was told, {use} its use."


COMMAND = Read(
    name="timeline",
    request=Timeline,
    run=run,
    render=render,
    summary="Show a pod's life in pictures and in words",
    needs=(
        Access("get", "pods"),
        Access("list", "events", optional=True),
        Access("list", "pods", optional=True),
        Access("get", "pods", _METRICS, optional=True),
    ),
    examples=("timeline web-1", "timeline web-1 -n shop"),
)
