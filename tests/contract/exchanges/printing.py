"""Tables: columns and cells of every kind that podbot or a visitor lists."""

from typing import Any

from bot.core.resources import Json
from tests.contract.exchanges.exchange import (
    CORE,
    MAPS,
    PODS,
    TABLE,
    Exchange,
    Story,
    config_map,
    create,
    get,
    pod,
    rows,
)

_TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": {**pod()["spec"]}}
_OF_WEB = {"matchLabels": {"app": "web"}}
_SERVICES = (
    {"metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}},
    {"metadata": {"name": "headless"}, "spec": {"clusterIP": "None", "ports": [{"port": 53, "protocol": "UDP"}]}},
    {"metadata": {"name": "elsewhere"}, "spec": {"type": "ExternalName", "externalName": "example.com"}},
)
_CLAIM = {
    "metadata": {"name": "data"},
    "spec": {
        "accessModes": ["ReadWriteOnce", "ReadOnlyMany"],
        "resources": {"requests": {"storage": "1Gi"}},
        "storageClassName": "none-$namespace",
    },
}
_VOLUME = {
    "metadata": {"name": "$namespace"},
    "spec": {
        "capacity": {"storage": "2Gi"},
        "accessModes": ["ReadWriteOnce"],
        "hostPath": {"path": "/tmp/podbot"},  # noqa: S108  # nothing mounts it
        "storageClassName": "other-$namespace",
        "persistentVolumeReclaimPolicy": "Retain",
    },
}
_LIMITS = {"metadata": {"name": "sizes"}, "spec": {"limits": [{"type": "Container", "default": {"cpu": "1"}}]}}
_QUOTA = {"metadata": {"name": "room"}, "spec": {"hard": {"pods": "10", "requests.cpu": "2", "limits.cpu": "4"}}}
_LEASE = {"metadata": {"name": "one"}, "spec": {"holderIdentity": "me", "leaseDurationSeconds": 30}}
_EVENT = {
    "metadata": {"name": "web.1"},
    "involvedObject": {"kind": "Pod", "name": "web", "namespace": "$namespace", "fieldPath": "spec.containers{main}"},
    "reason": "Started",
    "message": "Container started",
    "type": "Normal",
    "source": {"component": "kubelet", "host": "local"},
    "firstTimestamp": "2026-01-01T00:00:00Z",
    "lastTimestamp": "2026-01-01T00:01:00Z",
    "count": 3,
}


def _table(what: str, path: str, include: str = "None", **more: Any) -> Exchange:
    more["query"] = {"includeObject": include, **more.get("query", {})}
    return get(f"{what} as a Table", path, accept=TABLE, **more)


def _kind(what: str, path: str, *bodies: Json) -> tuple[Exchange, ...]:
    made = (create(f"{what} {body['metadata']['name']}", path, body) for body in bodies)
    return (*made, _table(what, path))


_APPS, _BATCH = "/apis/apps/v1/namespaces/$namespace", "/apis/batch/v1/namespaces/$namespace"
_RBAC = "/apis/rbac.authorization.k8s.io/v1/namespaces/$namespace"
_STORAGE = "/apis/storage.k8s.io/v1"
_MINE: Json = {"query": {"fieldSelector": "metadata.name=$namespace"}}
_ROLE = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "look"}
_KINDS = Story(
    "kinds",
    (
        _table("no pods", PODS),
        _table("no events", f"{CORE}/events", query={"fieldSelector": "metadata.name=none"}),
        _table("nodes", "/api/v1/nodes", query={"labelSelector": "no=such"}),
        *_kind("pods", PODS, pod(), pod("other", spec={"containers": [{"name": c, "image": "a"} for c in "ab"]})),
        _table("pods with their metadata", PODS, "Metadata", query={"limit": "1"}),
        _table("pods whole", PODS, "Object", query={"labelSelector": "none"}),
        _table("one pod", f"{PODS}/web"),
        _table("one pod with its metadata", f"{PODS}/web", ""),
        _table("pods with what is none", PODS, "Some"),
        _table("a pod that is not there", f"{PODS}/none"),
        *_kind("services", f"{CORE}/services", *_SERVICES),
        *_kind("claims", f"{CORE}/persistentvolumeclaims", _CLAIM),
        create("a volume", "/api/v1/persistentvolumes", _VOLUME),
        _table("volumes", "/api/v1/persistentvolumes", **_MINE, until=lambda _, body: _cell(body, 4) == "Available"),
        create(
            "a class",
            f"{_STORAGE}/storageclasses",
            {"metadata": {"name": "$namespace"}, "provisioner": "podbot.io/none"},
        ),
        _table("classes", f"{_STORAGE}/storageclasses", **_MINE),
        create(
            "an attachment",
            f"{_STORAGE}/volumeattachments",
            {
                "metadata": {"name": "$namespace"},
                "spec": {"attacher": "podbot.io", "nodeName": "n", "source": {"persistentVolumeName": "v"}},
            },
        ),
        _table("attachments", f"{_STORAGE}/volumeattachments", **_MINE),
        create("an event", f"{CORE}/events", _EVENT),
        _table("events", f"{CORE}/events", query={"fieldSelector": "metadata.name=web.1"}),
        *_kind("quotas", f"{CORE}/resourcequotas", _QUOTA)[:1],
        _table(
            "quotas",
            f"{CORE}/resourcequotas",
            until=lambda _, body: "2/10" in str(_cell(body, 1) if rows(1)(0, body) else ""),
        ),
        *_kind("limit ranges", f"{CORE}/limitranges", _LIMITS),
        *_kind("templates", f"{CORE}/podtemplates", {"metadata": {"name": "web"}, "template": _TEMPLATE}),
        *_kind("leases", "/apis/coordination.k8s.io/v1/namespaces/$namespace/leases", _LEASE),
        create("a ConfigMap", MAPS, config_map("mine")),
        _table("ConfigMaps", MAPS, query={"labelSelector": "by=podbot"}),
        *_kind("secrets", f"{CORE}/secrets", {"metadata": {"name": "mine"}, "stringData": {"a": "b"}}),
        create("an account", f"{CORE}/serviceaccounts", {"metadata": {"name": "mine"}}),
        _table("accounts", f"{CORE}/serviceaccounts", query={"fieldSelector": "metadata.name=mine"}),
        _table("namespaces", "/api/v1/namespaces", **_MINE),
        create(
            "a role",
            f"{_RBAC}/roles",
            {"metadata": {"name": "look"}, "rules": [{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}]},
        ),
        _table("roles", f"{_RBAC}/roles", query={"fieldSelector": "metadata.name=look"}),
        create(
            "a binding",
            f"{_RBAC}/rolebindings",
            {
                "metadata": {"name": "look"},
                "roleRef": _ROLE,
                "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "alice"}],
            },
        ),
        _table("bindings", f"{_RBAC}/rolebindings", query={"fieldSelector": "metadata.name=look"}),
        *_kind(
            "budgets",
            "/apis/policy/v1/namespaces/$namespace/poddisruptionbudgets",
            {"metadata": {"name": "all"}, "spec": {"minAvailable": 1, "selector": {"matchLabels": {"no": "such"}}}},
        ),
    ),
)
_CONTROLLERS = Story(
    "controllers",
    (
        *_kind(
            "replica sets",
            f"{_APPS}/replicasets",
            {"metadata": {"name": "web"}, "spec": {"replicas": 0, "selector": _OF_WEB, "template": _TEMPLATE}},
        ),
        create(
            "a job that is suspended",
            f"{_BATCH}/jobs",
            {
                "metadata": {"name": "once"},
                "spec": {
                    "suspend": True,
                    "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "b"}]}},
                },
            },
            stripped=("spec", "metadata.labels"),
        ),
    ),
)


def _cell(body: Json, index: int) -> object:
    found = body.get("rows") or ()
    return found[0]["cells"][index] if found else None


STORIES = (_KINDS, _CONTROLLERS)
