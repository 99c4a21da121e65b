"""Which pods of a namespace to look at more closely, by the words that the API server prints of each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.owners import TEMPLATE_HASH, known_as
from bot.core.resources import Row, Table

_WELL: Final = frozenset({"Completed", "Succeeded"})
_BEGINS: Final = frozenset({"ContainerCreating", "PodInitializing", "Pending", ""})
_READY = re.compile(r"(\d{1,6})/(\d{1,6})")
_RESTARTS = re.compile(r"(\d{1,9}) \((\d{1,6})([smhd]).{0,20} ago\)")
_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Suspect:
    """A pod as its row has it; `owner` is the controller that people know, as "Deployment api", empty for none."""

    name: str
    status: str
    ready: str
    restarts: str
    owner: str = ""

    @property
    def rank(self) -> int:
        """How much it hurts: a failure first, then what is not ready, what has begun, what ends, what runs again."""
        if self.status == "Running":
            return 4 if _is_ready(self.ready) else 1
        if self.status == "Terminating":
            return 3
        return 2 if self.status in _BEGINS or re.fullmatch(r"Init:\d+/\d+", self.status) else 0


@dataclass(frozen=True, slots=True)
class Group:
    """Pods of one owner that stand alike; the first one speaks for them."""

    pods: tuple[Suspect, ...]

    @property
    def owner(self) -> str:
        """Whose pods they are, empty where nobody made them."""
        return self.pods[0].owner


def groups(table: Table) -> tuple[Group, ...]:
    """Return the pods that may need help, those that hurt first, then the larger groups."""
    alike: dict[tuple[str, str, int], list[Suspect]] = {}
    for one in _suspects(table):
        alike.setdefault((one.owner or f"pod {one.name}", one.status, one.rank), []).append(one)
    found = [Group(tuple(pods)) for pods in alike.values()]
    return tuple(sorted(found, key=lambda group: (group.pods[0].rank, -len(group.pods))))


def _suspects(table: Table) -> Iterator[Suspect]:
    names = [column.name for column in table.columns]
    for row in table.rows:
        one = _suspect(dict(zip(names, row.cells, strict=False)), row)
        if not _is_well(one):
            yield one


def _suspect(cells: Mapping[str, str], row: Row) -> Suspect:
    name, status, ready, restarts = (cells.get(key, "") for key in ("Name", "Status", "Ready", "Restarts"))
    return Suspect(name, status, ready, restarts, _owner(row))


def _is_well(one: Suspect) -> bool:
    if one.status in _WELL:
        return True
    return one.status == "Running" and _is_ready(one.ready) and not _often_and_lately(one.restarts)


def _is_ready(ready: str) -> bool:
    found = _READY.fullmatch(ready)
    return found is not None and found[1] == found[2]


def _often_and_lately(restarts: str) -> bool:
    found = _RESTARTS.fullmatch(restarts)
    return found is not None and int(found[1]) >= _OFTEN and found[3] in "sm"


def _owner(row: Row) -> str:
    """Return the Deployment rather than its ReplicaSet, which is named after it and the template's hash."""
    return known_as(*row.owner, dict(row.labels).get(TEMPLATE_HASH, ""))


def not_looked_at(found: Sequence[Group], most: int) -> tuple[Suspect, ...]:
    """Return the pods of the groups for which there is no room."""
    return tuple(pod for group in found[most:] for pod in group.pods)
