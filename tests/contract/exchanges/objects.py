"""ReplicaSets, Services, PodTemplates, claims, classes, leases, events: what is filled in, and what is refused."""

from typing import Any

from bot.core.resources import Json
from tests.contract.exchanges.exchange import (
    CORE,
    MERGE_PATCH,
    PODS,
    TABLE,
    Exchange,
    Story,
    create,
    delete,
    get,
    gone,
    patch,
    phase,
    pod,
    rows,
)

_SETS = "/apis/apps/v1/namespaces/$namespace/replicasets"
_SERVICES, _TEMPLATES = f"{CORE}/services", f"{CORE}/podtemplates"
_CLAIMS, _EVENTS = f"{CORE}/persistentvolumeclaims", f"{CORE}/events"
_LEASES = "/apis/coordination.k8s.io/v1/namespaces/$namespace/leases"
_CLASSES = "/apis/storage.k8s.io/v1/storageclasses"
_DRY = {"dryRun": "All"}
_LABELS = {"app": "web"}
_TEMPLATE = {"metadata": {"labels": _LABELS}, "spec": pod()["spec"]}


def _set(name: str = "web", **spec: Any) -> Json:
    given = {"replicas": 2, "selector": {"matchLabels": _LABELS}, "template": _TEMPLATE, **spec}
    return {"metadata": {"name": name}, "spec": given}


def _not_a_set(what: str, **spec: Any) -> Exchange:
    return create(what, _SETS, _set("bad", **spec), query=_DRY)


def _status(**counts: int) -> Any:
    return lambda _, body: counts.items() <= (body.get("status") or {}).items()


_REPLICAS = Story(
    "replica sets",
    (
        _not_a_set("a selector that does not pick its pods", selector={"matchLabels": {"app": "api"}}),
        _not_a_set("no selector", selector=None),
        _not_a_set("an empty selector", selector={}),
        _not_a_set("a bad selector", selector={"matchExpressions": [{"key": "app", "operator": "Like"}]}),
        _not_a_set("values that are not needed", selector={"matchExpressions": [{"key": "app", "operator": "In"}]}),
        _not_a_set("less than none", replicas=-1),
        _not_a_set("no template", template=None),
        _not_a_set("a template without containers", template={"metadata": {"labels": _LABELS}, "spec": {}}),
        _not_a_set("pods that end", template={**_TEMPLATE, "spec": {**_TEMPLATE["spec"], "restartPolicy": "Never"}}),
        _not_a_set("a deadline", template={**_TEMPLATE, "spec": {**_TEMPLATE["spec"], "activeDeadlineSeconds": 5}}),
        create("a misspelt field", _SETS, _set("bad", replica=1), query={**_DRY, "fieldValidation": "Strict"}),
        create("one by default", _SETS, _set("bad", replicas=None), query=_DRY),
        create("made", _SETS, _set()),
        get("it has its pods", f"{_SETS}/web", until=_status(replicas=2, observedGeneration=1)),
        get(
            "its pods",
            PODS,
            query={"labelSelector": "app=web", "limit": "1"},
            until=lambda _, body: all(one["status"].get("conditions") for one in body["items"]),
            stripped=("metadata.remainingItemCount", "metadata.continue"),
        ),
        get("its pods as a Table", PODS, accept=TABLE, until=rows(2)),
        patch("scaled", f"{_SETS}/web", {"spec": {"replicas": 1}}, content=MERGE_PATCH, stripped=("status",)),
        get("it has one pod", f"{_SETS}/web", until=_status(replicas=1, observedGeneration=2)),
        patch(
            "another selector", f"{_SETS}/web", {"spec": {"selector": {"matchLabels": {"a": "b"}}}}, content=MERGE_PATCH
        ),
        patch("scaled to less than none", f"{_SETS}/web", {"spec": {"replicas": -1}}, content=MERGE_PATCH),
        delete("a dry run", f"{_SETS}/web", {"dryRun": ["All"]}),
        delete("gone with its pods", f"{_SETS}/web", {"propagationPolicy": "Background"}),
        get("no pods", PODS, query={"labelSelector": "app=web"}, until=rows(0)),
        create("made again", _SETS, _set(replicas=1)),
        get("it has its pod again", f"{_SETS}/web", until=_status(replicas=1)),
        delete("gone without its pods", f"{_SETS}/web", {"propagationPolicy": "Orphan"}),
        get("it is gone", f"{_SETS}/web", until=gone),
        get(
            "its pod stays, and is nobody's",
            PODS,
            query={"labelSelector": "app=web"},
            until=lambda _, body: all(
                "ownerReferences" not in one["metadata"] and one["status"].get("conditions") for one in body["items"]
            ),
        ),
    ),
)


