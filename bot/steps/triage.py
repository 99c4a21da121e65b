"""Reading what a triage judges: one pod in two rounds of calls and at most eight of them, as the asker."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.core.names import PodName
from bot.core.ports import Cluster
from bot.core.reading import mapping, text
from bot.core.resources import CLAIMS, EVENTS, Json
from bot.core.triage.snapshot import Log, Snapshot
from bot.core.triage.wanting import Part, Want, wanted
from bot.core.volumes import claims_of
from bot.steps.events import about_object
from bot.steps.gathering import each
from bot.steps.parts import Found, Reader

_EVENTS = 500
_ITS_CLAIMS = "its claims"
_BY_NAME: Final[Mapping[Part, str]] = {
    Part.VOLUME: "volumes",
    Part.CLASS: "classes",
    Part.CONFIG_MAP: "config_maps",
}
_WHOLE: Final[Mapping[Part, str]] = {Part.SERVICES: "services", Part.SLICES: "slices", Part.PEERS: "peers"}


async def snapshot_of(cluster: Cluster, find: Callable[[], Awaitable[Json]], name: PodName, now: datetime) -> Snapshot:
    """Read the pod by `find`, and beside it what its state calls for; only the pod itself must be readable."""
    reader = Reader(cluster)
    about = about_object("Pod", name, "")
    first: tuple[Callable[[], Awaitable[Any]], ...] = (
        find,
        lambda: reader.list("its events", EVENTS, fields=about, limit=_EVENTS),
        lambda: reader.list(_ITS_CLAIMS, CLAIMS),
    )
    raw, happened, claims = await each(lambda read: read(), first)
    seen = Snapshot(now, raw, happened or ())
    seen = replace(seen, claims=_own(claims_of(seen.pod), claims))
    wants = wanted(seen)
    parts = await each(lambda want: reader.read(seen, want), wants)
    for want, part in zip(wants, parts, strict=True):
        seen = _with(seen, want, part)
    has_claims = bool(claims_of(seen.pod))
    return replace(seen, unseen=tuple(one for one in reader.unseen if has_claims or one.what != _ITS_CLAIMS))


def _own(names: tuple[str, ...], listed: tuple[Json, ...] | None) -> Mapping[str, Json | None]:
    """Return the claims of these names; nothing is known of them where claims could not be listed."""
    known = {text(mapping(one.get("metadata")).get("name")): one for one in listed or ()}
    return {} if listed is None else {name: known.get(name) for name in names}


def _with(seen: Snapshot, want: Want, part: Log | Found | tuple[Json, ...] | None) -> Snapshot:
    """Return the snapshot with what was read; None says that it could not be."""
    match part:
        case Log():
            return replace(seen, logs=(*seen.logs, part))
        case Found(value) if want.part in _BY_NAME:
            key = _BY_NAME[want.part]
            known: dict[str, Any] = {key: {**getattr(seen, key), want.name: value}}
            return replace(seen, **known)
        case Found(dict() as value):
            return replace(seen, node=value) if want.part is Part.NODE else replace(seen, owners=(value,))
        case tuple() if want.part is Part.CLAIM_EVENTS:
            return replace(seen, happened=(*seen.happened, *part))
        case tuple():
            whole: dict[str, Any] = {_WHOLE[want.part]: part}
            return replace(seen, **whole)
    return seen
