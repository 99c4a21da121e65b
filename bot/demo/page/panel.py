"""The quiet panel beside the chat: the cluster's pods, and the requests that podbot has just made, as whom."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.core.errors import ClusterError
from bot.core.ports import Cluster
from bot.core.resources import PODS, Json, Table
from bot.demo.witness import Seen, Witness

_SHOWN: Final = ("Name", "Ready", "Status", "Restarts", "Age")
_MOST: Final = 100  # pods of a namespace
_REQUESTS: Final = 60


class Panel:
    """Looks at `namespaces` with eyes of its own, never podbot's: what it reads is no part of what it shows."""

    def __init__(self, namespaces: Sequence[Cluster], witness: Witness) -> None:
        self._namespaces = namespaces
        self._witness = witness

    async def pods(self) -> list[Json]:
        """Return each namespace's pods as rows of the server's own table."""
        return [await self._namespace(one) for one in self._namespaces]

    def requests(self) -> list[Json]:
        """Return podbot's last requests, the newest first."""
        return list(_told(list(self._witness.seen)[-_REQUESTS:][::-1]))

    async def _namespace(self, cluster: Cluster) -> Json:
        try:
            return {"namespace": cluster.namespace, "rows": _rows(await cluster.table(PODS, limit=_MOST))}
        except ClusterError as error:
            return {"namespace": cluster.namespace, "rows": [], "problem": str(error)}


def _rows(table: Table) -> list[list[str]]:
    places = {column.name: index for index, column in enumerate(table.columns)}
    wanted = [places[name] for name in _SHOWN if name in places]
    return [[row.cells[index] for index in wanted] for row in table.rows]


def _told(seen: Iterable[Seen]) -> Iterable[Json]:
    for one in seen:
        yield {
            "number": one.number,
            "at": one.at.isoformat(timespec="seconds"),
            "method": one.method,
            "path": one.path,
            "user": one.user,
            "groups": list(one.groups),
            "status": one.status,
        }
