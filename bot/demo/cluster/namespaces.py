"""A namespace's beginning, with what is in every one, and its end, with all that is in it."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from bot.core.reading import mapping, objects
from bot.core.resources import Json
from bot.demo.cluster import kinds, times
from bot.demo.cluster.deletions import Deletions
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.store import Changed, Store

_ALL_WELL: Final = (
    ("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
    (
        "NamespaceDeletionGroupVersionParsingFailure",
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
    ),
    (
        "NamespaceDeletionContentFailure",
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ),
)
_FURNITURE = ((kinds.ACCOUNTS, "default"), (kinds.CONFIG_MAPS, "kube-root-ca.crt"))


class Namespaces:
    """Furnishes namespaces and clears them."""

    def __init__(self, store: Store, deletions: Deletions) -> None:
        self._store = store
        self._deletions = deletions

    def changed(self, change: Changed) -> None:
        """Look after a namespace that is new or is to go."""
        if change.kind is kinds.NAMESPACES and change.before is None:
            self._furnish(change.key[1])
        elif change.kind is kinds.NAMESPACES:
            self._clear(change.key[1])

    def _furnish(self, name: str) -> None:
        for kind, part in _FURNITURE:
            if self._store.find(kind, name, part) is None:
                self._store.add(kind, self._store.completed(kind, name, {"metadata": {"name": part}}))

    def _clear(self, name: str) -> None:
        if self._ending(name) is not None:
            for kind, item in [*self._left(name)]:
                self._deletions.delete(kind, item)
            self.reconcile(name)

    def reconcile(self, name: str) -> None:
        """Let a namespace go that is to go and in which nothing is left but events, or say what it waits for."""
        namespace = self._ending(name)
        if namespace is None:
            return
        left = [*self._left(name)]
        if left:
            self._tell(namespace, left)
            return
        for event in self._store.list(kinds.EVENTS, name):
            self._store.remove(kinds.EVENTS, name, event["metadata"]["name"])
        self._store.remove(kinds.NAMESPACES, "", name)

    def _ending(self, name: str) -> Json | None:
        namespace = self._store.find(kinds.NAMESPACES, "", name)
        return namespace if namespace and namespace["metadata"].get("deletionTimestamp") else None

    def _left(self, name: str) -> Iterator[tuple[Kind, Json]]:
        for kind in kinds.STORED:
            if kind.namespaced and kind is not kinds.EVENTS:
                for item in self._store.list(kind, name):
                    yield kind, item

    def _tell(self, namespace: Json, left: list[tuple[Kind, Json]]) -> None:
        known = {(one["type"], one["status"]): one for one in objects(mapping(namespace["status"]).get("conditions"))}
        fresh = {"lastTransitionTime": times.seconds(self._store.now())}
        conditions = []
        for type_, status, reason, message in _conditions(left):
            since = known.get((type_, status), fresh)["lastTransitionTime"]
            said = {"type": type_, "status": status, "reason": reason, "message": message}
            conditions.append({**said, "lastTransitionTime": since})
        told = {"phase": "Terminating", "conditions": conditions}
        if told != namespace["status"]:
            self._store.replace(kinds.NAMESPACES, {**namespace, "status": told})


def _conditions(left: list[tuple[Kind, Json]]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the conditions of a namespace that waits for what is left in it: type, status, reason, message."""
    yield from ((type_, "False", reason, message) for type_, reason, message in _ALL_WELL)
    counts = Counter(kind.qualified for kind, _ in left)
    remain = ", ".join(f"{name}. has {count} resource instances" for name, count in sorted(counts.items()))
    yield "NamespaceContentRemaining", "True", "SomeResourcesRemain", f"Some resources are remaining: {remain}"
    held = Counter(one for _, item in left for one in item["metadata"].get("finalizers") or ())
    if held:
        waits = ", ".join(f"{name} in {count} resource instances" for name, count in sorted(held.items()))
        message = f"Some content in the namespace has finalizers remaining: {waits}"
        yield "NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain", message
    else:
        message = "All content-preserving finalizers finished"
        yield "NamespaceFinalizersRemaining", "False", "ContentHasNoFinalizers", message
