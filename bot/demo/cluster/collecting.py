"""What goes with its owner, as the garbage collector has it.

Source: https://kubernetes.io/docs/concepts/architecture/garbage-collection/.
"""

from collections import defaultdict
from collections.abc import Iterator

from bot.core.reading import objects, text
from bot.core.resources import Json
from bot.demo.cluster.deletions import Deletions
from bot.demo.cluster.kinds import EVENTS, Kind
from bot.demo.cluster.store import Changed, Key, Store


class Collector:
    """Knows what each object owns, and ends it after its last owner, or lets it be without one."""

    def __init__(self, store: Store, deletions: Deletions) -> None:
        self._store = store
        self._deletions = deletions
        self._owned: dict[str, set[tuple[Kind, Key]]] = defaultdict(set)
        self._alive: set[str] = set()
        store.observe(self._count)

    def changed(self, change: Changed) -> None:
        """End what belonged to an object that has gone."""
        if change.after is not None or change.before is None:
            return
        owner = change.before["metadata"]["uid"]
        for kind, item in [*self._dependents(owner)]:
            if not _owners(item) & self._alive:
                self._deletions.delete(kind, item)

    def orphan(self, owner: Json) -> None:
        """Let what an object owns be without it."""
        uid = owner["metadata"]["uid"]
        for kind, item in [*self._dependents(uid)]:
            others = [one for one in objects(item["metadata"].get("ownerReferences")) if one.get("uid") != uid]
            metadata = {key: value for key, value in item["metadata"].items() if key != "ownerReferences"}
            metadata |= {"ownerReferences": others} if others else {}
            self._store.replace(kind, {**item, "metadata": metadata})

    def _count(self, change: Changed) -> None:
        for item, count in ((change.before, self._alive.discard), (change.after, self._alive.add)):
            if item is not None and change.kind is not EVENTS:
                count(item["metadata"]["uid"])
        for owner in _owners(change.before) - _owners(change.after):
            self._owned[owner].discard((change.kind, change.key))
        for owner in _owners(change.after):
            self._owned[owner].add((change.kind, change.key))

    def _dependents(self, owner: str) -> Iterator[tuple[Kind, Json]]:
        for kind, key in self._owned.get(owner, ()):
            item = self._store.find(kind, *key)
            if item is not None:
                yield kind, item


def _owners(item: Json | None) -> set[str]:
    references = objects(item["metadata"].get("ownerReferences")) if item else ()
    return {text(one.get("uid")) for one in references}
