"""Watches: what is there, what changes, and bookmarks.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from bot.core.resources import Json
from bot.demo.cluster import listoptions
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.lists import matching
from bot.demo.cluster.status import StatusError
from bot.demo.cluster.store import Changed, Store
from bot.demo.cluster.tables import check_include, table

_LONGEST: Final = 1800  # seconds of a watch that does not say
_BOOKMARKS: Final = timedelta(minutes=1)
_LAST_BOOKMARK: Final = timedelta(seconds=2)  # before the end
_AFTER_INITIAL: Final = {"k8s.io/initial-events-end": "true"}


class Watch:
    """A watch, pulled: what changed since the last look, until its time is over."""

    def __init__(self, store: Store, kind: Kind, asked: Asked, now: Callable[[], datetime]) -> None:
        listoptions.check_watch(asked)
        self._store = store
        self._kind = kind
        self._asked = asked
        self._wanted = matching(kind, asked)
        self._now = now
        self._end = now() + timedelta(seconds=asked.number("timeoutSeconds") or _LONGEST)
        self._bookmarked = asked.flag("allowWatchBookmarks")
        self._next = self._bookmark_after(now())
        self._as_table = "as=Table" in asked.header("Accept")
        self._told = False
        check_include(asked.option("includeObject"))
        self._waiting: list[Json] = []
        self._version = self._begin(asked.option("resourceVersion"))

    def read(self) -> bytes | None:
        """Return the lines of what changed; None once the time is over."""
        if self._version is None:
            events, self._waiting = self._waiting, []
            return self._lines(events) or None
        events = [*self._waiting, *self._since(self._version), *self._bookmarks()]
        self._waiting, self._version = [], self._store.version
        return self._lines(events) if events or self._now() < self._end else None

    def _begin(self, version: str) -> int | None:
        """Return the version to go on from, None for one that is too old: then an ERROR is all there is."""
        initial = listoptions.sends_initial_events(self._asked)
        if initial or version in ("", "0"):
            items = self._store.list(self._kind, self._asked.namespace)
            self._waiting = [{"type": "ADDED", "object": one} for one in items if self._wanted(one)]
            if initial and self._bookmarked:
                self._waiting.append(self._bookmark(_AFTER_INITIAL))
            return self._store.version
        if not version.isdecimal():
            raise StatusError(HTTPStatus.INTERNAL_SERVER_ERROR, "", listoptions.not_a_version(version))
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
        for change in self._store.since(version):
            if change.kind is self._kind and self._asked.namespace in ("", change.key[0]):
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

    def _bookmarks(self) -> Iterator[Json]:
        if self._bookmarked and self._next <= self._now():
            self._next = self._bookmark_after(self._now())
            yield self._bookmark({})

    def _bookmark_after(self, moment: datetime) -> datetime:
        """Return when the next bookmark comes: in a minute, or a little before the end."""
        last = self._end - _LAST_BOOKMARK
        return min(moment + _BOOKMARKS, last) if moment < last else self._end + _BOOKMARKS

    def _bookmark(self, annotations: Json) -> Json:
        metadata: Json = {"resourceVersion": str(self._store.version)}
        metadata |= {"annotations": annotations} if annotations else {}
        return {
            "type": "BOOKMARK",
            "object": {"kind": self._kind.name, "apiVersion": self._kind.api_version, "metadata": metadata},
        }

    def _lines(self, events: list[Json]) -> bytes:
        return b"".join(json.dumps(self._shown(event)).encode() + b"\n" for event in events)

    def _shown(self, event: Json) -> Json:
        """Return an event as it was asked for: with its object, or with a Table, whose columns are told once."""
        if not self._as_table or event["type"] in ("ERROR", "BOOKMARK"):
            return event
        item = event["object"]
        metadata = {"resourceVersion": item["metadata"]["resourceVersion"]}
        shown = table(self._kind, [item], metadata, self._asked.option("includeObject"), self._now())
        if self._told:
            shown["columnDefinitions"] = None
        self._told = True
        return {**event, "object": shown}
