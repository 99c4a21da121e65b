"""Turning watches on and off: entries among the records that all replicas share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.book import added, read, removed
from bot.core.ports import Records
from bot.core.watches import Watch

Decide = Callable[[Mapping[str, str]], Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class KeptWatches:
    """Implements `ports.Watches`; `keys` sign the entries."""

    records: Records
    keys: Sequence[str]

    async def all(self) -> tuple[Watch, ...]:
        """Return every watch that podbot has signed."""
        return tuple(read(await self.records.read(), self.keys).watches.values())

    async def add(self, watch: Watch, *, dry_run: bool = False) -> None:
        """Turn one on."""
        await self._change(lambda texts: added(texts, watch, self.keys), dry_run=dry_run)

    async def remove(self, watch: Watch, *, dry_run: bool = False) -> None:
        """Turn one off."""
        asked = False

        def decide(texts: Mapping[str, str]) -> Mapping[str, str | None]:
            nonlocal asked
            if asked and watch.key not in read(texts, self.keys).watches:
                return {}  # the answer to this very change was lost
            asked = True
            return removed(texts, watch)

        await self._change(decide, dry_run=dry_run)

    async def _change(self, decide: Decide, *, dry_run: bool) -> None:
        if dry_run:
            decide(await self.records.read())
            return
        await self.records.change(decide)
