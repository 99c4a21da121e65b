"""The cells of each kind's rows.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from bot.core import ages
from bot.core.containers import Container, Terminated
from bot.core.pods import Pod
from bot.core.reading import mapping, objects, strings, text
from bot.core.resources import Json
from bot.core.statuses import ready_word, status_word

_NONE: Final = "<none>"
_UNSET: Final = "<unset>"
_MODES: Final = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}


def age(item: Json, now: datetime) -> str:
    """Return how old an object is."""
    return ages.age(ages.moment(item["metadata"].get("creationTimestamp")), now)


def name(item: Json) -> str:
    """Return an object's name."""
    return str(item["metadata"]["name"])


def pod(item: Json, now: datetime) -> list[Any]:
    """Print a pod."""
    pod = _read(_Stored(item))
    inits = (one for one in pod.init_containers if one.sidecar or not pod.is_true("Initialized"))
    counted = (*pod.containers, *inits)
    cells = [pod.name, ready_word(pod), status_word(pod), _restarts(counted, now), age(item, now)]
    return [*cells, pod.ip or _NONE, pod.node or _NONE, _NONE, _NONE]


class _Stored:
    """A stored object, which never changes: equal to nothing but itself, and so quick to recognise."""

    def __init__(self, item: Json) -> None:
        self.item = item

    def __hash__(self) -> int:
        return id(self.item)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Stored) and other.item is self.item


@lru_cache(maxsize=1024)
def _read(stored: _Stored) -> Pod:
    return Pod.of(stored.item)


def _restarts(containers: Sequence[Container], now: datetime) -> str:
    count = sum(one.restart_count for one in containers)
    ends = [one.last_state.finished for one in containers if isinstance(one.last_state, Terminated)]
    latest = max((end for end in ends if end is not None), default=None)
    return f"{count} ({ages.age(latest, now)} ago)" if count and latest else str(count)


def event(item: Json, now: datetime) -> list[Any]:
    """Print an event."""
    involved, source = item["involvedObject"], mapping(item.get("source"))
    first = ages.age(ages.moment(item.get("firstTimestamp") or item.get("eventTime")), now)
    last = ages.age(ages.moment(item.get("lastTimestamp") or item.get("eventTime")), now)
    component = ", ".join(filter(None, (source.get("component") or item.get("reportingComponent"), source.get("host"))))
    about = f"{involved['kind'].lower()}/{involved['name']}"
    start = [last, item["type"], item["reason"], about, involved.get("fieldPath", ""), component]
    return [*start, item["message"], first, item.get("count") or 1, name(item)]


def service(item: Json, now: datetime) -> list[Any]:
    """Print a Service."""
    spec = mapping(item.get("spec"))
    ports = ",".join(f"{one['port']}/{one.get('protocol', 'TCP')}" for one in objects(spec.get("ports"))) or _NONE
    address, outside = spec.get("clusterIP") or _NONE, spec.get("externalName") or _NONE
    start = [name(item), spec.get("type", "ClusterIP"), address, outside, ports, age(item, now)]
    return [*start, _joined(spec.get("selector"))]


def replica_set(item: Json, now: datetime) -> list[Any]:
    """Print a ReplicaSet."""
    spec, status = item["spec"], mapping(item.get("status"))
    counts = [spec.get("replicas", 1), status.get("replicas", 0), status.get("readyReplicas", 0)]
    selector = _joined(mapping(spec.get("selector")).get("matchLabels"))
    return [name(item), *counts, age(item, now), *_containers(spec.get("template")), selector]


def template(item: Json, _: datetime) -> list[Any]:
    """Print a PodTemplate."""
    template = mapping(item.get("template"))
    return [name(item), *_containers(template), _joined(mapping(template.get("metadata")).get("labels"))]


def _containers(template: Any) -> Iterator[str]:
    containers = objects(mapping(mapping(template).get("spec")).get("containers"))
    return (",".join(text(one.get(key)) for one in containers) for key in ("name", "image"))


def claim(item: Json, now: datetime) -> list[Any]:
    """Print a claim."""
    spec, status = item["spec"], mapping(item.get("status"))
    phase = "Terminating" if item["metadata"].get("deletionTimestamp") else status.get("phase")
    bound = bool(spec.get("volumeName"))
    size = strings(status.get("capacity")).get("storage", "") if bound else ""
    held = [spec.get("volumeName", ""), size, _modes(status.get("accessModes")) if bound else ""]
    class_ = spec.get("storageClassName") or ""
    return [name(item), phase, *held, class_, _UNSET, age(item, now), spec.get("volumeMode") or _UNSET]