def _service(what: str, name: str = "web", **spec: Any) -> Exchange:
    return create(what, _SERVICES, {"metadata": {"name": name}, "spec": spec}, query=_DRY)


_PORT = {"port": 80}
_OF_SERVICES = Story(
    "services",
    (
        _service("by default", ports=[_PORT], selector=_LABELS),
        _service("headless", ports=[{"port": 80, "targetPort": "web", "protocol": "UDP"}], clusterIP="None"),
        _service("another name", type="ExternalName", externalName="example.com"),
        _service("no ports", selector=_LABELS),
        _service("a port of 0", ports=[{"port": 0}]),
        _service("two ports without names", ports=[_PORT, {"port": 81}]),
        _service("one port twice", ports=[{"name": "a", "port": 80}, {"name": "b", "port": 80}]),
        _service("a type that is none", ports=[_PORT], type="Cluster"),
        _service("a name that begins with a number", "1web", ports=[_PORT]),
        _service("a bad selector", ports=[_PORT], selector={"a b": "c"}),
        _service("a bad address", ports=[_PORT], clusterIP="here"),
        create("made", _SERVICES, {"metadata": {"name": "web"}, "spec": {"ports": [_PORT], "clusterIP": "None"}}),
        patch("another type of a port", f"{_SERVICES}/web", {"spec": {"ports": [{"port": 0}]}}, content=MERGE_PATCH),
    ),
)
_OF_TEMPLATES = Story(
    "templates",
    (
        create("made", _TEMPLATES, {"metadata": {"name": "web"}, "template": _TEMPLATE}),
        create("no template", _TEMPLATES, {"metadata": {"name": "none"}}),
        create("a template without containers", _TEMPLATES, {"metadata": {"name": "none"}, "template": {"spec": {}}}),
        create(
            "a misspelt field",
            _TEMPLATES,
            {"metadata": {"name": "none"}, "template": {"spek": {}}},
            query={"fieldValidation": "Strict"},
        ),
        get("listed", _TEMPLATES),
    ),
)


def _claim(name: str = "data", **spec: Any) -> Json:
    given = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **spec}
    return {"metadata": {"name": name}, "spec": {key: value for key, value in given.items() if value is not None}}


def _bound(_: int, body: Json) -> bool:
    """Whether a claim is bound, and known to be used by nobody, which another controller tells."""
    return bool(body["status"]["phase"] == "Bound" and body["status"].get("conditions"))


