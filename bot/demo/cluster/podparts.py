"""What the API server refuses in a pod's containers and volumes.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go.
"""

import re
from collections.abc import Iterator

from bot.core.reading import mapping, objects, strings, text
from bot.core.resources import Json
from bot.demo.cluster.rules import amount
from bot.demo.cluster.status import Cause, duplicate, prohibited, required, unknown, unsupported, wrong

_PULLS = ("Always", "IfNotPresent", "Never")
_MESSAGES = ("File", "FallbackToLogsOnError")
_PROTOCOLS = ("SCTP", "TCP", "UDP")
_MOST_PORTS = 65535
_PORT_RANGE = f"must be between 1 and {_MOST_PORTS}, inclusive"
_PORT_NAME = re.compile("[-a-z0-9]+", re.ASCII)
_PORT_WORDS = "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
_VARIABLE = "a valid environment variable name must consist only of printable ASCII characters other than '='"
_CONTEXT = (
    *("Capabilities", "Privileged", "SELinuxOptions", "WindowsOptions", "RunAsUser", "RunAsGroup", "RunAsNonRoot"),
    *("ReadOnlyRootFilesystem", "AllowPrivilegeEscalation", "ProcMount", "SeccompProfile", "AppArmorProfile"),
)
_CONTRADICTION = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_RESOURCES = re.compile("cpu|memory|ephemeral-storage|hugepages-.+")
_FIELDS = re.compile(
    r"metadata\.(name|namespace|uid|labels|annotations)(\['.+'\])?|spec\.(nodeName|serviceAccountName)|"
    r"status\.(hostIP|hostIPs|podIP|podIPs)"
)


def volume_causes(path: str, volume: Json) -> Iterator[Cause]:
    """Yield what is wrong with a volume but its name."""
    sources = sorted(volume.keys() - {"name"})
    for other in sources[1:]:
        yield prohibited(f"{path}.{other}", "may not specify more than 1 volume type")
    needed = (("persistentVolumeClaim", "claimName"), ("hostPath", "path"), ("secret", "secretName"))
    for source, key in (*needed, ("configMap", "name")):
        if source in sources[:1] and not mapping(volume[source]).get(key):
            yield required(f"{path}.{source}.{key}")
    where = text(mapping(volume.get("hostPath")).get("path"))
    if ".." in where.split("/"):
        yield wrong(f"{path}.hostPath.path", where, "must not contain '..'")


def container_causes(path: str, container: Json, volumes: list[str]) -> Iterator[Cause]:
    """Yield what is wrong with a container but its name; `volumes` are those that it can mount."""
    image = text(container.get("image"))
    if not image:
        yield required(f"{path}.image")
    elif image != image.strip():
        yield wrong(f"{path}.image", image, "must not have leading or trailing whitespace")
    if (policy := container.get("terminationMessagePolicy")) not in (None, *_MESSAGES):
        yield unsupported(f"{path}.terminationMessagePolicy", policy, _MESSAGES)
    yield from _ports(path, container)
    yield from _environment(path, container)
    yield from _mounts(path, container, volumes)
    if (pull := container.get("imagePullPolicy")) not in (None, *_PULLS):
        yield unsupported(f"{path}.imagePullPolicy", pull, _PULLS)
    yield from _resources(f"{path}.resources", mapping(container.get("resources")))
    context = mapping(container.get("securityContext"))
    if context.get("privileged") and context.get("allowPrivilegeEscalation") is False:
        whole = {name: context.get(name[0].lower() + name[1:]) for name in _CONTEXT} | {"SELinuxOptions": None}
        yield wrong(f"{path}.securityContext", whole, _CONTRADICTION)
    for key in ("livenessProbe", "readinessProbe", "startupProbe"):
        if container.get(key) is not None:
            yield from _probe(f"{path}.{key}", mapping(container[key]), several=key == "readinessProbe")


