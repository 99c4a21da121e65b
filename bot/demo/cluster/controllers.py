"""What controllers do when something changed: replicas, budgets, quotas, claims, new namespaces."""

from dataclasses import dataclass

from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.demo.cluster import kinds, quotas
from bot.demo.cluster.budgets import budget_status
from bot.demo.cluster.events import NORMAL
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.provisioning import Provisioner
from bot.demo.cluster.scheduling import ENDED
from bot.demo.cluster.selectors import pods_of


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
        owned = self._claimed(replicas)
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

    def _claimed(self, replicas: Json) -> list[Json]:
        """Let go of the pods that the selector does not pick any more, take those it picks that have no controller.

        Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/controller_ref_manager.go.
        """
        store, uid = self.kubelet.node.store, replicas["metadata"]["uid"]
        picks = pods_of(mapping(replicas["spec"].get("selector")))
        claimed = []
        for pod in store.list(kinds.PODS, replicas["metadata"]["namespace"]):
            about, owner = pod["metadata"], _controller(pod)
            others = [one for one in objects(about.get("ownerReferences")) if one.get("uid") != uid]
            if owner == uid and picks(pod):
                claimed.append(pod)
            elif owner == uid:
                kept = {key: about[key] for key in about if key != "ownerReferences"}
                kept |= {"ownerReferences": others} if others else {}
                store.replace(kinds.PODS, {**pod, "metadata": kept})
            elif not owner and picks(pod) and _lives(pod) and not about.get("deletionTimestamp"):
                taken = {**about, "ownerReferences": [*others, _reference(replicas)]}
                claimed.append(store.replace(kinds.PODS, {**pod, "metadata": taken}))
        return claimed

    def _another(self, replicas: Json) -> None:
        metadata, template = replicas["metadata"], replicas["spec"]["template"]
        about = {
            **mapping(template.get("metadata")),
            "generateName": f"{metadata['name']}-",
            "ownerReferences": [_reference(replicas)],
        }
        pod = self.kubelet.completed(metadata["namespace"], {"metadata": about, "spec": template["spec"]})
        self.kubelet.adopt(pod)
        self._tell(replicas, "SuccessfulCreate", f"Created pod: {pod['metadata']['name']}")

    def _tell(self, replicas: Json, reason: str, message: str) -> None:
        self.kubelet.node.events.controller(replicas, "replicaset-controller", NORMAL, reason, message)


def _reference(replicas: Json) -> Json:
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "name": replicas["metadata"]["name"],
        "uid": replicas["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def _controller(pod: Json) -> str:
    """Return the UID of a pod's controller, or nothing."""
    references = objects(pod["metadata"].get("ownerReferences"))
    return next((text(one.get("uid")) for one in references if one.get("controller") is True), "")


def _lives(pod: Json) -> bool:
    return pod["status"].get("phase") not in ENDED


def _is_ready(pod: Json) -> bool:
    return any(one["type"] == "Ready" and one["status"] == "True" for one in objects(pod["status"].get("conditions")))
