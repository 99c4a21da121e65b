"""What a pod would reach outside itself: a service account, the host, other pods, Secrets, claims, far storage."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.core.reading import mapping, objects, strings, text, texts
from bot.core.resources import Json

_HOST_NAMESPACES = ("hostNetwork", "hostPID", "hostIPC")
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
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
_BASELINE_SYSCTLS = frozenset(
    {
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
    }
)  # fmt: skip
# The volumes of the restricted profile, which live in the pod, in its namespace or in an image; hostPath and claims
# are told by themselves. Any other mounts storage from elsewhere:
# https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted.
_NEAR_VOLUMES = frozenset(
    {
        "name", "configMap", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected",
        "secret", "hostPath",
    }
)  # fmt: skip
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_MOST_NAMED = 8
_LONGEST = 63
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")


@dataclass(frozen=True, slots=True)
class Touches:
    """What a pod's manifest names, each once; `service_account` is empty where the namespace's default one serves.

    `others` is what it does to other pods, `storage` the volumes from elsewhere, each in a few words.
    """

    service_account: str = ""
    host: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    storage: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Touches()


def touches(pod: Json) -> Touches:
    """Return what a pod's manifest reaches outside itself."""
    spec = mapping(pod.get("spec"))
    account = text(spec.get("serviceAccountName")) or text(spec.get("serviceAccount"))
    return Touches(
        service_account="" if account == "default" else account,
        host=_once(chain(_host(spec), _unconfined(pod))),
        secrets=_once(_secrets(spec)),
        claims=_once(_claims(spec)),
        others=_once(_others(spec)),
        storage=_once(_storage(spec)),
    )


def told(touched: Touches) -> Iterator[str]:
    """Yield what is touched, a sentence of plain text each; long lists are cut, so that none hides another."""
    if touched.service_account:
        yield f"It runs as the service account {_short(touched.service_account)}."
    for names, words in (
        (touched.host, "It reaches its host"),
        (touched.secrets, "It can read the Secrets"),
        (touched.claims, "It uses the claims"),
        (touched.others, "It can push other pods aside"),
        (touched.storage, "It mounts storage from elsewhere"),
    ):
        if names:
            more = f", and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
            yield f"{words}: {', '.join(map(_short, names[:_MOST_NAMED]))}{more}."


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"


def _once(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def _host(spec: Json) -> Iterator[str]:
    yield from (key for key in _HOST_NAMESPACES if spec.get(key) is True)
    if node := text(spec.get("nodeName")):
        yield f"nodeName {node}, past the scheduler"
    for volume in objects(spec.get("volumes")):
        if "hostPath" in volume:
            yield f"hostPath {text(mapping(volume['hostPath']).get('path'))}"
    yield from _process(spec, "")
    sysctls = objects(mapping(spec.get("securityContext")).get("sysctls"))
    yield from (
        f"sysctl {name}" for name in (text(one.get("name")) for one in sysctls) if name not in _BASELINE_SYSCTLS
    )
    for container in (one for key in _CONTAINERS for one in objects(spec.get(key))):
        name = text(container.get("name"))
        yield from _process(container, f" {name}")
        yield from (f"hostPort {port['hostPort']}" for port in objects(container.get("ports")) if port.get("hostPort"))
        yield from (f"requests of its kubelet to {host}" for host in _asked_hosts(container))


def _unconfined(pod: Json) -> Iterator[str]:
    """Yield the containers whose profile an annotation takes off, the form before `appArmorProfile`."""
    for key, value in strings(mapping(pod.get("metadata")).get("annotations")).items():
        if key.startswith(_APPARMOR) and value == "unconfined":
            yield f"appArmorProfile Unconfined {key.removeprefix(_APPARMOR)}"


def _process(holder: Json, whose: str) -> Iterator[str]:
    security = mapping(holder.get("securityContext"))
    if security.get("privileged") is True:
        yield f"privileged container{whose}"
    if mapping(security.get("windowsOptions")).get("hostProcess") is True:
        yield f"hostProcess{whose}"
    added = texts(mapping(security.get("capabilities")).get("add"))
    yield from (f"capability {name}" for name in added if name not in _BASELINE_CAPABILITIES)
    if text(security.get("procMount")) not in ("", "Default"):
        yield f"procMount {text(security.get('procMount'))}{whose}"
    for key in ("seccompProfile", "appArmorProfile"):
        if text(mapping(security.get(key)).get("type")) == "Unconfined":
            yield f"{key} Unconfined{whose}"
    if any(mapping(security.get("seLinuxOptions")).values()):
        yield f"seLinuxOptions{whose}"


def _asked_hosts(container: Json) -> Iterator[str]:
    """Yield the hosts that the kubelet is to ask on the pod's behalf, instead of the pod itself."""
    hooks = mapping(container.get("lifecycle"))
    for handler in (*(container.get(key) for key in _PROBES), *(hooks.get(key) for key in _HOOKS)):
        for way in ("httpGet", "tcpSocket"):
            if host := text(mapping(mapping(handler).get(way)).get("host")):
                yield host


def _others(spec: Json) -> Iterator[str]:
    if priority := text(spec.get("priorityClassName")):
        yield f"priority class {priority}"


def _storage(spec: Json) -> Iterator[str]:
    for volume in objects(spec.get("volumes")):
        for kind in sorted(volume.keys() - _NEAR_VOLUMES):
            yield " ".join(filter(None, (kind, *_addresses(mapping(volume[kind])))))


def _addresses(source: Json) -> Iterator[str]:
    """Yield where a volume comes from, in those fields that say so."""
    yield from (text(source.get(key)) for key in ("driver", "server", "path", "targetPortal", "repository"))


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
    for claim in objects(spec.get("resourceClaims")):
        yield f"a device for {text(claim.get('name'))}"
