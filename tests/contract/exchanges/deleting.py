"""Deletions and evictions: what they answer with, and what they refuse to touch."""

from bot.core.resources import Json
from tests.contract.exchanges.exchange import (
    CORE,
    MAPS,
    MERGE_PATCH,
    PODS,
    Story,
    config_map,
    create,
    delete,
    get,
    gone,
    patch,
    pod,
    settled,
)

_WEB = f"{PODS}/web"
_ANOTHER = "00000000-0000-0000-0000-000000000000"
_BUDGETS = "/apis/policy/v1/namespaces/$namespace/poddisruptionbudgets"


def _running(name: str, **labels: str) -> Json:
    body = pod(name, metadata={"labels": labels}, spec={"terminationGracePeriodSeconds": 0})
    del body["spec"]["nodeSelector"]
    return body


def _evicted(name: str, **options: object) -> Json:
    return {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": name},
        "deleteOptions": {"gracePeriodSeconds": 0, **options},
    }


def _is_ready(_: int, body: Json) -> bool:
    conditions = (body.get("status") or {}).get("conditions") or ()
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


_KEPT = {"uid": "metadata.uid", "version": "metadata.resourceVersion"}
_PODS = Story(
    "pods",
    (
        create("a pod", PODS, pod(), keep={"uid": "metadata.uid"}),
        delete("another's UID", _WEB, {"preconditions": {"uid": _ANOTHER}}),
        get(
            "it has settled",
            _WEB,
            until=settled,
            keep={"version": "metadata.resourceVersion"},
        ),
        delete("an old version", _WEB, {"preconditions": {"uid": "$uid", "resourceVersion": "1"}}),
        delete("a policy that is none", _WEB, {"propagationPolicy": "Sideways"}),
        delete("a dry run that is none", _WEB, {"dryRun": ["Some"]}),
        delete("orphans and a policy", _WEB, {"propagationPolicy": "Orphan", "orphanDependents": True}),
        delete("a body that is none", _WEB, b"{"),
        delete("a body of another kind", _WEB, {"kind": "Pod", "apiVersion": "v1"}),
        delete("a field that is none", _WEB, {"nice": True, "dryRun": ["All"]}),
        delete("a dry run", _WEB, {"dryRun": ["All"], "preconditions": {"uid": "$uid"}}),
        delete("a dry run by the query", _WEB, query={"dryRun": "All"}),
        delete("a grace period that is none", _WEB, query={"gracePeriodSeconds": "soon"}),
        delete("gone", _WEB, {"preconditions": {"uid": "$uid"}, "gracePeriodSeconds": 0}),
        delete("not there", _WEB),
        create("held", PODS, pod("held", metadata={"finalizers": ["podbot.io/hold"]})),
        delete("marked", f"{PODS}/held", {"gracePeriodSeconds": 0}, stripped=("status.conditions",)),
        delete("marked once more", f"{PODS}/held", {"gracePeriodSeconds": 0}, stripped=("status.conditions",)),
        patch(
            "held by more than before",
            f"{PODS}/held",
            {"metadata": {"finalizers": ["podbot.io/hold", "podbot.io/more"]}},
            content=MERGE_PATCH,
        ),
        patch(
            "let go",
            f"{PODS}/held",
            {"metadata": {"finalizers": None}},
            content=MERGE_PATCH,
            stripped=("status.conditions",),
        ),
        get("gone at last", f"{PODS}/held", until=gone),
    ),
)
_EVICTIONS = Story(
    "evictions",
    (
        create("a pod that runs", PODS, _running("web", app="web")),
        get("it runs", _WEB, until=_is_ready, keep=_KEPT),
        create("another's UID", f"{_WEB}/eviction", _evicted("web", preconditions={"uid": _ANOTHER})),
        create("another name", f"{_WEB}/eviction", _evicted("other")),
        create("not there", f"{PODS}/none/eviction", _evicted("none")),
        create("a dry run", f"{_WEB}/eviction", _evicted("web", dryRun=["All"])),
        create("another kind", f"{_WEB}/eviction", {"kind": "Pod", "apiVersion": "v1"}),
        get("an eviction cannot be read", f"{_WEB}/eviction"),
        create(
            "a budget",
            _BUDGETS,
            {"metadata": {"name": "all"}, "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}},
        ),
        get(
            "it has counted",
            f"{_BUDGETS}/all",
            until=lambda _, body: bool(body["status"].get("currentHealthy")),
        ),
        create("the budget keeps it", f"{_WEB}/eviction", _evicted("web")),
        create("the budget keeps it from a dry run too", f"{_WEB}/eviction", _evicted("web", dryRun=["All"])),
        delete("no budget", f"{_BUDGETS}/all"),
        create("evicted", f"{_WEB}/eviction", _evicted("web")),
        get("gone", _WEB, until=gone),
    ),
)
_STORAGE = "/apis/storage.k8s.io/v1"
_VOLUME = {
    "metadata": {"name": "$namespace"},
    "spec": {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "hostPath": {"path": "/tmp/podbot"},  # noqa: S108  # nothing mounts it
        "storageClassName": "none-$namespace",
        "persistentVolumeReclaimPolicy": "Retain",
    },
}
_ATTACHMENT = {
    "metadata": {"name": "$namespace"},
    "spec": {"attacher": "podbot.io", "nodeName": "none", "source": {"persistentVolumeName": "none"}},
}
_CLAIM = {
    "metadata": {"name": "data"},
    "spec": {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}},
        "storageClassName": "none-$namespace-too",
    },
}
_SERVICE = {"metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}], "clusterIP": "None"}}
_KINDS = Story(
    "other kinds",
    (
        create("a ConfigMap", MAPS, config_map("a"), keep=_KEPT),
        delete("a ConfigMap of an older version", f"{MAPS}/a", {"preconditions": {"resourceVersion": "1"}}),
        delete("a ConfigMap of another UID", f"{MAPS}/a", {"preconditions": {"uid": _ANOTHER}}),
        delete("a ConfigMap, as a dry run", f"{MAPS}/a", {"dryRun": ["All"]}),
        delete("a ConfigMap goes", f"{MAPS}/a", {"preconditions": {"uid": "$uid", "resourceVersion": "$version"}}),
        create("a ConfigMap that is held", MAPS, {"metadata": {"name": "b", "finalizers": ["podbot.io/hold"]}}),
        delete("a ConfigMap that is held stays", f"{MAPS}/b"),
        patch("it is let go", f"{MAPS}/b", {"metadata": {"finalizers": []}}, content=MERGE_PATCH),
        get("it is gone", f"{MAPS}/b"),
        create("a Service", f"{CORE}/services", _SERVICE),
        delete("a Service goes", f"{CORE}/services/web"),
        create("an account", f"{CORE}/serviceaccounts", {"metadata": {"name": "mine"}}),
        delete("an account goes", f"{CORE}/serviceaccounts/mine"),
        create("a Secret", f"{CORE}/secrets", {"metadata": {"name": "mine"}, "stringData": {"a": "b"}}),
        delete("a Secret goes", f"{CORE}/secrets/mine"),
        create("a claim", f"{CORE}/persistentvolumeclaims", _CLAIM),
        delete("a claim goes", f"{CORE}/persistentvolumeclaims/data"),
        get("a claim is gone", f"{CORE}/persistentvolumeclaims/data", until=gone),
        create("a volume", "/api/v1/persistentvolumes", _VOLUME),
        get(
            "a volume is available",
            "/api/v1/persistentvolumes/$namespace",
            until=lambda _, body: bool(body["status"].get("phase") == "Available"),
        ),
        delete("a volume goes", "/api/v1/persistentvolumes/$namespace"),
        get("a volume is gone", "/api/v1/persistentvolumes/$namespace", until=gone),
        create("an attachment", f"{_STORAGE}/volumeattachments", _ATTACHMENT),
        delete("an attachment goes", f"{_STORAGE}/volumeattachments/$namespace"),
        create(
            "a class",
            f"{_STORAGE}/storageclasses",
            {"metadata": {"name": "$namespace"}, "provisioner": "podbot.io/none"},
        ),
        delete("a class goes", f"{_STORAGE}/storageclasses/$namespace"),
        create("a budget", _BUDGETS, {"metadata": {"name": "a"}, "spec": {"maxUnavailable": "25%"}}),
        delete("a budget goes", f"{_BUDGETS}/a"),
        delete("a collection's object is not there", f"{MAPS}/none"),
    ),
)
STORIES = (_PODS, _EVICTIONS, _KINDS)
