"""How a pod stands before any rule is asked: what runs well, has finished, or has just begun, needs no cause."""

from datetime import datetime, timedelta
from enum import Enum

from bot.core.ages import span
from bot.core.containers import Container, Running, Terminated
from bot.core.statuses import passed
from bot.core.triage.snapshot import Snapshot

_LATE = timedelta(seconds=15)  # beyond its grace period, in which the kubelet clears up after an ordinary end
_STARTS = timedelta(seconds=60)  # what an ordinary start takes; an image may take longer, and its rules say so


class Standing(Enum):
    """How a pod stands, in a word."""

    ABSENT = "absent"
    HEALTHY = "healthy"
    FINISHED = "finished"
    STARTING = "starting"
    ENDING = "ending"
    TROUBLED = "troubled"


def standing(seen: Snapshot) -> Standing:
    """Return how the snapshot's pod stands; ABSENT where it is about a controller alone."""
    pod = seen.pod
    if not seen.raw:
        return Standing.ABSENT
    if pod.deletion_timestamp is not None:
        return Standing.ENDING if seen.now - _LATE < pod.deletion_timestamp else Standing.TROUBLED
    if pod.phase == "Succeeded":
        return Standing.FINISHED
    if pod.phase == "Running" and pod.is_true("Ready") and all(_is_up(one, seen.now) for one in pod.containers):
        return Standing.HEALTHY
    return Standing.STARTING if _has_just_begun(seen) else Standing.TROUBLED


def is_just_again(container: Container, now: datetime) -> bool:
    """Whether a container was started again a moment ago: one that fails at once looks well between two runs."""
    if not isinstance(container.state, Running) or not isinstance(container.last_state, Terminated):
        return False
    return container.state.started is not None and now - container.state.started < _STARTS


def _is_up(container: Container, now: datetime) -> bool:
    return isinstance(container.state, Running) and not is_just_again(container, now)


def _has_just_begun(seen: Snapshot) -> bool:
    """Whether nothing has failed yet, and what is not there yet was begun a moment ago."""
    pod = seen.pod
    if pod.phase not in {"Pending", "Running", ""} or any(map(_has_failed, pod.all_containers)):
        return False
    starts = [one.state.started for one in pod.all_containers if isinstance(one.state, Running)]
    scheduled = pod.condition("PodScheduled")
    moments = [*starts, pod.created, scheduled.since if scheduled and scheduled.status == "True" else None]
    last = max((one for one in moments if one), default=None)
    return last is not None and seen.now - last < max((_STARTS, *map(_patience, pod.all_containers)))


def _patience(container: Container) -> timedelta:
    """Return how long a container's own checks give it to become ready."""
    if container.ready:
        return _STARTS
    spans = (one.delay + one.period * one.failures for one in container.probes if one.kind != "liveness")
    return span(max(spans, default=0)) + _LATE


def _has_failed(container: Container) -> bool:
    if isinstance(container.state, Terminated):
        return not passed(container)
    return container.restart_count > 0 or isinstance(container.last_state, Terminated)
