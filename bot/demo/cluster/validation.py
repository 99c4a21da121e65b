"""What the API server refuses in an object that it could read.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from bot.core.reading import mapping, objects, strings, text
from bot.core.resources import Json
from bot.demo.cluster import kinds, rules
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.status import Cause, duplicate, invalid, prohibited, required, unknown, unsupported, wrong

_RESTARTS = ("Always", "OnFailure", "Never")
_PULLS = ("Always", "IfNotPresent", "Never")
_LABELLED = frozenset({kinds.NAMESPACES, kinds.SERVICES})
_FREE_NAMES = frozenset({kinds.ROLES, kinds.ROLE_BINDINGS, kinds.CLUSTER_ROLES, kinds.CLUSTER_ROLE_BINDINGS})
_MOST_SECONDS = 2**31 - 1
_MOST_PORTS = 65535
_FIXED = ("uid", "creationTimestamp", "namespace")
_MAY_CHANGE = ("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds")
_FORBIDDEN_CHANGE = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def validate(kind: Kind, item: Json) -> None:
    """Raise the server's 422 for a new object that breaks a rule."""
    causes = [*_metadata(kind, item["metadata"]), *(_pod(item.get("spec") or {}) if kind is kinds.PODS else ())]
    if causes:
        raise invalid(kind.name, text(item["metadata"].get("name")), causes)


def validate_change(kind: Kind, before: Json, after: Json) -> None:
    """Raise the server's 422 for a change that breaks a rule."""
    moved = {
        key: after["metadata"].get(key) for key in _FIXED if after["metadata"].get(key) != before["metadata"].get(key)
    }
    causes = list(_metadata(kind, after["metadata"]))
    causes += [wrong(f"metadata.{key}", value, "field is immutable") for key, value in moved.items()]
    if kind is kinds.PODS and _fixed_spec(before) != _fixed_spec(after):
        causes.append(prohibited("spec", _FORBIDDEN_CHANGE))
    if causes:
        raise invalid(kind.name, before["metadata"]["name"], causes)


def _fixed_spec(pod: Json) -> Json:
    spec = {key: value for key, value in pod["spec"].items() if key not in _MAY_CHANGE}
    for key in ("containers", "initContainers"):
        spec[key] = [{**one, "image": ""} for one in objects(spec.get(key))]
    return spec


def _metadata(kind: Kind, metadata: Json) -> Iterator[Cause]:
    name = text(metadata.get("name"))
    problem = rules.not_a_label if kind in _LABELLED else rules.not_a_subdomain
    if not name:
        yield required("metadata.name", "name or generateName is required")
    elif kind not in _FREE_NAMES and (why := problem(name)):
        yield wrong("metadata.name", name, why)
    for key, value in strings(metadata.get("labels")).items():
        if why := rules.not_a_key(key):
            yield wrong("metadata.labels", key, why)
        if why := rules.not_a_value(value):
            yield wrong("metadata.labels", value, why)
    for key in strings(metadata.get("annotations")):
        if why := rules.not_a_key(key.lower()):
            yield wrong("metadata.annotations", key, why)


def _pod(spec: Json) -> Iterator[Cause]:
    volumes = [text(volume.get("name")) for volume in objects(spec.get("volumes"))]
    yield from _volumes(spec)
    if spec.get("ephemeralContainers"):
        yield prohibited("spec.ephemeralContainers", "cannot be set on create")
    if not spec.get("containers"):
        yield required("spec.containers")
    lists = [(key, objects(spec.get(key))) for key in ("initContainers", "containers")]
    seen: set[str] = set()
    for path, container in chain.from_iterable(_placed(key, items) for key, items in lists):
        yield from _container(path, container, volumes, seen)
    if (restart := spec.get("restartPolicy")) not in (None, *_RESTARTS):
        yield unsupported("spec.restartPolicy", restart, _RESTARTS)
    if (deadline := spec.get("activeDeadlineSeconds")) is not None and not 1 <= deadline <= _MOST_SECONDS:
        yield wrong("spec.activeDeadlineSeconds", deadline, f"must be between 1 and {_MOST_SECONDS}, inclusive")
    if (grace := spec.get("terminationGracePeriodSeconds")) is not None and grace < 0:
        yield wrong("spec.terminationGracePeriodSeconds", grace, "must be greater than or equal to 0")


def _placed(key: str, items: tuple[Json, ...]) -> Iterator[tuple[str, Json]]:
    return ((f"spec.{key}[{index}]", item) for index, item in enumerate(items))


def _volumes(spec: Json) -> Iterator[Cause]:
    seen: set[str] = set()
    for path, volume in _placed("volumes", objects(spec.get("volumes"))):
        yield from _label(f"{path}.name", text(volume.get("name")), seen)
        if "persistentVolumeClaim" in volume and not mapping(volume["persistentVolumeClaim"]).get("claimName"):
            yield required(f"{path}.persistentVolumeClaim.claimName")


def _label(path: str, name: str, seen: set[str]) -> Iterator[Cause]:
    if not name:
        yield required(path)
    elif why := rules.not_a_label(name):
        yield wrong(path, name, why)
    elif name in seen:
        yield duplicate(path, name)
    seen.add(name)


def _container(path: str, container: Json, volumes: list[str], seen: set[str]) -> Iterator[Cause]:
    yield from _label(f"{path}.name", text(container.get("name")), seen)
    if not container.get("image"):
        yield required(f"{path}.image")
    if (pull := container.get("imagePullPolicy")) not in (None, *_PULLS):
        yield unsupported(f"{path}.imagePullPolicy", pull, _PULLS)
    yield from _resources(f"{path}.resources", mapping(container.get("resources")))
    yield from _mounts(path, container, volumes)
    for index, port in enumerate(objects(container.get("ports"))):
        if not 1 <= (number := port.get("containerPort") or 0) <= _MOST_PORTS:
            yield wrong(
                f"{path}.ports[{index}].containerPort", number, f"must be between 1 and {_MOST_PORTS}, inclusive"
            )


def _resources(path: str, resources: Json) -> Iterator[Cause]:
    limits = mapping(resources.get("limits"))
    for name, requested in mapping(resources.get("requests")).items():
        if name in limits and _amount(requested) > _amount(limits[name]):
            yield wrong(f"{path}.requests", requested, f"must be less than or equal to {name} limit of {limits[name]}")


def _amount(value: Any) -> Any:
    return rules.quantity(value) or 0


def _mounts(path: str, container: Json, volumes: list[str]) -> Iterator[Cause]:
    seen: set[str] = set()
    for index, mount in enumerate(objects(container.get("volumeMounts"))):
        where, target = f"{path}.volumeMounts[{index}]", text(mount.get("mountPath"))
        if mount.get("name") not in volumes:
            yield unknown(f"{where}.name", mount.get("name"))
        if not target:
            yield required(f"{where}.mountPath")
        elif target in seen:
            yield wrong(f"{where}.mountPath", target, "must be unique")
        seen.add(target)
