"""`wait`: until a pod is ready, gone, or whatever else kubectl can wait for."""

import shlex
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta

import click

from bot.core.ages import duration
from bot.core.arguments import GOAL, POD, TIMEOUT
from bot.core.commands import Context, Read
from bot.core.diagnosis import Finding, why_not_running
from bot.core.goals import Deleted, Goal, option, present
from bot.core.names import PodName
from bot.core.pods import Pod
from bot.core.replies import Offer, Reply
from bot.core.resources import Access
from bot.core.statuses import ready_word, status_word
from bot.render.blocks import context as small_print
from bot.render.blocks import section
from bot.render.findings import reason
from bot.render.text import bold, code, escape, typed
from bot.steps.events import events_of
from bot.steps.waiting import End, Waited, wait

PATIENCE = 15.0  # seconds beyond the asked ones, for the calls before and after
_QUOTED = 300  # characters of what a server said


@click.argument("pod", type=POD, help="The pod.")
@click.option(
    "--for",
    "goal",
    type=GOAL,
    default="ready",
    help="ready, running, completed, deleted, created, condition=TYPE[=false] or jsonpath='{.status.phase}'=VALUE.",
)
@click.option("--timeout", type=TIMEOUT, default="30s", help="How long, at most 10m; 0 looks once.")
@dataclass(frozen=True, slots=True)
class Wait:
    """For what, and how long (seconds)."""

    pod: PodName
    goal: Goal
    timeout: int


@dataclass(frozen=True, slots=True)
class Result:
    """How the wait ended, and why the pod does not run where that is known."""

    place: str
    namespace: str
    asked: Wait
    waited: Waited
    pod: Pod | None
    finding: Finding | None = None

    @property
    def gone(self) -> bool:
        """Whether its going was waited for, and it went."""
        return isinstance(self.asked.goal, Deleted) and self.waited.end is End.HOLDS

    @property
    def line(self) -> str:
        """What waits for the same once more."""
        wanted = shlex.quote(option(self.asked.goal))
        return f"wait {self.asked.pod} --for={wanted} --timeout={self.asked.timeout}s -n {self.namespace}"


async def run(context: Context, asked: Wait) -> AsyncIterator[Result]:
    """Wait; where it was in vain, find out why."""
    place = f"{context.grant.cluster}/{context.namespace}"
    waited = await wait(context, asked.pod, asked.goal, asked.timeout)
    pod = Pod.of(waited.last) if waited.last else None
    finding = None
    in_vain = waited.end in (End.TIME, End.NEVER) and not isinstance(asked.goal, Deleted)
    if in_vain and pod and not pod.deletion_timestamp:
        finding = why_not_running(pod, await events_of(context.cluster, pod) or ())
    yield Result(place, context.namespace, asked, waited, pod, finding)


def render(result: Result) -> Reply:
    """Say first whether it is so, then how the pod is and what is missing, then what to do."""
    answer = f"{_verdict(result)} · pod {code(result.asked.pod)} in {code(result.place)}{_state(result)}"
    missing = tuple(_missing(result))
    said = tuple(reason(result.finding, _QUOTED))
    more = (section(" ".join(missing)),) if missing else ()
    blocks = (section(answer), *more, *said, small_print(_next_step(result)))
    is_there = result.waited.end is not End.GONE and not result.gone
    pins = {f"pod/{result.asked.pod}": result.pod.uid} if result.pod and is_there else {}
    return Reply(answer, blocks, pins=pins, offers=tuple(_offers(result)))


def _verdict(result: Result) -> str:
    wanted, took = result.asked.goal.words, duration(timedelta(seconds=result.waited.seconds))
    match result.waited.end:
        case End.HOLDS if result.gone and result.pod is None:
            return f":white_check_mark: {bold('Not there')}"
        case End.HOLDS:
            return f":white_check_mark: {bold(wanted.title() if wanted.isalpha() else wanted)} after {took}"
        case End.NEVER:
            return f":red_circle: {bold(f'Never {wanted}')}"
        case End.GONE:
            return f":red_circle: {bold('Gone')} after {took}"
        case End.TIME:
            return f":hourglass: {bold(f'Not {wanted}')} after {took}"


def _state(result: Result) -> str:
    if result.pod is None or result.gone or result.waited.end is End.GONE:
        return ""
    return f": {escape(status_word(result.pod))}, {ready_word(result.pod)} ready"


def _missing(result: Result) -> Iterator[str]:
    """Say in sentences what is not as it was waited for."""
    waited, pod = result.waited, result.pod
    if waited.end is End.NEVER:
        yield f"It {escape(waited.why)}."
    if waited.end is End.GONE:
        yield "The pod that was there at first has been deleted."
    if waited.replaced:
        yield "Another pod has its name now, and is not meant."
    if waited.end is End.TIME and pod is None:
        yield "Nobody has created it yet."
    if waited.end is End.TIME and pod and isinstance(result.asked.goal, Deleted):
        yield _still_there(pod)
    elif waited.end is End.TIME and waited.last and (now := present(result.asked.goal, waited.last)):
        yield f"{escape(now[:1].upper() + now[1:])}."
    if waited.end is End.HOLDS and pod and pod.deletion_timestamp and not result.gone:
        yield "But it is being deleted."


def _still_there(pod: Pod) -> str:
    if pod.deletion_timestamp is None:
        return "Nobody has deleted it."
    if pod.finalizers:
        return f"It is being deleted, and waits for its finalizers: {', '.join(map(code, pod.finalizers))}."
    return "It is being deleted, and its containers are ending."


def _next_step(result: Result) -> str:
    there, pod = f"{result.asked.pod} -n {result.namespace}", result.pod
    shows_pods = f"{typed(f'list -n {result.namespace}')} shows the pods that there are."
    if result.waited.end is End.GONE or (result.waited.end is End.NEVER and pod and pod.deletion_timestamp):
        return f"{typed(result.line)} waits for the next one of this name. {shows_pods}"
    if result.waited.end is End.HOLDS:
        return shows_pods if pod is None or result.gone else f"{typed(f'logs {there}')} shows what it printed."
    if pod is None:
        return f"{typed('templates')} shows what you can create."
    if isinstance(result.asked.goal, Deleted) and pod.deletion_timestamp is None:
        return f"{typed(f'delete {there}')} deletes it, after a question."
    found = result.finding.lines if result.finding else ()
    lines = (*(f"{line} -n {result.namespace}" for line in found), f"describe {there}")
    return f"Next: {', '.join(map(typed, lines))}"


def _offers(result: Result) -> Iterator[Offer]:
    if result.waited.end is End.TIME:
        yield Offer("Wait again", result.line)
    if result.waited.end in (End.TIME, End.NEVER) and result.pod:
        yield Offer("Describe", f"describe {result.asked.pod} -n {result.namespace}")


def _patience(asked: Wait) -> float:
    return asked.timeout + PATIENCE


COMMAND = Read(
    name="wait",
    request=Wait,
    run=run,
    render=render,
    summary="Wait until a pod is ready, gone or the like",
    needs=(
        Access("list", "pods"),
        Access("watch", "pods"),
        Access("get", "pods"),
        Access("list", "events", optional=True),
    ),
    examples=(
        "wait web-1",
        "wait web-1 --for=deleted --timeout 2m",
        "wait web-1 --for=condition=Ready=false",
        "wait web-1 --for=jsonpath='{.status.phase}'=Running",
    ),
    patience=_patience,
)
