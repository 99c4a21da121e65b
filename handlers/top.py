"""`top`: what pods use of CPU and memory, beside what they request and may use."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import click

from bot.core.ages import age
from bot.core.arguments import POD, SELECTOR
from bot.core.commands import Context, Read
from bot.core.consumption import Figure, Measured, Use, measured
from bot.core.errors import UsageError
from bot.core.names import PodName
from bot.core.pods import Pod
from bot.core.quantities import mebibytes, millicores
from bot.core.reading import mapping, text
from bot.core.replies import Block, Reply
from bot.core.resources import PODS, Access, Json
from bot.render.blocks import context as small_print
from bot.render.blocks import section, table
from bot.render.text import bold, code, counted, escape, typed
from bot.steps.metrics import all_metrics, metrics_of
from bot.steps.pods import find_raw_pod

LIMIT = 500  # pods that are read
_NAMED = 3
_MUCH = Decimal("0.9")  # of a memory limit: beyond it a container is killed
_METRICS = "metrics.k8s.io"


@click.argument("pod", type=POD, required=False, help="The pod; otherwise all of the namespace.")
@click.option("-l", "--selector", type=SELECTOR, help="Only pods with these labels.")
@click.option("--containers", is_flag=True, help="Each container by itself.")
@click.option("--sort-by", type=click.Choice(["cpu", "memory"]), help="The greatest use first; otherwise by name.")
@dataclass(frozen=True, slots=True)
class Top:
    """Whose use, and in which order."""

    pod: PodName | None
    selector: str | None
    containers: bool
    sort_by: str | None


@dataclass(frozen=True, slots=True)
class Used:
    """What was measured by `now`; pods that were not, and have not ended, are `missing`; `cut`: some were not read."""

    place: str
    namespace: str
    asked: Top
    now: datetime
    found: tuple[Measured, ...] = ()
    missing: tuple[Pod, ...] = ()
    uid: str = ""
    cut: bool = False


async def run(context: Context, asked: Top) -> AsyncIterator[Used]:
    """Read pods and their metrics, and put the two together by name."""
    if asked.pod is None:
        yield await _all(context, asked)
    elif asked.selector:
        raise UsageError("a pod's name and -l exclude each other", hint="type one of them")
    else:
        yield await _one(context, asked, asked.pod)


async def _one(context: Context, asked: Top, name: PodName) -> Used:
    raw = await find_raw_pod(context, name)
    metrics = await metrics_of(context.cluster, name)
    pod = Pod.of(raw)
    used = Used(_place(context), context.namespace, asked, context.clock.now(), uid=pod.uid)
    return replace(used, found=(measured(raw, metrics),)) if metrics else replace(used, missing=(pod,))


async def _all(context: Context, asked: Top) -> Used:
    selector = asked.selector or ""
    metrics = await all_metrics(context.cluster, selector, LIMIT)
    pods = await context.cluster.list(PODS, selector=selector, limit=LIMIT)
    known = {_name(raw): raw for raw in pods.items}
    found = tuple(measured(known.get(_name(one), {}), one) for one in metrics.items)
    names = {one.whole.pod for one in found}
    missing = tuple(pod for pod in map(Pod.of, pods.items) if pod.name not in names and not pod.ended)
    cut = metrics.unread != 0 or pods.unread != 0
    return Used(_place(context), context.namespace, asked, context.clock.now(), found, missing, cut=cut)


def _place(context: Context) -> str:
    return f"{context.grant.cluster}/{context.namespace}"


def _name(raw: Json) -> str:
    return text(mapping(raw.get("metadata")).get("name"))


def render(result: Used) -> Reply:
    """Say how much all of them use, then each one's use."""
    answer = _answer(result)
    pins = {f"pod/{result.asked.pod}": result.uid} if result.uid else {}
    if not result.found:
        return Reply(answer, (section(f"{answer}."), small_print(*_notes(result))), pins=pins)
    uses = [use for one in result.found for use in (one.containers if result.asked.containers else (one.whole,))]
    pod, container = ("Pod",), ("Container",) if result.asked.containers else ()
    figures = ("CPU", "CPU request", "CPU limit", "Memory", "Memory request", "Memory limit")
    headers = (*pod, *container, *figures)
    rows = [_row(use, result.asked) for use in sorted(uses, key=_order(result.asked))]
    numbers = range(len(headers) - len(figures), len(headers))
    blocks = (section(answer), *_close(uses), table(headers, rows, right=numbers), small_print(*_notes(result)))
    return Reply(answer, blocks, pins=pins)


