"""EndpointSlices: which pods stand behind each Service with a selector, and whether they are ready.

Source: https://github.com/kubernetes/endpointslice/blob/master/reconciler.go.
"""

from bot.core.reading import mapping, objects, strings, text
from bot.core.resources import Json
from bot.demo.cluster import kinds
from bot.demo.cluster.scheduling import ENDED
from bot.demo.cluster.store import Store

_SERVICE = "kubernetes.io/service-name"
_MANAGER = "endpointslice.kubernetes.io/managed-by"


def reconcile(store: Store, namespace: str) -> None:
    """Bring one slice for each Service to what its selector picks; the collector takes it away with its Service."""
    slices = {strings(one["metadata"].get("labels")).get(_SERVICE): one for one in store.list(kinds.SLICES, namespace)}
    for service in store.list(kinds.SERVICES, namespace):
        if not strings(mapping(service.get("spec")).get("selector")):
            continue
        known = slices.get(service["metadata"]["name"]) or _added(store, service)
        endpoints = _endpoints(store, service)
        if known["endpoints"] != endpoints:
            store.replace(kinds.SLICES, {**known, "endpoints": endpoints})


def _added(store: Store, service: Json) -> Json:
    metadata = service["metadata"]
    owner = {"apiVersion": "v1", "kind": "Service", "name": metadata["name"], "uid": metadata["uid"]}
    about = {
        "generateName": f"{metadata['name']}-",
        "labels": {_SERVICE: metadata["name"], _MANAGER: "endpointslice-controller.k8s.io"},
        "ownerReferences": [{**owner, "controller": True, "blockOwnerDeletion": True}],
    }
    ports = [_port(one) for one in objects(mapping(service.get("spec")).get("ports"))]
    body: Json = {"metadata": about, "addressType": "IPv4", "endpoints": None, "ports": ports or None}
    return store.add(kinds.SLICES, store.completed(kinds.SLICES, metadata["namespace"], body))


def _port(port: Json) -> Json:
    return {"name": text(port.get("name")), "protocol": port.get("protocol", "TCP"), "port": port.get("port")}


def _endpoints(store: Store, service: Json) -> list[Json] | None:
    """Return the pods that have an address, with whether they are ready; null for none, as the API has it."""
    selector = strings(mapping(service.get("spec")).get("selector")).items()
    pods = store.list(kinds.PODS, service["metadata"]["namespace"])
    picked = [pod for pod in pods if selector <= strings(pod["metadata"].get("labels")).items()]
    return [_endpoint(pod) for pod in picked if _has_address(pod)] or None


def _has_address(pod: Json) -> bool:
    return bool(pod["status"].get("podIP")) and pod["status"].get("phase") not in ENDED


def _endpoint(pod: Json) -> Json:
    ending = bool(pod["metadata"].get("deletionTimestamp"))
    conditions = objects(pod["status"].get("conditions"))
    serving = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
    about = pod["metadata"]
    target = {"kind": "Pod", "namespace": about["namespace"], "name": about["name"], "uid": about["uid"]}
    return {
        "addresses": [pod["status"]["podIP"]],
        "conditions": {"ready": serving and not ending, "serving": serving, "terminating": ending},
        "nodeName": pod["spec"].get("nodeName"),
        "targetRef": target,
    }
