"""What the API server refuses in objects that are no pods, kind by kind.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go.
"""

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from bot.core.reading import mapping, objects, strings, text
from bot.core.resources import Json
from bot.demo.cluster import kinds, rules
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.podspecs import label_causes, spec_causes
from bot.demo.cluster.roomspecs import limit_causes, quota_causes
from bot.demo.cluster.rules import amount
from bot.demo.cluster.selectors import pods_of
from bot.demo.cluster.status import Cause, duplicate, prohibited, required, unsupported, wrong

_MOST_PORTS: Final = 65535
_PORT_RANGE: Final = f"must be between 1 and {_MOST_PORTS}, inclusive"
_TYPES: Final = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_ACCESS: Final = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_OPERATORS: Final = frozenset({"In", "NotIn", "Exists", "DoesNotExist"})
_WITH_VALUES: Final = frozenset({"In", "NotIn"})


def object_causes(kind: Kind, item: Json) -> Iterator[Cause]:
    """Yield what is wrong with an object beside its metadata."""
    check = _CHECKS.get(kind)
    return check(item) if check is not None else iter(())


def _replica_set(item: Json) -> Iterator[Cause]:
    spec = mapping(item.get("spec"))
    selector, template = spec.get("selector"), mapping(spec.get("template"))
    if (replicas := spec.get("replicas") or 0) < 0:
        yield wrong("spec.replicas", replicas, "must be greater than or equal to 0")
    problems = [*_selector(selector)]
    yield from problems
    if not problems or selector is None:
        labels = mapping(template.get("metadata")).get("labels")
        if selector is None or not pods_of(selector)({"metadata": mapping(template.get("metadata"))}):
            yield wrong("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
    yield from _template("spec.template", template)
    inner = mapping(template.get("spec"))
    if (restart := inner.get("restartPolicy")) != "Always" and inner.get("containers"):
        yield unsupported("spec.template.spec.restartPolicy", restart, ["Always"])
    if inner.get("activeDeadlineSeconds") is not None:
        why = "activeDeadlineSeconds in ReplicaSet is not Supported"
        yield prohibited("spec.template.spec.activeDeadlineSeconds", why)


def _selector(selector: Any) -> Iterator[Cause]:
    if selector is None:
        yield required("spec.selector")
    elif not selector:
        yield wrong("spec.selector", selector, "empty selector is invalid for deployment")
    problems = [*_expressions(mapping(selector))]
    yield from problems
    if problems:
        yield wrong("spec.selector", selector, "invalid label selector")


def _expressions(selector: Json) -> Iterator[Cause]:
    for index, one in enumerate(objects(selector.get("matchExpressions"))):
        path, operator, values = f"spec.selector.matchExpressions[{index}]", one.get("operator"), one.get("values")
        if operator not in _OPERATORS:
            yield wrong(f"{path}.operator", operator, "not a valid selector operator")
        elif operator in _WITH_VALUES and not values:
            yield required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")
        elif operator not in _WITH_VALUES and values:
            yield prohibited(f"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")


def _template(path: str, template: Json) -> Iterator[Cause]:
    labels = strings(mapping(template.get("metadata")).get("labels"))
    yield from label_causes(f"{path}.metadata.labels", labels)
    yield from spec_causes(mapping(template.get("spec")), f"{path}.spec")


def _service(item: Json) -> Iterator[Cause]:
    spec = mapping(item.get("spec"))
    address, ports = text(spec.get("clusterIP")), objects(spec.get("ports"))
    if not ports and address != "None" and spec.get("type") != "ExternalName":
        yield required("spec.ports")
    yield from _ports(ports)
    yield from label_causes("spec.selector", strings(spec.get("selector")))
    if (type_ := spec.get("type")) not in _TYPES:
        yield unsupported("spec.type", type_, _TYPES)
    if address not in ("", "None") and not _is_address(address):
        why = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
        yield wrong("spec.clusterIPs[0]", address, why)


def _ports(ports: tuple[Json, ...]) -> Iterator[Cause]:
    seen: set[tuple[Any, Any]] = set()
    for index, port in enumerate(ports):
        path, number, target = f"spec.ports[{index}]", port.get("port") or 0, port.get("targetPort")
        if len(ports) > 1 and not port.get("name"):
            yield required(f"{path}.name")
        if not 1 <= number <= _MOST_PORTS:
            yield wrong(f"{path}.port", number, _PORT_RANGE)
        if isinstance(target, int) and not 1 <= target <= _MOST_PORTS:
            yield wrong(f"{path}.targetPort", target, _PORT_RANGE)
    for index, port in enumerate(ports):
        if port.get("name") and (key := (port.get("protocol"), port.get("port"))) in seen:
            bare = {"Name": "", "Protocol": key[0], "AppProtocol": None, "Port": key[1], "TargetPort": 0, "NodePort": 0}
            yield duplicate(f"spec.ports[{index}]", bare)
        seen.add((port.get("protocol"), port.get("port")))


def _claim(item: Json) -> Iterator[Cause]:
    spec = mapping(item.get("spec"))
    modes, asked = spec.get("accessModes") or [], strings(mapping(spec.get("resources")).get("requests"))
    if not modes:
        yield required("spec.accessModes", "at least 1 access mode is required")
    for mode in modes:
        if mode not in _ACCESS:
            yield unsupported("spec.accessModes", mode, _ACCESS)
    if "storage" not in asked:
        yield required("spec.resources[storage]")
    elif amount(asked["storage"]) <= 0:
        yield wrong("spec.resources[storage]", asked["storage"], "must be greater than zero")
    if (name := text(spec.get("storageClassName"))) and (why := rules.not_a_subdomain(name)):
        yield wrong("spec.storageClassName", name, why)
    if (mode := spec.get("volumeMode")) not in (None, "Block", "Filesystem"):
        yield unsupported("spec.volumeMode", mode, ("Block", "Filesystem"))


def _class(item: Json) -> Iterator[Cause]:
    if not item.get("provisioner"):
        yield required("provisioner")
    modes = ("Immediate", "WaitForFirstConsumer")
    if (mode := item.get("volumeBindingMode")) not in modes:
        yield unsupported("volumeBindingMode", mode, modes)


def _attachment(item: Json) -> Iterator[Cause]:
    spec = mapping(item.get("spec"))
    if not mapping(spec.get("source")):
        yield required("spec.source", "must specify exactly one of inlineVolumeSpec and persistentVolumeName")
    if why := rules.not_a_subdomain(text(spec.get("nodeName"))):
        yield wrong("spec.nodeName", text(spec.get("nodeName")), why)
    if not spec.get("attacher"):
        yield required("spec.attacher")


def _lease(item: Json) -> Iterator[Cause]:
    if (seconds := mapping(item.get("spec")).get("leaseDurationSeconds")) is not None and seconds <= 0:
        yield wrong("spec.leaseDurationSeconds", seconds, "must be greater than 0")


def _event(item: Json) -> Iterator[Cause]:
    about = text(mapping(item.get("involvedObject")).get("namespace"))
    if about and about != item["metadata"]["namespace"]:
        yield wrong("involvedObject.namespace", about, "does not match event.namespace")


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


_CHECKS: Mapping[Kind, Callable[[Json], Iterator[Cause]]] = {
    kinds.PODS: lambda item: spec_causes(mapping(item.get("spec"))),
    kinds.POD_TEMPLATES: lambda item: _template("template", mapping(item.get("template"))),
    kinds.REPLICA_SETS: _replica_set,
    kinds.SERVICES: _service,
    kinds.CLAIMS: _claim,
    kinds.STORAGE_CLASSES: _class,
    kinds.ATTACHMENTS: _attachment,
    kinds.QUOTAS: quota_causes,
    kinds.LIMIT_RANGES: limit_causes,
    kinds.LEASES: _lease,
    kinds.EVENTS: _event,
}