def _answer(result: Used) -> str:
    where = code(result.place)
    whose = f"pod {code(result.asked.pod)}" if result.asked.pod else bold(counted(len(result.found), "pod"))
    matching = f" matching {code(result.asked.selector)}" if result.asked.selector else ""
    if not result.found:
        one = f"Pod {code(result.asked.pod or '')} in {where} has no metrics yet"
        return one if result.asked.pod else f"No pod in {where}{matching} has metrics yet"
    cpu = sum((one.whole.cpu.used for one in result.found), Decimal(0))
    memory = sum((one.whole.memory.used for one in result.found), Decimal(0))
    used = f"{bold(millicores(cpu))} of CPU and {bold(mebibytes(memory))} of memory"
    return f"{used} are used by {whose} in {where}{matching}"


def _order(asked: Top) -> Callable[[Use], tuple[Decimal, str]]:
    def key(use: Use) -> tuple[Decimal, str]:
        used = {"cpu": use.cpu.used, "memory": use.memory.used}
        return -used.get(asked.sort_by or "", Decimal(0)), use.pod

    return key


def _row(use: Use, asked: Top) -> tuple[str, ...]:
    container = (use.container,) if asked.containers else ()
    return (use.pod, *container, *_cells(use.cpu, millicores), *_cells(use.memory, mebibytes))


def _cells(figure: Figure, written: Callable[[Decimal], str]) -> tuple[str, str, str]:
    limit = "partly" if figure.partial else _part(figure.used, figure.limit, written)
    return written(figure.used), _part(figure.used, figure.request, written), limit


def _part(used: Decimal, whole: Decimal | None, written: Callable[[Decimal], str]) -> str:
    return f"{used / whole:.0%} of {written(whole)}" if whole else "none"


def _close(uses: Sequence[Use]) -> Iterator[Block]:
    """Say whose memory is close to its limit, the closest first."""
    close = [(use.memory.of_limit, use) for use in uses if (use.memory.of_limit or 0) >= _MUCH]
    close.sort(key=lambda pair: pair[0] or Decimal(0), reverse=True)
    if close:
        names = ", ".join(f"{code(_full_name(use))} at {part:.0%}" for part, use in close[:_NAMED])
        more = f" and {len(close) - _NAMED} more" if len(close) > _NAMED else ""
        yield section(f":warning: Close to the memory limit, where containers are killed: {names}{more}.")


def _full_name(use: Use) -> str:
    return f"{use.pod}/{use.container}" if use.container else use.pod


def _notes(result: Used) -> Iterator[str]:
    times = [one.at for one in result.found if one.at]
    if times:
        window = f" over {escape(result.found[0].window)}" if result.found[0].window else ""
        yield f"Measured {age(min(times), result.now)} ago{window}."
    if result.missing:
        names = ", ".join(f"{code(pod.name)} ({escape(pod.phase) or 'no phase'})" for pod in result.missing[:_NAMED])
        more = f" and {len(result.missing) - _NAMED:,} more" if len(result.missing) > _NAMED else ""
        yield f"Not measured (pods that do not run, or have just started): {names}{more}."
    if result.cut:
        yield f"At most {LIMIT} pods are read; narrow it with {code('-l')}."
    yield _next_step(result)


def _next_step(result: Used) -> str:
    pod, namespace = result.asked.pod, result.namespace
    if pod and (result.asked.containers or not result.found):
        return f"{typed(f'describe {pod} -n {namespace}')} shows how it is."
    if not result.found:
        return f"{typed(f'list -n {namespace}')} shows what runs here."
    if result.asked.containers:
        return f"{typed(f'describe POD -n {namespace}')} shows how one of them is."
    return f"{code('--containers')} shows each container by itself."


COMMAND = Read(
    name="top",
    request=Top,
    run=run,
    render=render,
    summary="Show what pods use of CPU and memory",
    needs=(
        Access("list", "pods", _METRICS),
        Access("get", "pods", _METRICS, when="pod"),
        Access("list", "pods"),
        Access("get", "pods", when="pod"),
    ),
    examples=("top", "top web-1 --containers", "top -l app=web --sort-by memory"),
)
