"""The pods of one namespace that are not well, kept up to date by one list and then a watch.

Of a big list only these are kept. Whatever ends a watch, it goes on from the last version that was seen; where that is
too old (410), or anything else went wrong, the list is read again.
Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from bot.core.errors import ClusterError, Expired
from bot.core.ports import Clock, Cluster
from bot.core.reading import mapping, text, uid_of
from bot.core.resources import PODS, Json
from bot.core.unwell import may_be_unwell, packed

Item = TypeVar("Item")

MOST_READ: Final = 1_000
MOST_KEPT: Final = 100
_WATCH: Final = 120  # seconds; a connection that has died in silence is found out by its end
_FIRST, _LONGEST = 1.0, 30.0  # seconds of back-off
_A_FEW = 20


@dataclass(slots=True)
class Unwell:
    """What is known now: `pods` by UID, packed, and whether that is all (`is_whole`) or something went wrong (`error`).

    `is_cut`: more are not well than are kept. `since` is when that error first came, `whole_since` when what is known
    became all again. `lists` is held while listing.
    """

    cluster: Cluster
    selector: str
    clock: Clock
    lists: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    pods: Mapping[str, bytes] = field(default_factory=dict)
    is_whole: bool = False
    whole_since: datetime | None = None
    is_cut: bool = False
    error: ClusterError | None = None
    since: datetime | None = None

    async def run(self) -> None:
        """Keep up, for ever; what fails is tried again, ever more slowly."""
        pause, version = _FIRST, ""
        while True:
            try:
                version = "" if self._has_room_for_more else version
                version = version or await self._listed()
                pause = _FIRST
                version = await self._watched(version)
                await self.clock.sleep(_FIRST)
            except Expired:
                version = ""
                await self.clock.sleep(_FIRST)
            except ClusterError as error:
                version = ""
                self._failed(error)
                await self.clock.sleep(pause)
                pause = min(_LONGEST, 2 * pause)

    @property
    def _has_room_for_more(self) -> bool:
        """Whether some that were left out can be kept now; only a list brings them."""
        return self.is_cut and len(self.pods) < MOST_KEPT

    async def _listed(self) -> str:
        async with self.lists:
            listing = await self.cluster.list(PODS, selector=self.selector, limit=MOST_READ)
            now = self.clock.now()
            unwell = {uid_of(raw): packed(raw) async for raw in unhurried(listing.items) if may_be_unwell(raw, now)}
        known_first = sorted(unwell, key=lambda uid: uid not in self.pods)  # or what is still ill would seem to be over
        self.pods = {uid: unwell[uid] for uid in known_first[:MOST_KEPT]}
        self.whole_since = self.whole_since if self.is_whole else now
        self.is_whole, self.is_cut, self.error, self.since = True, len(unwell) > MOST_KEPT, None, None
        return listing.version

    async def _watched(self, version: str) -> str:
        """Take in what changes until the watch ends; return the version that it has come to."""
        known = dict(self.pods)
        watch = self.cluster.watch(PODS, version=version, selector=self.selector, seconds=_WATCH)
        async with aclosing(watch) as changes:
            async for change in changes:
                version = text(mapping(change.object.get("metadata")).get("resourceVersion")) or version
                known.pop(uid_of(change.object), None)
                kept = self._kept(change.object) if change.kind != "DELETED" else {}
                if len(known) < MOST_KEPT:
                    known |= kept
                else:
                    self.is_cut = self.is_cut or bool(kept)
                self.pods = dict(known)
        return version

    def _kept(self, raw: Json) -> dict[str, bytes]:
        return {uid_of(raw): packed(raw)} if may_be_unwell(raw, self.clock.now()) else {}

    def _failed(self, error: ClusterError) -> None:
        """Remember what went wrong: what is known is not all any more, and nothing may be concluded from it."""
        self.is_whole = False
        if self.error is None or type(self.error) is not type(error):
            self.since = self.clock.now()
        self.error = error


async def unhurried(items: Iterable[Item]) -> AsyncIterator[Item]:
    """Yield the items, and let others have their turn after every few: there may be hundreds of pods to judge."""
    for number, item in enumerate(items):
        if number % _A_FEW == _A_FEW - 1:
            await asyncio.sleep(0)
        yield item
