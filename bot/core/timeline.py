"""A pod's life as far as the API server remembers it: what happened when, and how long each step took.

Of a container's runs the kubelet keeps the last two, and Kubernetes keeps events for an hour by default.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.containers import Container, Running, Terminated, Waiting
from bot.core.events import Event
from bot.core.pods import Pod

_TOLD: Final = frozenset({"Pulled", "Killing"})  # beside warnings; what else events tell, the pod's status tells better
# Of the kubelet's message: https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/image_manager.go.
_PULLED = re.compile(r" in (?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,4}(?:\.\d{1,9})?)s|(\d{1,4}(?:\.\d{1,9})?)ms)")


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened at a time (UTC); `what` is plain text, `container` empty where the pod is meant."""

    at: datetime
    what: str
    container: str = ""
    trouble: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the life and how long it took, or takes until now where it is `going_on`."""

    label: str
    span: timedelta
    going_on: bool = False


def moments(pod: Pod, events: Sequence[Event]) -> tuple[Moment, ...]:
    """Return what happened, the oldest first; of events with one reason about one container, the newest."""
    newest = {(event.reason, event.container): event for event in events if event.warning or event.reason in _TOLD}
    told = (Moment(one.last, one.reason, one.container, one.warning, one.count) for one in newest.values() if one.last)
    runs = (moment for container in pod.all_containers for moment in _of_container(container))
    return tuple(sorted((*_beginning(pod), *runs, *_since_then(pod), *told), key=lambda one: one.at))


def steps(pod: Pod, events: Sequence[Event], now: datetime) -> tuple[Step, ...]:
    """Return the steps in their order; a run that goes on is none, for it would dwarf all others."""
    ordinary = [container for container in pod.all_containers if not _ends(pod, container)]
    return (
        *_scheduling(pod, now),
        *(one for container in pod.init_containers if _ends(pod, container) for one in _runs(container, now)),
        *_pulls(events),
        *_starting(pod, now),
        *(one for container in ordinary for one in _runs(container, now)),
        *_becoming_ready(pod),
    )


def _beginning(pod: Pod) -> Iterator[Moment]:
    if pod.created:
        yield Moment(pod.created, "created")
    if scheduled := _since(pod, "PodScheduled"):
        yield Moment(scheduled, f"scheduled to {pod.node}" if pod.node else "scheduled")


def _since_then(pod: Pod) -> Iterator[Moment]:
    if ready := _since(pod, "Ready"):
        yield Moment(ready, "ready")
    if pod.deleted:
        yield Moment(pod.deleted, "deleted")


def _of_container(container: Container) -> Iterator[Moment]:
    again = container.restart_count
    if isinstance(container.last_state, Terminated):
        yield from _run(container, container.last_state, "started" if again <= 1 else "restarted")
    now = f"restarted, {again:,} times by now" if again > 1 else "restarted" if again else "started"
    if isinstance(container.state, Terminated):
        yield from _run(container, container.state, now)
    elif isinstance(container.state, Running) and container.state.started:
        yield Moment(container.state.started, now, container.name)


def _run(container: Container, ended: Terminated, began: str) -> Iterator[Moment]:
    if ended.started:
        yield Moment(ended.started, began, container.name)
    if ended.finished:
        failed = ended.exit_code != 0
        how = f"{'failed' if failed else 'ended'}: {ended.word}, exit code {ended.exit_code}"
        yield Moment(ended.finished, how, container.name, failed)


def _since(pod: Pod, kind: str) -> datetime | None:
    condition = pod.condition(kind)
    return condition.since if condition and condition.status == "True" else None


def _ends(pod: Pod, container: Container) -> bool:
    """Whether a container is to end before the ordinary ones begin."""
    return container in pod.init_containers and not container.sidecar


def _scheduling(pod: Pod, now: datetime) -> Iterator[Step]:
    scheduled = _since(pod, "PodScheduled")
    if pod.created and scheduled:
        yield _step("scheduled", pod.created, scheduled)
    elif pod.created and not pod.node and not pod.ended:
        yield _step("waits for a node", pod.created, now, going_on=True)


def _pulls(events: Sequence[Event]) -> Iterator[Step]:
    """Yield how long images took that were not on the node yet, as the kubelet tells it."""
    for event in events:
        if event.reason == "Pulled" and (found := _PULLED.search(event.message)):
            hours, minutes, seconds, milliseconds = (float(part or 0) for part in found.groups())
            span = timedelta(hours=hours, minutes=minutes, seconds=seconds, milliseconds=milliseconds)
            yield Step(f"pulled {event.container}".rstrip(), span)


def _starting(pod: Pod, now: datetime) -> Iterator[Step]:
    """Yield the time until the first container started: volumes, images and the sandbox come before that."""
    ends = [one.state.finished for one in pod.init_containers if isinstance(one.state, Terminated)]
    begins = [moment for moment in (*ends, _since(pod, "PodScheduled")) if moment]
    begin = max(begins, default=None)
    if begin is None or (pod.init_containers and None in ends):
        return
    firsts = [_first_start(one) for one in pod.containers]
    known = [first for first in firsts if first]
    if known:
        yield _step("until started", begin, min(known))
    elif all(one.restart_count == 0 and isinstance(one.state, Waiting | None) for one in pod.all_containers):
        yield _step("being started", begin, now, going_on=True)


def _first_start(container: Container) -> datetime | None:
    """Return when a container's first run began, where the kubelet still knows that run."""
    runs = {0: container.state, 1: container.last_state}
    run = runs.get(container.restart_count)
    return run.started if isinstance(run, Running | Terminated) else None


def _runs(container: Container, now: datetime) -> Iterator[Step]:
    """Yield the runs that have ended, and how long the kubelet waited between two."""
    last, state = container.last_state, container.state
    if isinstance(last, Terminated):
        yield from _ended(f"earlier run {container.name}", last)
        again = state.started if isinstance(state, Running | Terminated) else None
        if last.finished and (again or isinstance(state, Waiting)):
            yield _step(f"waited {container.name}", last.finished, again or now, going_on=again is None)
    if isinstance(state, Terminated):
        yield from _ended(f"run {container.name}", state)


def _ended(label: str, run: Terminated) -> Iterator[Step]:
    if run.started and run.finished:
        yield _step(label, run.started, run.finished)


def _becoming_ready(pod: Pod) -> Iterator[Step]:
    ready = _since(pod, "Ready")
    starts = [one.state.started for one in pod.containers if isinstance(one.state, Running) and one.state.started]
    if ready and starts and ready >= max(starts):
        yield _step("until ready", max(starts), ready)


def _step(label: str, begin: datetime, end: datetime, *, going_on: bool = False) -> Step:
    return Step(label, max(end - begin, timedelta(0)), going_on)  # clocks of two machines may differ
