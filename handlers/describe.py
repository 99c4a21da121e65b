"""`describe`: all about one pod, what matters first."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import click

from bot.core.arguments import POD
from bot.core.commands import Context, Read
from bot.core.containers import Container, Running, Terminated, Waiting
from bot.core.diagnosis import Finding, Stage, stage
from bot.core.events import Event, of_object
from bot.core.names import PodName
from bot.core.pods import Condition, Pod
from bot.core.reading import uid_of
from bot.core.replies import Block, Reply
from bot.core.resources import Access
from bot.core.statuses import ready_word, status_word
from bot.core.triage.brief import brief
from bot.core.triage.snapshot import Snapshot
from bot.render.blocks import context as small_print
from bot.render.blocks import section, table
from bot.render.cutting import excerpt
from bot.render.findings import COLOURS, reason
from bot.render.text import bold, code, counted, escape, typed, when
from bot.render.volumes import in_short
from bot.steps.events import raw_events_of
from bot.steps.gathering import each
from bot.steps.pods import find_raw_pod

EVENTS = 12  # the newest that are shown
_TOGETHER = 4  # events of one section, which has a limit of its own
_QUOTED = 300  # characters of what a server said
_CELL = 160  # characters of one line of a table's cell
_IN_DOUBT = ":large_yellow_circle:"  # it is well at the moment, and has a history


@click.argument("pod", type=POD, help="The pod.")
@dataclass(frozen=True, slots=True)
class Describe:
    """Which pod."""

    pod: PodName


@dataclass(frozen=True, slots=True)
class Described:
    """A pod as it was read, and its events, the newest last; None where the asker may not read events."""

    place: str
    seen: Snapshot
    events: tuple[Event, ...] | None

    @property
    def pod(self) -> Pod:
        """The pod's view."""
        return self.seen.pod


async def run(context: Context, asked: Describe) -> AsyncIterator[Described]:
    """Read the pod, and beside it what happened to all of its name, for its UID is not known yet."""
    reads: tuple[Callable[[], Awaitable[Any]], ...] = (
        partial(find_raw_pod, context, asked.pod),
        partial(raw_events_of, context.cluster, asked.pod),
    )
    raw, happened = await each(lambda read: read(), reads)
    place = f"{context.grant.cluster}/{context.namespace}"
    seen = Snapshot(context.clock.now(), raw, of_object(happened or (), uid_of(raw)))
    yield Described(place, seen, None if happened is None else seen.every_event)


def render(result: Described) -> Reply:
    """Say how the pod is and why, then show its containers, its facts and its events."""
    pod = result.pod
    finding = brief(result.seen)
    answer = _answer(result, finding)
    blocks = (
        section(answer),
        *reason(finding, _QUOTED),
        *_listed("Restarts and exits", [line for one in pod.all_containers for line in _exits(one)]),
        *_containers(pod),
        section("\n".join(_facts(pod))),
        *_listed("Conditions that are not true", [_condition(one) for one in pod.conditions if one.status != "True"]),
        *_events(result.events),
        small_print(f"Next: {', '.join(typed(line) for line in _next_lines(pod, finding))}"),
    )
    return Reply(answer, blocks, pins={f"pod/{pod.name}": pod.uid})


def _answer(result: Described, finding: Finding | None) -> str:
    pod = result.pod
    ending = pod.deletion_timestamp is not None and not pod.ended
    reached = Stage.STARTING if ending else stage(pod, finding)
    colour = _IN_DOUBT if reached is Stage.RUNNING and finding else COLOURS[reached]
    restarts = counted(pod.restarts, "restart") if pod.restarts else "no restarts"
    where = f"pod {code(pod.name)} in {code(result.place)}"
    return f"{colour} {bold(status_word(pod))} · {where}, {ready_word(pod)} ready, {restarts}"


def _listed(title: str, lines: list[str]) -> Iterator[Block]:
    if lines:
        yield section("\n".join((bold(title), *(f"• {line}" for line in lines))))


def _exits(container: Container) -> Iterator[str]:
    """Say how often a container was started again and how its runs ended, as far as the kubelet remembers."""
    name = code(container.name)
    if container.restart_count:
        yield f"{name} has restarted {counted(container.restart_count, 'time')}"
    if isinstance(container.last_state, Terminated):
        yield f"{name}, the run before: {_end(container.last_state)}"
    if isinstance(container.state, Terminated):
        yield f"{name} ended: {_end(container.state)}"


def _end(ended: Terminated) -> str:
    signal = f", signal {ended.signal}" if ended.signal else ""
    reason = f", {escape(ended.reason)}" if ended.reason else ""
    moment = f", {when(ended.finished)}" if ended.finished else ""
    return f"exit code {ended.exit_code}{signal}{reason}{moment}"


