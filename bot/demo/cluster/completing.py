"""A new object as the server stores it: what it adds to every object, and the defaults of each kind.

Source: https://github.com/kubernetes/kubernetes/tree/master/pkg/registry.
"""

import base64
from collections.abc import Callable, Mapping
from typing import Final

from bot.core.reading import mapping, objects, strings
from bot.core.resources import Json
from bot.demo.cluster import kinds, times
from bot.demo.cluster.defaults import template_defaults, with_defaults
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.limits import limits_with_defaults
from bot.demo.cluster.store import Store

PROTECTION: Final = "kubernetes.io/pvc-protection"
VOLUME_PROTECTION: Final = "kubernetes.io/pv-protection"
_DEFAULT_CLASS: Final = "storageclass.kubernetes.io/is-default-class"
_UNCOUNTED: Final = dict.fromkeys(("currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"), 0)
_BOTH: Final = {"ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "RequireDualStack"}  # headless, without a selector


def complete(store: Store, kind: Kind, namespace: str, body: Json) -> Json:
    """Return a new object with everything that the server and its admission fill in."""
    fill = _FILL.get(kind)
    item = store.completed(kind, namespace, body)
    return item if fill is None else fill(store, item)


def defaulted(kind: Kind, item: Json) -> Json:
    """Return a changed object with the defaults that it may have lost."""
    if kind is kinds.SERVICES:
        spec = mapping(item.get("spec"))
        return {**item, "spec": {**spec, **_service_ports(spec)}}
    if kind is kinds.POD_TEMPLATES:
        return _template(item)
    if kind is kinds.REPLICA_SETS:
        return {**item, "spec": _replica_spec(mapping(item.get("spec")))}
    return item


def _pod(store: Store, pod: Json) -> Json:
    return with_defaults(pod, f"kube-api-access-{store.suffix()}")


def _namespace(_: Store, namespace: Json) -> Json:
    metadata = namespace["metadata"]
    labels = {**strings(metadata.get("labels")), "kubernetes.io/metadata.name": metadata.get("name", "")}
    spec = {"finalizers": ["kubernetes"], **mapping(namespace.get("spec"))}
    return {**namespace, "metadata": {**metadata, "labels": labels}, "spec": spec, "status": {"phase": "Active"}}


def _secret(_: Store, secret: Json) -> Json:
    plain = strings(secret.get("stringData"))
    coded = {key: base64.b64encode(value.encode()).decode() for key, value in plain.items()}
    data = {**mapping(secret.get("data")), **coded}
    kept = {key: value for key, value in secret.items() if key != "stringData"}
    return {"type": "Opaque", **kept, **({"data": data} if data else {})}


def _service(store: Store, service: Json) -> Json:
    spec: Json = {"sessionAffinity": "None", "type": "ClusterIP", **mapping(service.get("spec"))}
    spec |= _service_ports(spec)
    if spec["type"] != "ExternalName":
        address = spec.get("clusterIP") or store.address()
        one_family: Json = {"ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack"}
        families = _BOTH if address == "None" and not spec.get("selector") else one_family
        own: Json = {"clusterIP": address, "clusterIPs": [address], "internalTrafficPolicy": "Cluster"}
        spec = {**own, **families, **spec}
    return {**service, "spec": spec, "status": {"loadBalancer": {}}}


def _service_ports(spec: Json) -> Json:
    if not spec.get("ports"):
        return {}
    return {"ports": [{"protocol": "TCP", "targetPort": one.get("port"), **one} for one in objects(spec["ports"])]}


def _claim(store: Store, claim: Json) -> Json:
    spec: Json = {"volumeMode": "Filesystem", **mapping(claim.get("spec"))}
    if spec.get("storageClassName") is None and (name := _default_class(store)):
        spec["storageClassName"] = name
    metadata = {**claim["metadata"], "finalizers": [PROTECTION]}
    return {**claim, "metadata": metadata, "spec": spec, "status": {"phase": "Pending"}}


def _default_class(store: Store) -> str:
    for one in store.list(kinds.STORAGE_CLASSES):
        if strings(one["metadata"].get("annotations")).get(_DEFAULT_CLASS) == "true":
            return str(one["metadata"]["name"])
    return ""


def _volume(store: Store, volume: Json) -> Json:
    spec: Json = {
        "persistentVolumeReclaimPolicy": "Retain",
        "volumeMode": "Filesystem",
        **mapping(volume.get("spec")),
    }
    if "hostPath" in spec:
        spec["hostPath"] = {"type": "", **mapping(spec["hostPath"])}
    metadata = {**volume["metadata"], "finalizers": [VOLUME_PROTECTION]}
    status = {"phase": "Pending", "lastPhaseTransitionTime": times.seconds(store.now())}
    return {**volume, "metadata": metadata, "spec": spec, "status": status}


def _template(item: Json) -> Json:
    return {**item, "template": template_defaults(mapping(item.get("template")))}


def _replica_spec(spec: Json) -> Json:
    given = {key: value for key, value in spec.items() if value is not None}
    return {"replicas": 1, **given, "template": template_defaults(mapping(spec.get("template")))}


def _limit_range(_: Store, item: Json) -> Json:
    spec = mapping(item.get("spec"))
    return {**item, "spec": {**spec, "limits": [limits_with_defaults(one) for one in objects(spec.get("limits"))]}}


def _event(_: Store, event: Json) -> Json:
    untold: Json = {
        **dict.fromkeys(("eventTime", "firstTimestamp", "lastTimestamp")),
        **dict.fromkeys(("reportingComponent", "reportingInstance"), ""),
        "source": {},
    }
    return {**untold, **event}


_FILL: Mapping[Kind, Callable[[Store, Json], Json]] = {
    kinds.PODS: _pod,
    kinds.NAMESPACES: _namespace,
    kinds.SECRETS: _secret,
    kinds.SERVICES: _service,
    kinds.CLAIMS: _claim,
    kinds.PERSISTENT_VOLUMES: _volume,
    kinds.POD_TEMPLATES: lambda _, item: _template(item),
    kinds.REPLICA_SETS: lambda _, item: {
        **item,
        "spec": _replica_spec(mapping(item.get("spec"))),
        "status": {"replicas": 0},
    },
    kinds.LIMIT_RANGES: _limit_range,
    kinds.EVENTS: _event,
    kinds.JOBS: lambda _, item: {**item, "status": {}},
    kinds.QUOTAS: lambda _, item: {**item, "status": {}},
    kinds.LEASES: lambda _, item: {"spec": {}, **item},
    kinds.BUDGETS: lambda _, item: {**item, "status": _UNCOUNTED},
    kinds.ATTACHMENTS: lambda _, item: {**item, "status": {"attached": False}},
    kinds.STORAGE_CLASSES: lambda _, item: {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate", **item},
}