def _ports(path: str, container: Json) -> Iterator[Cause]:
    seen: set[str] = set()
    for index, port in enumerate(objects(container.get("ports"))):
        where, name, number = f"{path}.ports[{index}]", text(port.get("name")), port.get("containerPort") or 0
        if name and not _PORT_NAME.fullmatch(name):
            yield wrong(f"{where}.name", name, _PORT_WORDS)
        elif name and name in seen:
            yield duplicate(f"{where}.name", name)
        seen.add(name)
        if not number:
            yield required(f"{where}.containerPort")
        elif not 1 <= number <= _MOST_PORTS:
            yield wrong(f"{where}.containerPort", number, _PORT_RANGE)
        if (protocol := port.get("protocol")) not in (None, *_PROTOCOLS):
            yield unsupported(f"{where}.protocol", protocol, _PROTOCOLS)


def _environment(path: str, container: Json) -> Iterator[Cause]:
    for index, variable in enumerate(objects(container.get("env"))):
        where, name = f"{path}.env[{index}]", text(variable.get("name"))
        if not name:
            yield required(f"{where}.name")
        elif "=" in name or not (name.isascii() and name.isprintable()):
            yield wrong(f"{where}.name", name, _VARIABLE)
        source = mapping(variable.get("valueFrom"))
        field = text(mapping(source.get("fieldRef")).get("fieldPath"))
        if field and not _FIELDS.fullmatch(field):
            why = f"error converting fieldPath: field label not supported: {field}"
            yield wrong(f"{where}.valueFrom.fieldRef.fieldPath", field, why)
        if source and variable.get("value"):
            yield wrong(f"{where}.valueFrom", "", "may not be specified when `value` is not empty")


def _mounts(path: str, container: Json, volumes: list[str]) -> Iterator[Cause]:
    seen: set[str] = set()
    for index, mount in enumerate(objects(container.get("volumeMounts"))):
        where, name = f"{path}.volumeMounts[{index}]", text(mount.get("name"))
        target, part = text(mount.get("mountPath")), text(mount.get("subPath"))
        if not name:
            yield required(f"{where}.name")
        if name not in volumes:
            yield unknown(f"{where}.name", name)
        if not target:
            yield required(f"{where}.mountPath")
        elif target in seen:
            yield wrong(f"{where}.mountPath", target, "must be unique")
        if ".." in part.split("/"):
            yield wrong(f"{path}.volumeMounts.subPath", part, "must not contain '..'")
        seen.add(target)


def _resources(path: str, resources: Json) -> Iterator[Cause]:
    limits = strings(resources.get("limits"))
    for key in ("limits", "requests"):
        for name, value in strings(resources.get(key)).items():
            where = f"{path}.{key}[{name}]"
            if "/" not in name and not _RESOURCES.fullmatch(name):
                yield wrong(where, name, "must be a standard resource type or fully qualified")
                yield wrong(where, name, "must be a standard resource for containers")
            if amount(value) < 0:
                yield wrong(where, value, "must be greater than or equal to 0")
            if key == "requests" and name in limits and amount(value) > amount(limits[name]):
                why = f"must be less than or equal to {name} limit of {limits[name]}"
                yield wrong(f"{path}.requests", value, why)


def _probe(path: str, probe: Json, *, several: bool) -> Iterator[Cause]:
    handlers = [key for key in _HANDLERS if probe.get(key) is not None]
    if not handlers:
        yield required(path, "must specify a handler type")
    for other in handlers[1:]:
        yield prohibited(f"{path}.{other}", "may not specify more than 1 handler type")
    if handlers[:1] == ["exec"] and not mapping(probe["exec"]).get("command"):
        yield required(f"{path}.exec.command")
    for key in ("httpGet", "tcpSocket"):
        port = mapping(probe.get(key)).get("port")
        if isinstance(port, int) and not 1 <= port <= _MOST_PORTS:
            yield wrong(f"{path}.{key}.port", port, _PORT_RANGE)
    if not several and (successes := probe.get("successThreshold", 1)) != 1:
        yield wrong(f"{path}.successThreshold", successes, "must be 1")
