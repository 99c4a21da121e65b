"""What the API server fills in for pods and their templates, and its admission for pods.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/v1/defaults.go.
"""

from typing import Any

from bot.core.reading import mapping, objects
from bot.core.resources import Json

_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105  # a path, not a secret
_TOLERATIONS = [
    {"effect": "NoExecute", "key": f"node.kubernetes.io/{key}", "operator": "Exists", "tolerationSeconds": 300}
    for key in ("not-ready", "unreachable")
]
_FILES = frozenset({"configMap", "secret", "downwardAPI", "projected"})
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
_SPEC = {
    "restartPolicy": "Always",
    "terminationGracePeriodSeconds": 30,
    "dnsPolicy": "ClusterFirst",
    "securityContext": {},
    "schedulerName": "default-scheduler",
}
_OF_PODS = {"priority": 0, "enableServiceLinks": True, "preemptionPolicy": "PreemptLowerPriority"}
_CONTAINERS = ("initContainers", "containers")


def template_defaults(template: Json) -> Json:
    """Return a pod's template with every default that templates have."""
    return {**template, "spec": _spec(mapping(template.get("spec")))}


def with_defaults(pod: Json, token_volume: str) -> Json:
    """Return a pod with every default; `token_volume` is the name for its ServiceAccount's token."""
    spec = {**_OF_PODS, **_spec(mapping(pod.get("spec")))}
    account = spec.get("serviceAccountName") or spec.get("serviceAccount") or "default"
    spec |= {"serviceAccount": account, "serviceAccountName": account}
    if (spec.get("terminationGracePeriodSeconds") or 0) < 0:
        spec["terminationGracePeriodSeconds"] = 1
    spec["tolerations"] = [*objects(spec.get("tolerations")), *_TOLERATIONS]
    mounts = [] if spec.get("automountServiceAccountToken") is False else [_mount(token_volume)]
    if mounts:
        spec["volumes"] = [*objects(spec.get("volumes")), _token(token_volume)]
    for key in _CONTAINERS:
        if key in spec:
            spec[key] = [_of_pod(one, mounts, host=bool(spec.get("hostNetwork"))) for one in objects(spec[key])]
    return {**pod, "spec": spec, "status": {"phase": "Pending", "qosClass": _quality(spec)}}


def container_defaults(container: Json) -> Json:
    """Return a container with every default that templates have too."""
    given = {key: value for key, value in container.items() if value is not None}
    filled = {
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": _pull_policy(str(container.get("image") or "")),
        "resources": {},
        **given,
    }
    for key in _PROBES:
        if key in given:
            filled[key] = {**_PROBE, **_handler(given[key])}
    if "ports" in given:
        filled["ports"] = [{"protocol": "TCP", **one} for one in objects(given["ports"])]
    if "env" in given:
        filled["env"] = [_variable(one) for one in objects(given["env"])]
    if "lifecycle" in given:
        filled["lifecycle"] = {key: _handler(one) for key, one in mapping(given["lifecycle"]).items()}
    return filled


def _spec(given: Json) -> Json:
    spec = {**_SPEC, **{key: value for key, value in given.items() if value is not None}}
    if spec.get("volumes"):
        spec["volumes"] = [_volume(one) for one in objects(spec["volumes"])]
    for key in _CONTAINERS:
        if key in spec:
            spec[key] = [container_defaults(one) for one in objects(spec[key])]
    return spec


def _of_pod(container: Json, mounts: list[Json], *, host: bool) -> Json:
    """Return a pod's container with what templates leave open: requests, the host's ports, the token."""
    resources = {**mapping(container.get("resources"))}
    if limits := mapping(resources.get("limits")):
        resources["requests"] = {**limits, **mapping(resources.get("requests"))}
    every = [*objects(container.get("volumeMounts")), *mounts]
    whole = {**container, "resources": resources, **({"volumeMounts": every} if every else {})}
    if host and "ports" in container:
        whole["ports"] = [{"hostPort": one.get("containerPort"), **one} for one in objects(container["ports"])]
    return whole


def _handler(handler: Any) -> Json:
    """Return a probe or a hook with its defaults."""
    filled = {**mapping(handler)}
    if asked := mapping(filled.get("httpGet")):
        filled["httpGet"] = {"path": "/", "scheme": "HTTP", **asked}
    if "grpc" in filled:
        filled["grpc"] = {"service": "", **mapping(filled["grpc"])}
    return filled


def _variable(variable: Json) -> Json:
    source = mapping(variable.get("valueFrom"))
    if "fieldRef" in source:
        source = {**source, "fieldRef": {"apiVersion": "v1", **mapping(source["fieldRef"])}}
    if "resourceFieldRef" in source:
        source = {**source, "resourceFieldRef": {"divisor": "0", **mapping(source["resourceFieldRef"])}}
    return {**variable, "valueFrom": source} if source else variable


def _volume(volume: Json) -> Json:
    if not volume.keys() - {"name"}:
        return {**volume, "emptyDir": {}}
    filled = {key: {"defaultMode": 0o644, **source} for key, source in volume.items() if key in _FILES and source}
    if "downwardAPI" in filled:
        items = [_variable({"valueFrom": one}) for one in objects(filled["downwardAPI"].get("items"))]
        filled["downwardAPI"] = {**filled["downwardAPI"], "items": [one["valueFrom"] for one in items]}
    if "hostPath" in volume:
        filled["hostPath"] = {"type": "", **mapping(volume["hostPath"])}
    return {**volume, **filled}


def _pull_policy(image: str) -> str:
    if "@" in image:
        return "IfNotPresent"
    _, _, tag = image.rpartition("/")[2].partition(":")
    return "Always" if tag in ("", "latest") else "IfNotPresent"


def _token(name: str) -> Json:
    where = {"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}
    sources = [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}], "name": "kube-root-ca.crt"}},
        {"downwardAPI": {"items": [where]}},
    ]
    return {"name": name, "projected": {"defaultMode": 420, "sources": sources}}


def _mount(name: str) -> Json:
    return {"mountPath": _TOKEN_PATH, "name": name, "readOnly": True}


def _quality(spec: Json) -> str:
    every = [
        mapping(one.get("resources"))
        for one in (*objects(spec.get("initContainers")), *objects(spec.get("containers")))
    ]
    if not any(one.get("limits") or one.get("requests") for one in every):
        return "BestEffort"
    for one in every:
        limits = mapping(one.get("limits"))
        if not {"cpu", "memory"} <= limits.keys() or (one.get("requests") or limits) != limits:
            return "Burstable"
    return "Guaranteed"
