"""What stands under a pod's path: its log, commands, proxy, eviction, ephemeral containers."""

from collections.abc import Mapping
from typing import Final

from bot.demo.cluster import containers, debugging, kinds, serving
from bot.demo.cluster.answers import Answer
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.changes import Changes
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.status import no_such_resource, not_allowed

_VERBS: Final[Mapping[str, frozenset[str]]] = {
    "log": frozenset({"get"}),
    "exec": frozenset({"get", "create"}),
    "proxy": frozenset({"get"}),
    "eviction": frozenset({"create"}),
    "ephemeralcontainers": frozenset({"get", "patch"}),
}


def serve(kubelet: Kubelet, changes: Changes, asked: Asked) -> Answer:
    """Answer a request for a pod's subresource, or raise the server's refusal of its name or verb."""
    if asked.subresource not in _VERBS:
        raise no_such_resource()
    if asked.verb not in _VERBS[asked.subresource]:
        raise not_allowed()
    match asked.subresource:
        case "proxy":
            return serving.proxy(kubelet, asked)
        case "eviction":
            return changes.evict(asked)
        case "ephemeralcontainers":
            return debugging.serve(kubelet, asked)
    pod = kubelet.node.store.get(kinds.PODS, asked.namespace, asked.name)
    serve_container = containers.log if asked.subresource == "log" else containers.execute
    return serve_container(kubelet, pod, asked)
