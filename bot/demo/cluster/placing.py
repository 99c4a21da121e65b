"""A pod's way onto the node: what the scheduler waits for, and then the kubelet."""

from collections.abc import Callable

from bot.core.resources import Json
from bot.demo.cluster import kinds, scheduling, times
from bot.demo.cluster.events import NORMAL, WARNING
from bot.demo.cluster.node import Node
from bot.demo.cluster.timeline import Process, until_other


def placed(node: Node, pod: Callable[[], Json]) -> Process:
    """Wait until the node takes a pod and its claims are bound, and give it to the node; `pod` is how it is now."""

    def ask() -> str:
        return scheduling.unschedulable(node.store, node.usage.taken, pod())

    while why := ask():
        _tell(node, pod(), why)
        yield until_other(ask, why)
    yield lambda: scheduling.has_volumes(node.store, pod())
    _bind(node, pod())


def mounted(node: Node, pod: Callable[[], Json]) -> Process:
    """Wait until the Secrets and ConfigMaps of a pod's volumes are there."""

    def ask() -> tuple[str, str]:
        return scheduling.missing_volume(node.store, pod())

    while any(missing := ask()):
        message = f'MountVolume.SetUp failed for volume "{missing[0]}" : {missing[1]}'
        node.events.kubelet(pod(), WARNING, "FailedMount", message)
        yield until_other(ask, missing)


def _bind(node: Node, pod: Json) -> None:
    status = {key: value for key, value in pod["status"].items() if key != "conditions"}
    status["startTime"] = times.seconds(node.timeline.now)
    bound = {**pod["spec"], "nodeName": scheduling.NODE}
    node.store.replace(kinds.PODS, {**pod, "spec": bound, "status": status})
    title = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
    node.events.scheduler(pod, NORMAL, "Scheduled", f"Successfully assigned {title} to {scheduling.NODE}")


def _tell(node: Node, pod: Json, why: str) -> None:
    condition = {
        "type": "PodScheduled",
        "status": "False",
        "observedGeneration": pod["metadata"].get("generation", 1),
        "lastProbeTime": None,
        "lastTransitionTime": times.seconds(node.timeline.now),
        "reason": "Unschedulable",
        "message": why,
    }
    node.store.replace(kinds.PODS, {**pod, "status": {**pod["status"], "conditions": [condition]}})
    node.events.scheduler(pod, WARNING, "FailedScheduling", why)