def volume(item: Json, now: datetime) -> list[Any]:
    """Print a volume."""
    spec, status = item["spec"], mapping(item.get("status"))
    phase = "Terminating" if item["metadata"].get("deletionTimestamp") else status.get("phase")
    reference = mapping(spec.get("claimRef"))
    claim = f"{reference.get('namespace')}/{reference.get('name')}" if reference else ""
    size = strings(spec.get("capacity")).get("storage", "")
    start = [name(item), size, _modes(spec.get("accessModes")), spec.get("persistentVolumeReclaimPolicy")]
    end = [status.get("reason") or "", age(item, now), spec.get("volumeMode") or _UNSET]
    return [*start, phase, claim, spec.get("storageClassName") or "", _UNSET, *end]


def _modes(modes: Any) -> str:
    return ",".join(short for mode, short in _MODES.items() if mode in (modes or ()))


def storage_class(item: Json, now: datetime) -> list[Any]:
    """Print a StorageClass."""
    annotated = strings(item["metadata"].get("annotations")).get("storageclass.kubernetes.io/is-default-class")
    shown = f"{name(item)} (default)" if annotated == "true" else name(item)
    keys = ("provisioner", "reclaimPolicy", "volumeBindingMode")
    return [shown, *(item.get(key) for key in keys), bool(item.get("allowVolumeExpansion")), age(item, now)]


def attachment(item: Json, now: datetime) -> list[Any]:
    """Print an attachment."""
    spec, attached = item["spec"], bool(mapping(item.get("status")).get("attached"))
    volume = mapping(spec.get("source")).get("persistentVolumeName") or ""
    return [name(item), spec.get("attacher"), volume, spec.get("nodeName"), attached, age(item, now)]


def quota(item: Json, now: datetime) -> list[Any]:
    """Print a quota."""
    status = mapping(item.get("status"))
    hard, used = strings(status.get("hard")), strings(status.get("used"))
    said = {name: f"{name}: {used.get(name, '0')}/{hard[name]}" for name in sorted(hard)}
    requests = ", ".join(one for name, one in said.items() if not name.startswith("limits."))
    limits = ", ".join(one for name, one in said.items() if name.startswith("limits."))
    return [name(item), requests, limits, age(item, now)]


def node(item: Json, now: datetime) -> list[Any]:
    """Print a node."""
    status = mapping(item.get("status"))
    ready = any(one.get("type") == "Ready" and one.get("status") == "True" for one in objects(status.get("conditions")))
    about = mapping(status.get("nodeInfo"))
    addresses = {text(one.get("type")): text(one.get("address")) for one in objects(status.get("addresses"))}
    start = [name(item), "Ready" if ready else "NotReady", _NONE, age(item, now), about.get("kubeletVersion", "")]
    keys = (("osImage", "<unknown>"), ("kernelVersion", "<unknown>"), ("containerRuntimeVersion", "<unknown>"))
    end = [about.get(key) or missing for key, missing in keys]
    return [*start, addresses.get("InternalIP", _NONE), addresses.get("ExternalIP", _NONE), *end]


def budget(item: Json, now: datetime) -> list[Any]:
    """Print a disruption budget."""
    spec, status = mapping(item.get("spec")), mapping(item.get("status"))
    bounds = [str(spec[key]) if spec.get(key) is not None else "N/A" for key in ("minAvailable", "maxUnavailable")]
    return [name(item), *bounds, status.get("disruptionsAllowed", 0), age(item, now)]


def binding(item: Json, now: datetime) -> list[Any]:
    """Print a role's binding."""
    role, subjects = item["roleRef"], objects(item.get("subjects"))
    names = {kind: [one for one in subjects if one.get("kind") == kind] for kind in ("User", "Group", "ServiceAccount")}
    accounts = ", ".join(f"{one.get('namespace', '')}/{one['name']}" for one in names["ServiceAccount"])
    people = (", ".join(one["name"] for one in names[kind]) for kind in ("User", "Group"))
    return [name(item), f"{role['kind']}/{role['name']}", age(item, now), *people, accounts]


def _joined(labels: Any) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted(strings(labels).items())) or _NONE


def counted(item: Json) -> int:
    """Return how many keys an object's data has."""
    return len(mapping(item.get("data"))) + len(mapping(item.get("binaryData")))


def phase(item: Json) -> str:
    """Return an object's phase."""
    return text(mapping(item.get("status")).get("phase"))
