"""Which pods are in trouble, whose they are, and what seems to be the cause, from the pods alone."""

import json
import zlib
from datetime import datetime, timedelta
from typing import Final

from bot.core.containers import Terminated
from bot.core.incidents import Trouble
from bot.core.owners import TEMPLATE_HASH, known_as
from bot.core.pods import DEFAULT_CONTAINER, Pod
from bot.core.reading import mapping, strings
from bot.core.resources import Json
from bot.core.triage.judging import judge
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.standing import Standing, standing

FAILED_FOR: Final = timedelta(minutes=10)
"""How long a pod that has failed for good counts: whoever made it has made another, or has given up."""

LONGEST: Final = 63 + 1 + 253
"""Characters of an owner's kind and name. Its pod's maker writes both, without a limit, and they are kept."""

_UNREAD = frozenset({"managedFields", "annotations"})
_WELL = frozenset({Standing.HEALTHY, Standing.FINISHED})


def may_be_unwell(raw: Json, now: datetime) -> bool:
    """Whether a pod must be looked at again as time passes; one that is well changes only by a change of its own."""
    return standing(Snapshot(now, raw)) not in _WELL


def slim(raw: Json) -> Json:
    """Return a pod without what nobody reads, which may be most of it."""
    metadata = {key: value for key, value in mapping(raw.get("metadata")).items() if key not in _UNREAD}
    main = strings(mapping(raw.get("metadata")).get("annotations")).get(DEFAULT_CONTAINER)
    kept = {"annotations": {DEFAULT_CONTAINER: main}} if main else {}
    return {**raw, "metadata": metadata | kept}


def packed(raw: Json) -> bytes:
    """Return a slim pod in a thirtieth of the memory, for thousands are kept."""
    return zlib.compress(json.dumps(slim(raw)).encode(), level=1)


def unpacked(kept: bytes) -> Json:
    """Return a pod that was packed."""
    return mapping(json.loads(zlib.decompress(kept)))


def trouble_of(raw: Json, now: datetime) -> Trouble | None:
    """Return what is wrong with a pod as far as it tells itself; None where it is well, starting, ending or history."""
    seen = Snapshot(now, raw)
    if standing(seen) is not Standing.TROUBLED or _is_history(seen.pod, now):
        return None
    first = judge(seen).first
    return Trouble(seen.pod.name, owner_of(seen.pod), first.rule if first else "")


def owner_of(pod: Pod) -> str:
    """Return kind and name of what people know a pod by, at the length that such names have."""
    if pod.owner is None:
        return f"Pod {pod.name}"
    return known_as(pod.owner.kind, pod.owner.name, pod.labels.get(TEMPLATE_HASH, ""))[:LONGEST]


def _is_history(pod: Pod, now: datetime) -> bool:
    if pod.phase != "Failed":
        return False
    ends = [one.state.finished for one in pod.all_containers if isinstance(one.state, Terminated)]
    since = [one.since for one in pod.conditions]
    times = [one for one in (*ends, *since, pod.created) if one]
    return bool(times) and now - max(times) > FAILED_FOR
