"""What the API server and its admission fill in for a new pod.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/v1/defaults.go.
"""

from bot.core.reading import mapping, objects
from bot.core.resources import Json

_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105  # a path, not a secret
_TOLERATIONS = [
    {"effect": "NoExecute", "key": f"node.kubernetes.io/{key}", "operator": "Exists", "tolerationSeconds": 300}
    for key in ("not-ready", "unreachable")
]
_FILES = frozenset({"configMap", "secret", "downwardAPI", "projected"})
_SPEC = {
    "restartPolicy": "Always",
    "terminationGracePeriodSeconds": 30,
    "dnsPolicy": "ClusterFirst",
    "securityContext": {},
    "schedulerName": "default-scheduler",
    "priority": 0,
    "enableServiceLinks": True,
    "preemptionPolicy": "PreemptLowerPriority",
}


def with_defaults(pod: Json, token_volume: str) -> Json:
    """Return a pod with every default; `token_volume` is the name for its ServiceAccount's token."""
    spec = {**_SPEC, **{key: value for key, value in (pod.get("spec") or {}).items() if value is not None}}
    account = spec.get("serviceAccountName") or spec.get("serviceAccount") or "default"
    spec |= {"serviceAccount": account, "serviceAccountName": account}
    spec["tolerations"] = [*objects(spec.get("tolerations")), *_TOLERATIONS]
    mounts = [] if spec.get("automountServiceAccountToken") is False else [_mount(token_volume)]
    if spec.get("volumes"):
        spec["volumes"] = [_volume(one) for one in objects(spec["volumes"])]
    if mounts:
        spec["volumes"] = [*objects(spec.get("volumes")), _token(token_volume)]
    for key in ("initContainers", "containers"):
        if key in spec:
            spec[key] = [container_defaults(one, mounts) for one in objects(spec[key])]
    return {**pod, "spec": spec, "status": {"phase": "Pending", "qosClass": _quality(spec)}}


def container_defaults(container: Json, mounts: list[Json]) -> Json:
    """Return a container with every default, and with these mounts beside its own."""
    resources = {**mapping(container.get("resources"))}
    if limits := mapping(resources.get("limits")):
        resources["requests"] = {**limits, **mapping(resources.get("requests"))}
    return {
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": _pull_policy(container["image"]),
        **{key: value for key, value in container.items() if value is not None},
        "resources": resources,
        **({"volumeMounts": every} if (every := [*objects(container.get("volumeMounts")), *mounts]) else {}),
    }


def _volume(volume: Json) -> Json:
    filled = {key: {"defaultMode": 0o644, **source} for key, source in volume.items() if key in _FILES and source}
    return {**volume, **filled}


def _pull_policy(image: str) -> str:
    _, _, tag = image.rpartition("/")[2].partition(":")
    return "Always" if tag in ("", "latest") else "IfNotPresent"


def _token(name: str) -> Json:
    sources = [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}], "name": "kube-root-ca.crt"}},
    ]
    return {"name": name, "projected": {"defaultMode": 420, "sources": sources}}


def _mount(name: str) -> Json:
    return {"mountPath": _TOKEN_PATH, "name": name, "readOnly": True}


def _quality(spec: Json) -> str:
    every = [
        mapping(one.get("resources")) for one in (*objects(spec.get("initContainers")), *objects(spec["containers"]))
    ]
    if not any(one.get("limits") or one.get("requests") for one in every):
        return "BestEffort"
    for one in every:
        limits = mapping(one.get("limits"))
        if not {"cpu", "memory"} <= limits.keys() or (one.get("requests") or limits) != limits:
            return "Burstable"
    return "Guaranteed"
