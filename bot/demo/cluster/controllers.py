"""What controllers do when something changed; they look again only where it did."""

from collections import deque
from dataclasses import dataclass, field

from bot.core.resources import Json
from bot.demo.cluster import endpoints, kinds, quotas
from bot.demo.cluster.budgets import budget_status
from bot.demo.cluster.collecting import Collector
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.namespaces import Namespaces
from bot.demo.cluster.provisioning import Provisioner
from bot.demo.cluster.replicas import Replicas
from bot.demo.cluster.store import Changed, Store


@dataclass(slots=True)
class Controllers:
    """The controllers; what concerns one object gets each change, what counts gets the namespaces with changes."""

    store: Store
    provisioner: Provisioner
    collector: Collector
    namespaces: Namespaces
    replicas: Replicas
    _changes: deque[Changed] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.store.observe(self._changes.append)

    def reconcile(self) -> None:
        """Bring what is to what should be, until nothing changes any more."""
        while self._changes:
            homes = set()
            while self._changes:
                change = self._changes.popleft()
                for one in (self.provisioner, self.collector, self.namespaces):
                    one.changed(change)
                if change.kind is not kinds.EVENTS:
                    homes.add(change.key[0])
            for home in sorted(homes - {""}):
                self._count(home)

    def _count(self, namespace: str) -> None:
        self.namespaces.reconcile(namespace)
        self.replicas.reconcile(namespace)
        endpoints.reconcile(self.store, namespace)
        for budget in self.store.list(kinds.BUDGETS, namespace):
            self._status(kinds.BUDGETS, budget, budget_status(self.store, budget))
        for quota in self.store.list(kinds.QUOTAS, namespace):
            self._status(kinds.QUOTAS, quota, quotas.status(self.store, quota))

    def _status(self, kind: Kind, item: Json, status: Json) -> None:
        if item.get("status") != status:
            self.store.replace(kind, {**item, "status": status})
