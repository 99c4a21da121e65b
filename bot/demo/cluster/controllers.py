"""What controllers do when something changed: replicas, budgets, quotas, claims, new namespaces."""

from dataclasses import dataclass

from bot.core.reading import mapping, objects
from bot.core.resources import Json
from bot.demo.cluster import kinds, quotas
from bot.demo.cluster.budgets import budget_status
from bot.demo.cluster.events import NORMAL
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.provisioning import Provisioner
from bot.demo.cluster.scheduling import ENDED


@dataclass(slots=True)
class Controllers:
    """The controllers; they look again only where something changed."""

    kubelet: Kubelet
    provisioner: Provisioner
    _seen: int = 0

    def reconcile(self) -> None:
        """Bring what is to what should be, until nothing changes any more."""
        store = self.kubelet.node.store
        while self._seen != store.version:
            self._seen = store.version
            self.provisioner.reconcile()
            for replicas in store.list(kinds.REPLICA_SETS):
                self._replicas(replicas)
            for budget in store.list(kinds.BUDGETS):
                self._status(kinds.BUDGETS, budget, budget_status(store, budget))
            for quota in store.list(kinds.QUOTAS):
                self._status(kinds.QUOTAS, quota, quotas.status(store, quota))

    def created(self, kind: Kind, item: Json) -> None:
        """Do what a new object calls for."""
        store = self.kubelet.node.store
        if kind is kinds.NAMESPACES:
            home = item["metadata"]["name"]
            for part, name in ((kinds.ACCOUNTS, "default"), (kinds.CONFIG_MAPS, "kube-root-ca.crt")):
                store.add(part, store.completed(part, home, {"metadata": {"name": name}}))
        elif kind is kinds.CLAIMS:
            self.provisioner.begin(item)

    def _status(self, kind: Kind, item: Json, status: Json) -> None:
        if item.get("status") != status:
            self.kubelet.node.store.replace(kind, {**item, "status": status})

    def _replicas(self, replicas: Json) -> None:
        store, metadata = self.kubelet.node.store, replicas["metadata"]
        owned = [pod for pod in store.list(kinds.PODS, metadata["namespace"]) if _owns(metadata["uid"], pod)]
        active = [pod for pod in owned if not pod["metadata"].get("deletionTimestamp") and _lives(pod)]
        wanted = replicas["spec"].get("replicas", 1)
        for _ in range(wanted - len(active)):
            self._another(replicas)
        for pod in active[wanted:]:
            self.kubelet.delete(pod, None)
            message = f"Deleted pod: {pod['metadata']['name']}"
            self._tell(replicas, "SuccessfulDelete", message)
        ready = sum(_is_ready(pod) for pod in active)
        self._status(kinds.REPLICA_SETS, replicas, {"replicas": wanted, "readyReplicas": ready})

    def _another(self, replicas: Json) -> None:
        metadata, template = replicas["metadata"], replicas["spec"]["template"]
        owner = {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "name": metadata["name"],
            "uid": metadata["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
        about = {
            **mapping(template.get("metadata")),
            "generateName": f"{metadata['name']}-",
            "ownerReferences": [owner],
        }
        pod = self.kubelet.completed(metadata["namespace"], {"metadata": about, "spec": template["spec"]})
        self.kubelet.adopt(pod)
        self._tell(replicas, "SuccessfulCreate", f"Created pod: {pod['metadata']['name']}")

    def _tell(self, replicas: Json, reason: str, message: str) -> None:
        self.kubelet.node.events.controller(replicas, "replicaset-controller", NORMAL, reason, message)


def _owns(uid: str, pod: Json) -> bool:
    return any(one.get("uid") == uid for one in objects(pod["metadata"].get("ownerReferences")))


def _lives(pod: Json) -> bool:
    return pod["status"].get("phase") not in ENDED


def _is_ready(pod: Json) -> bool:
    return any(one["type"] == "Ready" and one["status"] == "True" for one in objects(pod["status"].get("conditions")))