def _containers(pod: Pod) -> Iterator[Block]:
    rows = [
        *(_row(one, "sidecar" if one.sidecar else "init") for one in pod.init_containers),
        *(_row(one, "") for one in pod.containers),
        *(_row(one, "ephemeral") for one in pod.ephemeral),
    ]
    if rows:
        yield table(("Container", "State", "Image", "Ports", "Probes"), rows)


def _row(container: Container, kind: str) -> tuple[str, ...]:
    return (
        f"{container.name} ({kind})" if kind else container.name,
        _state(container, checked=kind in {"", "sidecar"}),
        container.image,
        ", ".join(port.words for port in container.ports),
        "; ".join(excerpt(probe.words, _CELL) for probe in container.probes),
    )


def _state(container: Container, *, checked: bool) -> str:
    """Return a state in words; only `checked` containers count for the pod's being ready."""
    match container.state:
        case Waiting(reason):
            return f"Waiting: {reason}" if reason else "Waiting"
        case Running():
            readiness = ", ready" if container.ready else ", not ready"
            return f"Running{readiness if checked else ''}"
        case Terminated() as ended:
            return f"{ended.word}, exit code {ended.exit_code}"
    return "Waiting"  # what a container without a state does, says the API, and kubectl


def _facts(pod: Pod) -> Iterator[str]:
    """Say a line each: where it runs, who made it, what it carries."""
    yield f"*Node* {_or(pod.node, 'none yet')} · *IP* {_or(pod.ip, 'none')}"
    owner = pod.owner
    yield f"*Controlled by* {escape(owner.kind)} {code(owner.name)}" if owner else "*Controlled by* nothing"
    yield f"*Service account* {_or(pod.service_account, 'none')}"
    if pod.created:
        yield f"*Created* {when(pod.created)}"
    if pod.deleted:
        yield f"*Deleted* {when(pod.deleted)}"
    if pod.finalizers:
        yield f"*Finalizers* {', '.join(map(code, pod.finalizers))}"
    yield f"*Labels* {' '.join(code(f'{key}={value}') for key, value in pod.labels.items()) or 'none'}"
    yield f"*Volumes* {', '.join(map(in_short, pod.volumes)) or 'none'}"


def _or(text: str, nothing: str) -> str:
    return code(text) if text else nothing


def _condition(condition: Condition) -> str:
    """Return a condition with its reason, and in Kubernetes' words what is wrong."""
    status = f"{bold(condition.type)} is {escape(condition.status)}"
    reason = f", {escape(condition.reason)}" if condition.reason else ""
    since = f", since {when(condition.since)}" if condition.since else ""
    return f"{status}{reason}{since}{_said(condition.message)}"


def _said(message: str) -> str:
    return f": {escape(excerpt(' '.join(message.split()), _QUOTED))}" if message else ""


def _events(events: tuple[Event, ...] | None) -> Iterator[Block]:
    """Show the newest events in the order of time, and say how many came before them."""
    if events is None:
        yield section("*Events* are not shown: you may not read events here.")
        return
    if not events:
        yield section("*Events* none; Kubernetes forgets them after a while.")
        return
    left_out = len(events) - EVENTS
    yield section(f"*Events*, {f'the newest {EVENTS} of {len(events):,}' if left_out > 0 else 'oldest first'}")
    lines = [_event(event) for event in events[-EVENTS:]]
    for start in range(0, len(lines), _TOGETHER):
        yield section("\n".join(lines[start : start + _TOGETHER]))


def _event(event: Event) -> str:
    moment = when(event.last) if event.last else "some time"
    warning = ":warning: " if event.warning else ""
    times = f" ({event.count:,} times)" if event.count > 1 else ""
    container = f" {code(event.container)}" if event.container else ""
    return f"• {moment} · {warning}{bold(event.reason)}{container}{times}{_said(event.message)}"


def _shown(finding: Finding | None) -> tuple[str, ...]:
    """Return the lines of a finding that lead elsewhere."""
    return tuple(line for line in (finding.lines if finding else ()) if not line.startswith("describe "))


def _next_lines(pod: Pod, finding: Finding | None) -> tuple[str, ...]:
    has_run = any(isinstance(one.state, Running | Terminated) for one in pod.all_containers)
    more = (f"triage {pod.name}",) if finding else ()
    logs = _shown(finding) or ((f"logs {pod.name}",) if has_run else ())
    delete = (f"delete {pod.name}",) if pod.deletion_timestamp is None else ()
    return tuple(f"{line} -n {pod.namespace}" for line in (*more, *logs, *delete, "list"))


COMMAND = Read(
    name="describe",
    request=Describe,
    run=run,
    render=render,
    summary="Show all about a pod, what matters first",
    needs=(
        Access("get", "pods"),
        Access("list", "events", optional=True),
        Access("list", "pods", optional=True),
    ),
    examples=("describe web-1", "describe web-1 -n shop"),
)
