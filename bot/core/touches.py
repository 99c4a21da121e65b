"""What a pod would reach outside itself: a service account, the host, Secrets, claims."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.core.reading import mapping, objects, text, texts
from bot.core.resources import Json

_HOST_NAMESPACES = ("hostNetwork", "hostPID", "hostIPC")
_CONTAINERS = ("initContainers", "containers")
# Wherever in a pod's spec a Secret is named: env, envFrom, projected volumes, and the drivers of volumes.
_SECRET_REFERENCES = ("secretKeyRef", "secretRef", "secret", "nodePublishSecretRef")

# What a container may add without reaching its host, by the Pod Security Standards' baseline profile:
# https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline.
_BASELINE_CAPABILITIES = frozenset(
    {
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
        "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Touches:
    """What a pod's manifest names, each once; `service_account` is empty where the namespace's default one serves."""

    service_account: str = ""
    host: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.service_account or self.host or self.secrets or self.claims)


def touches(pod: Json) -> Touches:
    """Return what a pod's manifest reaches outside itself."""
    spec = mapping(pod.get("spec"))
    account = text(spec.get("serviceAccountName")) or text(spec.get("serviceAccount"))
    return Touches(
        service_account="" if account == "default" else account,
        host=_once(_host(spec)),
        secrets=_once(_secrets(spec)),
        claims=_once(_claims(spec)),
    )


def _once(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def _host(spec: Json) -> Iterator[str]:
    yield from (key for key in _HOST_NAMESPACES if spec.get(key) is True)
    for volume in objects(spec.get("volumes")):
        if "hostPath" in volume:
            yield f"hostPath {text(mapping(volume['hostPath']).get('path'))}"
    yield from _process(spec, "")
    for container in (one for key in _CONTAINERS for one in objects(spec.get(key))):
        name = text(container.get("name"))
        yield from _process(container, f" {name}")
        yield from (f"hostPort {port['hostPort']}" for port in objects(container.get("ports")) if port.get("hostPort"))


def _process(holder: Json, whose: str) -> Iterator[str]:
    security = mapping(holder.get("securityContext"))
    if security.get("privileged") is True:
        yield f"privileged container{whose}"
    if mapping(security.get("windowsOptions")).get("hostProcess") is True:
        yield f"hostProcess{whose}"
    added = texts(mapping(security.get("capabilities")).get("add"))
    yield from (f"capability {name}" for name in added if name not in _BASELINE_CAPABILITIES)


def _secrets(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _secrets(item)
    for key, value in mapping(node).items():
        if key in _SECRET_REFERENCES:
            yield text(mapping(value).get("name"))
        elif key == "secretName":
            yield text(value)
        elif key == "imagePullSecrets":
            yield from (text(item.get("name")) for item in objects(value))
        if isinstance(value, dict | list):
            yield from _secrets(value)


def _claims(spec: Json) -> Iterator[str]:
    for volume in objects(spec.get("volumes")):
        yield text(mapping(volume.get("persistentVolumeClaim")).get("claimName"))
        if "ephemeral" in volume:
            yield f"a new one for volume {text(volume.get('name'))}"