_OF_CLAIMS = Story(
    "claims",
    (
        create("of the default class", _CLAIMS, _claim(), query=_DRY),
        create("no access", _CLAIMS, _claim(accessModes=None), query=_DRY),
        create("access that is none", _CLAIMS, _claim(accessModes=["Write"]), query=_DRY),
        create("no size", _CLAIMS, _claim(resources={}), query=_DRY),
        create("a size of nothing", _CLAIMS, _claim(resources={"requests": {"storage": "0"}}), query=_DRY),
        create("a bad class", _CLAIMS, _claim(storageClassName="A b"), query=_DRY),
        create("a mode that is none", _CLAIMS, _claim(volumeMode="Tape"), query=_DRY),
        create("a misspelt field", _CLAIMS, _claim(accessMode="x"), query={**_DRY, "fieldValidation": "Strict"}),
        create("a class that is not there", _CLAIMS, _claim("lost", storageClassName="none-$namespace")),
        create("made", _CLAIMS, _claim()),
        get("bound", f"{_CLAIMS}/data", until=_bound, keep={"volume": "spec.volumeName"}),
        get("its volume", "/api/v1/persistentvolumes/$volume", until=phase("Bound")),
        get("claims as a Table", _CLAIMS, accept=TABLE, query={"includeObject": "None"}),
        patch(
            "larger", f"{_CLAIMS}/data", {"spec": {"resources": {"requests": {"storage": "2Gi"}}}}, content=MERGE_PATCH
        ),
        patch("another class", f"{_CLAIMS}/data", {"spec": {"storageClassName": "none"}}, content=MERGE_PATCH),
        delete("gone", f"{_CLAIMS}/data"),
        get("it is gone", f"{_CLAIMS}/data", until=gone),
        get("its volume is gone", "/api/v1/persistentvolumes/$volume", until=gone),
        create("a class without a provisioner", _CLASSES, {"metadata": {"name": "$namespace"}}),
        create(
            "a class of a mode that is none",
            _CLASSES,
            {"metadata": {"name": "$namespace"}, "provisioner": "a.b/c", "volumeBindingMode": "Later"},
        ),
        create("a class", _CLASSES, {"metadata": {"name": "$namespace"}, "provisioner": "a.b/c"}, query=_DRY),
        create(
            "an attachment of nothing",
            "/apis/storage.k8s.io/v1/volumeattachments",
            {"metadata": {"name": "$namespace"}, "spec": {"attacher": "", "nodeName": "", "source": {}}},
        ),
    ),
)
_OF_LEASES = Story(
    "leases",
    (
        create("made", _LEASES, {"metadata": {"name": "one"}}, by="bot"),
        create("taken", _LEASES, {"metadata": {"name": "one"}}, by="bot"),
        create("held", _LEASES, {"metadata": {"name": "two"}, "spec": {"holderIdentity": "me"}}, by="bot"),
        create(
            "times to the microsecond",
            _LEASES,
            {"metadata": {"name": "three"}, "spec": {"acquireTime": "2026-01-01T00:00:00.000000Z"}},
            by="bot",
        ),
        create("a bad time", _LEASES, {"metadata": {"name": "bad"}, "spec": {"acquireTime": "noon"}}, by="bot"),
        create("no length", _LEASES, {"metadata": {"name": "bad"}, "spec": {"leaseDurationSeconds": 0}}, by="bot"),
        create("a bad name", _LEASES, {"metadata": {"name": "A"}}, by="bot"),
        get("listed", _LEASES, by="bot"),
        delete("gone", f"{_LEASES}/one", by="bot"),
        delete("gone already", f"{_LEASES}/one", by="bot"),
    ),
)
_EVENT = {
    "metadata": {"name": "web.1"},
    "involvedObject": {"kind": "Pod", "name": "web", "namespace": "$namespace"},
    "reason": "Failed",
    "message": "Error: no such image",
    "type": "Warning",
    "source": {"component": "kubelet"},
}
_OF_EVENTS = Story(
    "events",
    (
        create("made", _EVENTS, _EVENT),
        create(
            "about another namespace", _EVENTS, {**_EVENT, "involvedObject": {"kind": "Pod", "namespace": "default"}}
        ),
        create("a count that is a text", _EVENTS, {**_EVENT, "count": "3"}),
        get("by reason", _EVENTS, query={"fieldSelector": "reason=Failed,type=Warning"}),
        get("by another reason", _EVENTS, query={"fieldSelector": "reason=Started"}),
        get("by source", _EVENTS, query={"fieldSelector": "source=kubelet"}),
        create("a pod that no node takes", PODS, pod()),
        get(
            "told by the scheduler",
            _EVENTS,
            query={"fieldSelector": "involvedObject.name=web,reason=FailedScheduling"},
            until=rows(1),
        ),
    ),
)
STORIES = (_REPLICAS, _OF_SERVICES, _OF_TEMPLATES, _OF_CLAIMS, _OF_LEASES, _OF_EVENTS)
