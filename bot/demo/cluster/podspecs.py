"""What the API server refuses in a pod's specification, or a template's.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go.
"""

from collections.abc import Iterator

from bot.core.reading import mapping, objects, strings, text
from bot.core.resources import Json
from bot.demo.cluster import rules
from bot.demo.cluster.podparts import container_causes, volume_causes
from bot.demo.cluster.status import Cause, duplicate, prohibited, required, unsupported, wrong

_RESTARTS = ("Always", "OnFailure", "Never")
_OWN_RESTARTS = ("Always", "Never", "OnFailure")
_DNS = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
_OPERATORS = ("Equal", "Exists")
_MOST_SECONDS = 2**31 - 1
_USERS = ("runAsUser", "runAsGroup", "fsGroup")


def spec_causes(spec: Json, path: str = "spec") -> Iterator[Cause]:
    """Yield what is wrong with a specification, in the server's order."""
    yield from _volumes(spec, path)
    yield from _containers(spec, path)
    if (restart := spec.get("restartPolicy")) not in (None, *_RESTARTS):
        yield unsupported(f"{path}.restartPolicy", restart, _RESTARTS)
    if (policy := spec.get("dnsPolicy")) not in (None, *_DNS):
        yield unsupported(f"{path}.dnsPolicy", policy, _DNS)
    yield from label_causes(f"{path}.nodeSelector", strings(spec.get("nodeSelector")))
    yield from _security(spec, path)
    if (deadline := spec.get("activeDeadlineSeconds")) is not None and not 1 <= deadline <= _MOST_SECONDS:
        yield wrong(f"{path}.activeDeadlineSeconds", deadline, f"must be between 1 and {_MOST_SECONDS}, inclusive")
    yield from _names(spec, path)
    for index, one in enumerate(objects(spec.get("tolerations"))):
        if (operator := one.get("operator")) not in (None, "", *_OPERATORS):
            yield unsupported(f"{path}.tolerations[{index}].operator", operator, _OPERATORS)


def label_causes(path: str, labels: dict[str, str]) -> Iterator[Cause]:
    """Yield what is wrong with labels: their keys, their values."""
    for key, value in labels.items():
        for why in rules.key_problems(key):
            yield wrong(path, key, why)
        if why := rules.not_a_value(value):
            yield wrong(path, value, why)


def _volumes(spec: Json, path: str) -> Iterator[Cause]:
    seen: set[str] = set()
    for index, volume in enumerate(objects(spec.get("volumes"))):
        where = f"{path}.volumes[{index}]"
        yield from _label(f"{where}.name", text(volume.get("name")), seen)
        yield from volume_causes(where, volume)


def _containers(spec: Json, path: str) -> Iterator[Cause]:
    volumes = [text(volume.get("name")) for volume in objects(spec.get("volumes"))]
    seen: set[str] = set()
    if not spec.get("containers"):
        yield required(f"{path}.containers")
    for key in ("containers", "initContainers"):
        for index, container in enumerate(objects(spec.get(key))):
            where = f"{path}.{key}[{index}]"
            yield from _label(f"{where}.name", text(container.get("name")), seen)
            yield from container_causes(where, container, volumes)
            if (restart := container.get("restartPolicy")) not in (None, *_OWN_RESTARTS):
                yield unsupported(f"{where}.restartPolicy", restart, _OWN_RESTARTS)
    for index, container in enumerate(objects(spec.get("ephemeralContainers"))):
        yield from _label(f"{path}.ephemeralContainers[{index}].name", text(container.get("name")), seen)
    if spec.get("ephemeralContainers"):
        yield prohibited(f"{path}.ephemeralContainers", "cannot be set on create")


def _names(spec: Json, path: str) -> Iterator[Cause]:
    problems = {"nodeName": rules.not_a_name, "hostname": rules.not_a_label, "subdomain": rules.not_a_label}
    for key, problem in problems.items():
        if (name := text(spec.get(key))) and (why := problem(name)):
            yield wrong(f"{path}.{key}", name, why)


def _security(spec: Json, path: str) -> Iterator[Cause]:
    context = mapping(spec.get("securityContext"))
    for key in _USERS:
        if (number := context.get(key)) is not None and not 0 <= number <= _MOST_SECONDS:
            yield wrong(f"{path}.securityContext.{key}", number, f"must be between 0 and {_MOST_SECONDS}, inclusive")
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        why = "ShareProcessNamespace and HostPID cannot both be enabled"
        yield wrong(f"{path}.shareProcessNamespace", value=True, why=why)


def _label(path: str, name: str, seen: set[str]) -> Iterator[Cause]:
    if not name:
        yield required(path)
    elif why := rules.not_a_label(name):
        yield wrong(path, name, why)
    elif name in seen:
        yield duplicate(path, name)
    seen.add(name)
