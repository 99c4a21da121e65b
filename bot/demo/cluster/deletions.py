"""The end of an object: at once, or when what holds it lets go.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/.
"""

from bot.core.resources import Json
from bot.demo.cluster import kinds, times
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.kubelet import Kubelet


class Deletions:
    """Ends objects, pods by the kubelet and the others here."""

    def __init__(self, kubelet: Kubelet) -> None:
        self._kubelet = kubelet
        self._node = kubelet.node

    def delete(self, kind: Kind, item: Json, grace: int | None = None) -> Json:
        """End an object and return it as it is then; one that is held is only marked, once."""
        if kind is kinds.PODS:
            return self._kubelet.delete(item, grace)
        if item["metadata"].get("deletionTimestamp"):
            return item
        marked = self.marked(kind, item)
        if marked is not item:
            return self._node.store.replace(kind, marked)
        self._node.store.remove(kind, item["metadata"].get("namespace", ""), item["metadata"]["name"])
        return item

    def marked(self, kind: Kind, item: Json) -> Json:
        """Return an object as it is when it is to go: the same, unless something holds it."""
        metadata = item["metadata"]
        held = kind is kinds.NAMESPACES or metadata.get("finalizers")
        if not held or metadata.get("deletionTimestamp"):
            return item
        ending: Json = {"deletionTimestamp": times.seconds(self._node.timeline.now)}
        if kind is kinds.NAMESPACES:
            return {**item, "metadata": {**metadata, **ending}, "status": {"phase": "Terminating"}}
        counted = {"generation": metadata["generation"] + 1} if "generation" in metadata else {}
        return {**item, "metadata": {**metadata, **counted, **ending, "deletionGracePeriodSeconds": 0}}

    def release(self, kind: Kind, item: Json, finalizer: str = "") -> None:
        """Take a finalizer from an object that is to go; without any it goes."""
        metadata = item["metadata"]
        if kind is kinds.PODS:
            self._kubelet.release(item)
            return
        left = [one for one in metadata.get("finalizers") or () if one != finalizer]
        if not metadata.get("deletionTimestamp") or kind is kinds.NAMESPACES:
            return
        if not left:
            self._node.store.remove(kind, metadata.get("namespace", ""), metadata["name"])
        elif left != metadata["finalizers"]:
            self._node.store.replace(kind, {**item, "metadata": {**metadata, "finalizers": left}})
