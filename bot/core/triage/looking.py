"""How rules look at a snapshot: waiting containers, ended runs, conditions and events, each with its proof."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.core.containers import Container, Running, Terminated, Waiting
from bot.core.events import Event
from bot.core.pods import Condition
from bot.core.triage.findings import Evidence
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.standing import is_just_again

_BEING_MADE = frozenset({"ContainerCreating", "PodInitializing", ""})


@dataclass(frozen=True, slots=True)
class Waits:
    """A container that waits for a reason; `said` is the kubelet's message."""

    container: Container
    reason: str
    said: str
    proof: Evidence


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a container that has ended, the newest one; `again` says that it is, or is to be, started once more."""

    container: Container
    ended: Terminated
    again: bool
    proof: Evidence


def waits(seen: Snapshot, reasons: Collection[str], pattern: str = "") -> Iterator[Waits]:
    """Yield the containers that wait for one of these reasons, and whose message matches."""
    for where, container in _placed(seen):
        state = container.state
        if isinstance(state, Waiting) and state.reason in reasons and matches(pattern, state.message):
            quote = f"{state.reason}: {state.message}" if state.message else state.reason
            yield Waits(container, state.reason, state.message, Evidence(f"{where}.state.waiting", quote))


def runs(seen: Snapshot) -> Iterator[Run]:
    """Yield, of each container that does not run well now, its newest run that has ended."""
    for where, container in _placed(seen):
        match container.state, container.last_state:
            case (Terminated() as ended, _):
                yield Run(container, ended, again=False, proof=_end(f"{where}.state.terminated", ended))
            case (Waiting(), Terminated() as ended):
                yield Run(container, ended, again=True, proof=_end(f"{where}.lastState.terminated", ended))
            case (Running(), Terminated() as ended) if not container.ready or is_just_again(container, seen.now):
                yield Run(container, ended, again=True, proof=_end(f"{where}.lastState.terminated", ended))


def failed_runs(seen: Snapshot) -> Iterator[Run]:
    """Yield the newest ended runs that did not end well."""
    return (run for run in runs(seen) if run.ended.exit_code or run.ended.reason in {"OOMKilled", "Error"})


def is_being_made(seen: Snapshot) -> bool:
    """Whether the pod has a node, and a container of it is still being made."""
    states = [one.state for one in seen.pod.all_containers]
    waiting = any(isinstance(one, Waiting) and one.reason in _BEING_MADE for one in states)
    return bool(seen.pod.node) and not seen.pod.ended and (waiting or not any(states))


def told(seen: Snapshot, reasons: Collection[str], pattern: str = "") -> Iterator[Event]:
    """Yield what was told of this very pod for one of these reasons, the newest first."""
    return matching(seen.events, reasons, pattern)


def matching(events: Collection[Event], reasons: Collection[str], pattern: str = "") -> Iterator[Event]:
    """Yield the events with one of these reasons and a message that matches, the newest first."""
    newest = sorted(events, key=lambda one: one.last.timestamp() if one.last else 0, reverse=True)
    return (one for one in newest if one.reason in reasons and matches(pattern, one.message))


def matches(pattern: str, message: str) -> bool:
    """Whether a message holds what a rule's own pattern says; letters' case does not count."""
    return re.search(pattern, message, re.IGNORECASE) is not None


def event_proof(event: Event) -> Evidence:
    """Return an event as a proof."""
    times = f" ({event.count:,} times)" if event.count > 1 else ""
    return Evidence(f"event {event.reason}", f"{event.message.strip()}{times}", event.last)


def condition_proof(condition: Condition, of: str = "") -> Evidence:
    """Return a condition, perhaps of another object than the pod, as a proof."""
    said = ": ".join(filter(None, (condition.reason, condition.message)))
    where = f"{f'{of} ' if of else ''}status.conditions[{condition.type}]"
    return Evidence(where, f"{condition.type} is {condition.status}{f', {said}' if said else ''}", condition.since)


def spec_proof(path: str, value: object) -> Evidence:
    """Return a field of a spec as a proof."""
    return Evidence(path, str(value))


def is_recent(moment: datetime | None, now: datetime, seconds: float) -> bool:
    """Whether a time is known, and no longer ago than so many seconds."""
    return moment is not None and (now - moment).total_seconds() <= seconds


def _placed(seen: Snapshot) -> Iterator[tuple[str, Container]]:
    """Yield each container with the path of its status, in the order in which they start."""
    pod = seen.pod
    lists = (
        ("initContainerStatuses", pod.init_containers),
        ("containerStatuses", pod.containers),
        ("ephemeralContainerStatuses", pod.ephemeral),
    )
    for key, some in lists:
        for container in some:
            yield f"status.{key}[{container.name}]", container


def _end(where: str, ended: Terminated) -> Evidence:
    how = f"signal {ended.signal}" if ended.signal else f"exit code {ended.exit_code}"
    said = f": {ended.message}" if ended.message else ""
    return Evidence(where, f"{ended.reason or 'Terminated'}, {how}{said}", ended.finished)
