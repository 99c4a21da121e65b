"""Objects in memory, their versions, and what changed, as etcd and the watch cache keep them."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Final, TypeVar
from uuid import UUID

from bot.core.resources import Json
from bot.demo.cluster import times
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.status import already_exists, not_found

_FIRST = 1000
HISTORY: Final = 20_000
"""Changes that are remembered, for watches and lists that go on from an earlier version."""
# The API server leaves out vowels and look-alikes:
# https://github.com/kubernetes/apimachinery/blob/master/pkg/util/rand/rand.go
_LETTERS: Final = "bcdfghjklmnpqrstvwxz2456789"
_SUFFIX = 5
_MOST_DERIVED: Final = 2_000

Key = tuple[str, str]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Changed:
    """One change; `before` is None for a new object, `after` for one that went."""

    version: int
    kind: Kind
    key: Key
    before: Json | None
    after: Json | None


class Store:
    """Objects by kind, namespace and name. They are values: whoever changes one stores another.

    Beyond `history` changes the older half is forgotten.
    """

    def __init__(self, random: Random, now: Callable[[], datetime], history: int = HISTORY) -> None:
        self._objects: dict[Kind, dict[Key, Json]] = defaultdict(dict)
        self._random = random
        self.now = now
        self._history = history
        self.version = _FIRST
        self.oldest = _FIRST
        self.changes: list[Changed] = []
        self._observers: list[Callable[[Changed], None]] = []
        self._versions: dict[Kind, int] = defaultdict(int)
        self._derived: dict[Hashable, tuple[tuple[int, ...], Any]] = {}

    def observe(self, tell: Callable[[Changed], None]) -> None:
        """Tell of every change from now on, as soon as it is stored."""
        self._observers.append(tell)

    def find(self, kind: Kind, namespace: str, name: str) -> Json | None:
        """Return an object, or None."""
        return self._objects[kind].get((namespace, name))

    def get(self, kind: Kind, namespace: str, name: str) -> Json:
        """Return an object, or raise the server's 404."""
        found = self.find(kind, namespace, name)
        if found is None:
            raise not_found(kind, name)
        return found

    def list(self, kind: Kind, namespace: str = "") -> list[Json]:
        """Return a kind's objects in the order of their keys, of one namespace or of all."""
        objects = self._objects[kind]
        return [objects[key] for key in sorted(key for key in objects if not namespace or key[0] == namespace)]

    def derived(self, key: Hashable, kinds: Sequence[Kind], derive: Callable[[], Value]) -> Value:
        """Return what follows from some kinds' objects alone; derived anew when one of these has changed."""
        seen = tuple(self._versions[kind] for kind in kinds)
        known = self._derived.get(key)
        if known is None or known[0] != seen:
            if len(self._derived) >= _MOST_DERIVED:
                self._derived.clear()
            known = self._derived[key] = seen, derive()
        value: Value = known[1]
        return value

    def since(self, version: int) -> Sequence[Changed]:
        """Return what changed after a version that is not older than the oldest."""
        return self.changes[bisect_right(self.changes, version, key=_version) :]

    def at(self, kind: Kind, version: int) -> Mapping[Key, Json]:
        """Return a kind's objects as they were at a version that is not older than the oldest."""
        objects = dict(self._objects[kind])
        for change in reversed(self.since(version)):
            if change.kind is kind and change.before is None:
                objects.pop(change.key, None)
            elif change.kind is kind and change.before is not None:
                objects[change.key] = change.before
        return objects

    def completed(self, kind: Kind, namespace: str, body: Json) -> Json:
        """Return a new object with what the server adds: a generated name, a UID and a time, but no version."""
        metadata = dict(body.get("metadata") or {})
        if not metadata.get("name") and metadata.get("generateName"):
            metadata["name"] = metadata["generateName"] + self.suffix()
        metadata.pop("resourceVersion", None)
        metadata |= {"uid": self.uid(), "creationTimestamp": times.seconds(self.now())}
        metadata |= {"namespace": namespace} if kind.namespaced else {}
        metadata |= {"generation": 1} if kind.generations else {}
        return {"kind": kind.name, "apiVersion": kind.api_version, **body, "metadata": metadata}

    def add(self, kind: Kind, item: Json) -> Json:
        """Store a completed object and return it; a name that is taken is the server's 409."""
        key = _key(item)
        if key in self._objects[kind]:
            raise already_exists(kind, key[1])
        return self._write(kind, key, None, item)

    def replace(self, kind: Kind, item: Json) -> Json:
        """Store another state of an object, and return it with its new version."""
        key = _key(item)
        return self._write(kind, key, self._objects[kind][key], item)

    def remove(self, kind: Kind, namespace: str, name: str) -> None:
        """Forget an object."""
        key = (namespace, name)
        before = self._objects[kind].pop(key)
        self._changed(kind, key, before, None)

    def compact(self) -> None:
        """Forget what changed: older watches and lists can't be continued."""
        self.oldest = self.version
        self.changes.clear()

    def uid(self) -> str:
        """Return a new random UID, the same for the same seed."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def address(self) -> str:
        """Return an IP address for a Service, the same for the same seed."""
        return ".".join(map(str, (10, 96, self._random.randrange(1, 255), self._random.randrange(1, 255))))

    def suffix(self) -> str:
        """Return what the server ends a generated name with."""
        return "".join(self._random.choices(_LETTERS, k=_SUFFIX))

    def _write(self, kind: Kind, key: Key, before: Json | None, item: Json) -> Json:
        metadata = {**item["metadata"], "resourceVersion": str(self.version + 1)}
        after = {**item, "metadata": metadata}
        self._objects[kind][key] = after
        self._changed(kind, key, before, after)
        return after

    def _changed(self, kind: Kind, key: Key, before: Json | None, after: Json | None) -> None:
        self.version += 1
        self._versions[kind] = self.version
        change = Changed(self.version, kind, key, before, after)
        self.changes.append(change)
        for tell in self._observers:
            tell(change)
        if len(self.changes) > self._history:
            half = len(self.changes) // 2
            self.oldest = self.changes[half - 1].version
            del self.changes[:half]


def _version(change: Changed) -> int:
    return change.version


def _key(item: Json) -> Key:
    metadata = item["metadata"]
    return metadata.get("namespace", ""), metadata["name"]
