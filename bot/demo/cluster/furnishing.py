"""What a fresh cluster has: a node, namespaces, classes for claims, and the rights of everyone."""

from collections.abc import Iterator
from typing import Final

from bot.core.resources import Json
from bot.demo.cluster import kinds
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.node import HOST, VERSION
from bot.demo.cluster.scheduling import NODE
from bot.demo.cluster.users import ACCOUNTS, AUTHENTICATED

_BASIC = [
    {
        "verbs": ["create"],
        "apiGroups": ["authorization.k8s.io"],
        "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
    },
    {"verbs": ["create"], "apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"]},
]
_CLASSES: Final[tuple[tuple[str, str, Json], ...]] = (
    ("standard", "Immediate", {"storageclass.kubernetes.io/is-default-class": "true"}),
    ("on-first-use", "WaitForFirstConsumer", {}),
)
_BUNDLES = [
    {"verbs": ["get", "list", "watch"], "apiGroups": ["certificates.k8s.io"], "resources": ["clustertrustbundles"]}
]
_DISCOVERY = [{"verbs": ["get"], "nonResourceURLs": ["/healthz", "/livez", "/readyz", "/version", "/version/"]}]


def furniture(cpu: str, memory: str) -> Iterator[tuple[Kind, Json]]:
    """Yield what is there from the beginning; the node has this much room."""
    room = {"cpu": cpu, "memory": memory, "pods": "110"}
    labels = {"kubernetes.io/hostname": NODE, "kubernetes.io/os": "linux"}
    ready = {"type": "Ready", "status": "True", "reason": "KubeletReady"}
    about = {"kubeletVersion": VERSION, "containerRuntimeVersion": "containerd://2", "osImage": "a simulated node"}
    address = {"type": "InternalIP", "address": HOST}
    status = {"capacity": room, "allocatable": room, "conditions": [ready], "addresses": [address], "nodeInfo": about}
    yield kinds.NODES, {"metadata": {"name": NODE, "labels": labels}, "status": status}
    for name, mode, annotations in _CLASSES:
        named = {"name": name, "annotations": annotations}
        made = {"provisioner": "kubernetes.io/host-path", "reclaimPolicy": "Delete", "volumeBindingMode": mode}
        yield kinds.STORAGE_CLASSES, {"metadata": named, **made}
    for name in ("default", "kube-system"):
        yield kinds.NAMESPACES, {"metadata": {"name": name}}
    for name, rules, everyone in (
        ("system:basic-user", _BASIC, AUTHENTICATED),
        ("system:public-info-viewer", _DISCOVERY, AUTHENTICATED),
        ("system:cluster-trust-bundle-discovery", _BUNDLES, ACCOUNTS),
    ):
        yield kinds.CLUSTER_ROLES, {"metadata": {"name": name}, "rules": rules}
        yield kinds.CLUSTER_ROLE_BINDINGS, _binding(name, everyone)


def _binding(name: str, everyone: str) -> Json:
    group = "rbac.authorization.k8s.io"
    return {
        "metadata": {"name": name},
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": name},
        "subjects": [{"apiGroup": group, "kind": "Group", "name": everyone}],
    }
