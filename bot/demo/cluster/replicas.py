"""ReplicaSets: pods that are claimed, made and let go.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/controller_ref_manager.go.
"""

from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.demo.cluster import kinds
from bot.demo.cluster.creating import Creator
from bot.demo.cluster.events import NORMAL, WARNING
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.scheduling import ENDED
from bot.demo.cluster.selectors import pods_of
from bot.demo.cluster.status import StatusError


class Replicas:
    """Brings each ReplicaSet's pods to their number."""

    def __init__(self, kubelet: Kubelet, creator: Creator) -> None:
        self._kubelet = kubelet
        self._creator = creator
        self._store = kubelet.node.store

    def reconcile(self, namespace: str) -> None:
        """Look after a namespace's ReplicaSets."""
        for replicas in self._store.list(kinds.REPLICA_SETS, namespace):
            if not replicas["metadata"].get("deletionTimestamp"):
                self._one(replicas)

    def _one(self, replicas: Json) -> None:
        active = [pod for pod in self._claimed(replicas) if _is_active(pod)]
        wanted = replicas["spec"].get("replicas", 1)
        for _ in range(wanted - len(active)):
            if not self._another(replicas):
                break
        for pod in active[wanted:]:
            self._kubelet.delete(pod, None)
            self._tell(replicas, NORMAL, "SuccessfulDelete", f"Deleted pod: {pod['metadata']['name']}")
        status = self._status(replicas)
        if status != replicas.get("status"):
            self._store.replace(kinds.REPLICA_SETS, {**replicas, "status": status})

    def _status(self, replicas: Json) -> Json:
        namespace, uid = replicas["metadata"]["namespace"], replicas["metadata"]["uid"]
        owned = [pod for pod in self._store.list(kinds.PODS, namespace) if _controller(pod) == uid]
        active = [pod for pod in owned if _is_active(pod)]
        ending = sum(bool(pod["metadata"].get("deletionTimestamp")) for pod in owned)
        ready = sum(_is_ready(pod) for pod in active)
        labels = mapping(mapping(replicas["spec"]["template"].get("metadata")).get("labels")).items()
        labelled = sum(labels <= mapping(pod["metadata"].get("labels")).items() for pod in active)
        counts = {"fullyLabeledReplicas": labelled, "readyReplicas": ready, "availableReplicas": ready}
        return {
            "replicas": len(active),
            **{key: count for key, count in counts.items() if count},
            "terminatingReplicas": ending,
            "observedGeneration": replicas["metadata"]["generation"],
        }

    def _claimed(self, replicas: Json) -> list[Json]:
        """Let go of the pods that the selector does not pick any more, take those it picks that have no controller."""
        store, uid = self._store, replicas["metadata"]["uid"]
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
            elif not owner and picks(pod) and _is_active(pod):
                taken = {**about, "ownerReferences": [*others, _reference(replicas)]}
                claimed.append(store.replace(kinds.PODS, {**pod, "metadata": taken}))
        return claimed

    def _another(self, replicas: Json) -> bool:
        """Make a pod, or tell why it can't be made."""
        metadata, template = replicas["metadata"], replicas["spec"]["template"]
        about = {
            **mapping(template.get("metadata")),
            "generateName": f"{metadata['name']}-",
            "ownerReferences": [_reference(replicas)],
        }
        try:
            pod = self._creator.make(kinds.PODS, metadata["namespace"], {"metadata": about, "spec": template["spec"]})
        except StatusError as error:
            self._tell(replicas, WARNING, "FailedCreate", f"Error creating: {error}")
            return False
        self._tell(replicas, NORMAL, "SuccessfulCreate", f"Created pod: {pod['metadata']['name']}")
        return True

    def _tell(self, replicas: Json, type_: str, reason: str, message: str) -> None:
        self._kubelet.node.events.controller(replicas, "replicaset-controller", type_, reason, message)


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


def _is_active(pod: Json) -> bool:
    return pod["status"].get("phase") not in ENDED and not pod["metadata"].get("deletionTimestamp")


def _is_ready(pod: Json) -> bool:
    return any(one["type"] == "Ready" and one["status"] == "True" for one in objects(pod["status"].get("conditions")))
