"""What to read beside a pod, its events and its claims: the few objects that tell most of a pod that stands like it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.core.containers import Running
from bot.core.triage.claiming import claims, pending, unscheduled
from bot.core.triage.looking import failed_runs, is_being_made, runs, told, waits
from bot.core.triage.references import missing
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.standing import Standing, standing

MOST = 5  # beside the three that are read first


class Part(Enum):
    """A part of a snapshot that is read by itself."""

    LOG = "log"
    OWNER = "controller"
    NODE = "node"
    VOLUME = "volume"
    CLASS = "storage class"
    CLAIM_EVENTS = "events of claims"
    CONFIG_MAP = "ConfigMap"
    SERVICES = "Services"
    SLICES = "endpoints"
    PEERS = "pods of the release before"


@dataclass(frozen=True, slots=True)
class Want:
    """One thing to read: a log by its container, an object by its name; `previous` is for logs."""

    part: Part
    name: str = ""
    previous: bool = False


def wanted(seen: Snapshot) -> tuple[Want, ...]:
    """Return at most `MOST` things to read, what tells most first."""
    stands = standing(seen)
    if stands in {Standing.HEALTHY, Standing.FINISHED}:
        found: Sequence[Want] = tuple(_owner(seen))
    elif seen.pod.deletion_timestamp is not None:
        found = (*_node(seen), *_owner(seen))
    else:
        found = tuple(dict.fromkeys(_all(seen)))
    return tuple(found[:MOST])


def _all(seen: Snapshot) -> Iterator[Want]:
    yield from _logs(seen)
    yield from _owner(seen)
    yield from _references(seen)
    if pending(seen):
        yield from _behind_claims(seen)
    if is_being_made(seen) or _is_silent(seen) or seen.pod.reason:
        yield from _node(seen)
    if any(True for _ in _logs(seen)):
        yield from (Want(Part.SERVICES), Want(Part.SLICES))
    if "pod-template-hash" in seen.pod.labels and unscheduled(seen) is None:
        yield Want(Part.PEERS)
    yield from _node(seen)


def _logs(seen: Snapshot) -> Iterator[Want]:
    """Yield the logs of at most two containers: of runs that failed or ended too soon, else of what is not ready."""
    failed = [*failed_runs(seen), *(one for one in runs(seen) if one.again)]
    ended = [(one.container, one.container.state is not one.ended) for one in failed]
    names = {container.name for container, _ in ended}
    late = [
        (one, False)
        for one in seen.pod.all_containers
        if isinstance(one.state, Running) and not one.ready and one.name not in names and one not in seen.pod.ephemeral
    ]
    told_once = dict.fromkeys(Want(Part.LOG, one.name, previous) for one, previous in (*ended, *late))
    yield from tuple(told_once)[:2]


def _owner(seen: Snapshot) -> Iterator[Want]:
    if seen.pod.owner:
        yield Want(Part.OWNER, seen.pod.owner.name)


def _node(seen: Snapshot) -> Iterator[Want]:
    if seen.pod.node:
        yield Want(Part.NODE, seen.pod.node)


def _is_silent(seen: Snapshot) -> bool:
    """Whether all containers run and the pod is not ready: its node may have stopped reporting."""
    states = [one.state for one in seen.pod.containers]
    return all(isinstance(one, Running) for one in states) and not seen.pod.is_true("Ready")


def _references(seen: Snapshot) -> Iterator[Want]:
    """Yield the ConfigMaps of which a key is missing: which keys there are helps to mend it. Secrets are not read."""
    said = [one.said for one in waits(seen, {"CreateContainerConfigError"})]
    mounts = [one.message for one in told(seen, {"FailedMount"})] if is_being_made(seen) else []
    for lost in filter(None, map(missing, (*said, *mounts))):
        mounted = (one.source for one in seen.pod.volumes if one.kind == "configMap")
        name = lost.name or next(mounted, "")
        if lost.key and name and lost.kind == "ConfigMap":
            yield Want(Part.CONFIG_MAP, name)


def _behind_claims(seen: Snapshot) -> Iterator[Want]:
    found = tuple(claims(seen))
    if any(not one.bound for one in found):
        yield Want(Part.CLAIM_EVENTS)
    yield from (Want(Part.CLASS, one.class_name) for one in found if one.class_name and not one.bound)
    yield from (Want(Part.VOLUME, one.volume) for one in found if one.volume)
