"""The lives of all pods: they begin when a pod is stored and end when it goes."""

from datetime import timedelta

from bot.core.reading import mapping
from bot.core.resources import Json
from bot.demo.cluster import kinds, times
from bot.demo.cluster.lives import Life
from bot.demo.cluster.node import Node
from bot.demo.cluster.scheduling import ENDED


class Kubelet:
    """Starts and ends pods on the one node."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._lives: dict[str, Life] = {}

    def adopt(self, pod: Json) -> Json:
        """Store a pod and let it live; a name that is taken is the server's 409."""
        stored = self.node.store.add(kinds.PODS, pod)
        self._lives[stored["metadata"]["uid"]] = Life(self.node, stored, self._gone)
        return stored

    def life(self, pod: Json) -> Life:
        """Return a stored pod's life."""
        return self._lives[pod["metadata"]["uid"]]

    def is_there(self, pod: Json) -> bool:
        """Whether this very pod has not gone yet."""
        return pod["metadata"]["uid"] in self._lives

    def delete(self, pod: Json, grace: int | None, *, dry_run: bool = False) -> Json:
        """End a pod within its own grace period or another, in seconds, and return it as it is then."""
        period = self._period(pod, grace)
        metadata = pod["metadata"]
        before = metadata.get("deletionGracePeriodSeconds")
        if before is not None and period >= before:
            return pod
        end = self.node.timeline.now + timedelta(seconds=period)
        ending = {"deletionTimestamp": times.seconds(end), "deletionGracePeriodSeconds": period}
        doomed = {**pod, "metadata": {**metadata, **ending, "generation": metadata.get("generation", 1) + 1}}
        if dry_run:
            return doomed
        stored = self.node.store.replace(kinds.PODS, doomed)
        if period:
            self.life(pod).end(period)
        else:
            self.life(pod).stop()
            self._gone(self.life(pod))
        return stored

    def release(self, pod: Json) -> None:
        """Let a pod go that only its finalizers held."""
        metadata = pod["metadata"]
        if metadata.get("deletionTimestamp") and not metadata.get("finalizers") and self.life(pod).done:
            self._gone(self.life(pod))

    def _period(self, pod: Json, grace: int | None) -> int:
        """Return the grace period as the server counts it: none for a pod that does not run."""
        if not pod["spec"].get("nodeName") or mapping(pod.get("status")).get("phase") in ENDED:
            return 0
        period = pod["spec"]["terminationGracePeriodSeconds"] if grace is None else grace
        return 1 if period < 0 else int(period)

    def _gone(self, life: Life) -> None:
        pod = life.pod
        life.done = True
        if pod["metadata"].get("finalizers"):
            return
        del self._lives[life.uid]
        self.node.store.remove(kinds.PODS, pod["metadata"]["namespace"], pod["metadata"]["name"])
