"""Lists in pages and watches.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from bot.core.resources import Json
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.selectors import Match, fields_match, labels_match
from bot.demo.cluster.status import StatusError, bad_request
from bot.demo.cluster.store import Changed, Key, Store

_LONGEST = 1800  # seconds of a watch that does not say
_TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
    "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. "
    "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or "
    "deleted between the time the first chunk was returned and now may show up in the list."
)
_INCONSISTENT = -1


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and the list's metadata."""

    items: tuple[Json, ...]
    metadata: Json


def matching(kind: Kind, asked: Asked) -> Match:
    """Return what decides whether an object is asked for; raises the server's 400 for junk."""
    by_labels = labels_match(asked.option("labelSelector"))
    by_fields = fields_match(kind, asked.option("fieldSelector"))
    return lambda item: by_labels(item) and by_fields(item)


def page(store: Store, kind: Kind, asked: Asked) -> Page:
    """Return the asked page of a kind's objects, as they were when the first page was read."""
    wanted, limit, token = matching(kind, asked), asked.number("limit") or 0, asked.option("continue")
    version, start = _continued(store, asked) if token else (store.version, ("", ""))
    keyed = sorted(store.at(kind, version).items())
    here = [(key, item) for key, item in keyed if asked.namespace in ("", key[0]) and wanted(item)]
    ahead = [(key, item) for key, item in here if key > start]
    metadata: Json = {"resourceVersion": str(version)}
    if not 0 < limit < len(ahead):
        return Page(tuple(item for _, item in ahead), metadata)
    metadata["continue"] = _token(version, ahead[limit - 1][0])
    if not asked.option("labelSelector") and not asked.option("fieldSelector"):
        metadata["remainingItemCount"] = len(ahead) - limit
    return Page(tuple(item for _, item in ahead[:limit]), metadata)


def _token(version: int, start: Key) -> str:
    written = json.dumps({"v": "meta.k8s.io/v1", "rv": version, "start": "/".join(start)}).encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def _continued(store: Store, asked: Asked) -> tuple[int, Key]:
    if asked.option("resourceVersion"):
        raise bad_request("specifying resource version is not allowed when using continue")
    token = asked.option("continue")
    try:
        read = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        version, start = int(read["rv"]), tuple(read["start"].split("/"))
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise bad_request(f"invalid continue token: continue key is not valid: {error}") from error
    key = (start[0], start[-1])
    if version != _INCONSISTENT and version < store.oldest:
        again = {"continue": _token(_INCONSISTENT, key)}
        raise StatusError(HTTPStatus.GONE, "Expired", _TOO_OLD, metadata=again)
    return (store.version if version == _INCONSISTENT else version), key


class Watch:
    """A watch, pulled: what changed since the last look, until its time is over."""

    def __init__(self, store: Store, kind: Kind, asked: Asked, now: Callable[[], datetime]) -> None:
        self._store = store
        self._kind = kind
        self._namespace = asked.namespace
        self._wanted = matching(kind, asked)
        self._now = now
        self._end = now() + timedelta(seconds=asked.number("timeoutSeconds") or _LONGEST)
        self._waiting: list[Json] = []
        self._version = self._begin(asked.option("resourceVersion"))

    def read(self) -> bytes | None:
        """Return the lines of what changed; None once the time is over."""
        if self._version is None:
            events, self._waiting = self._waiting, []
            return _lines(events) or None
        events = [*self._waiting, *self._since(self._version)]
        self._waiting, self._version = [], self._store.version
        return _lines(events) if events or self._now() < self._end else None

    def _begin(self, version: str) -> int | None:
        """Return the version to go on from, None for one that is too old: then an ERROR is all there is."""
        if version in ("", "0"):
            items = self._store.list(self._kind, self._namespace)
            self._waiting = [{"type": "ADDED", "object": one} for one in items if self._wanted(one)]
            return self._store.version
        if not version.isdecimal():
            why = f'resourceVersion: Invalid value: "{version}": strconv.ParseUint: parsing "{version}": invalid syntax'
            raise StatusError(HTTPStatus.INTERNAL_SERVER_ERROR, "", why)
        if int(version) >= self._store.oldest:
            return int(version)
        why = f"too old resource version: {version} ({self._store.oldest})"
        self._waiting = [{"type": "ERROR", "object": StatusError(HTTPStatus.GONE, "Expired", why).status}]
        return None

    def _since(self, version: int) -> Iterator[Json]:
        if version < self._store.oldest:
            why = f"too old resource version: {version} ({self._store.oldest})"
            yield {"type": "ERROR", "object": StatusError(HTTPStatus.GONE, "Expired", why).status}
            self._end = self._now()
        for change in self._store.changes:
            if change.version > version and change.kind is self._kind and self._namespace in ("", change.key[0]):
                yield from self._event(change)

    def _event(self, change: Changed) -> Iterator[Json]:
        """Tell a change as those see it who want only some objects: what no longer matches is gone."""
        before = change.before is not None and self._wanted(change.before)
        after = change.after is not None and self._wanted(change.after)
        if after:
            yield {"type": "MODIFIED" if before else "ADDED", "object": change.after}
        elif before and change.before is not None:
            metadata = {**change.before["metadata"], "resourceVersion": str(change.version)}
            yield {"type": "DELETED", "object": {**change.before, "metadata": metadata}}


def _lines(events: list[Json]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)
