"""A container's health checks, in words.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe.
"""

from dataclasses import dataclass

from bot.core.reading import number, text, texts
from bot.core.resources import Json

KINDS = ("startup", "readiness", "liveness")


@dataclass(frozen=True, slots=True)
class Probe:
    """One check: its kind, what it does in words, and its times in seconds; `failures` in a row mean no."""

    kind: str
    check: str
    timeout: int = 1
    period: int = 10
    delay: int = 0
    failures: int = 3

    @property
    def words(self) -> str:
        """The whole check as a line: "readiness: GET http://:8080/ within 1 s, every 10 s, fails after 3"."""
        late = f", from {self.delay} s on" if self.delay else ""
        return (
            f"{self.kind}: {self.check} within {self.timeout} s, "
            f"every {self.period} s{late}, fails after {self.failures}"
        )


def probes(container: Json) -> tuple[Probe, ...]:
    """Read the checks that a container's spec holds, in the order in which they begin."""
    found = ((kind, container.get(f"{kind}Probe")) for kind in KINDS)
    return tuple(_probe(kind, raw) for kind, raw in found if isinstance(raw, dict))


def _probe(kind: str, raw: Json) -> Probe:
    return Probe(
        kind,
        _check(raw),
        timeout=number(raw.get("timeoutSeconds")) or 1,
        period=number(raw.get("periodSeconds")) or 10,
        delay=number(raw.get("initialDelaySeconds")),
        failures=number(raw.get("failureThreshold")) or 3,
    )


def _check(raw: Json) -> str:
    match raw:
        case {"httpGet": dict(get)}:
            path = text(get.get("path")).removeprefix("/")
            return f"GET {(text(get.get('scheme')) or 'HTTP').lower()}://{_address(get)}/{path}"
        case {"tcpSocket": dict(socket)}:
            return f"connect to {_address(socket)}"
        case {"grpc": dict(call)}:
            service = text(call.get("service"))
            return f"gRPC health of {_address(call)}{f' {service}' if service else ''}"
        case {"exec": dict(command)}:
            return f"run “{' '.join(texts(command.get('command')))}”"
    return "an unknown check"


def _address(raw: Json) -> str:
    """Return "host:port"; without a host it is the pod's own address, and the port may be a name."""
    port = raw.get("port")
    return f"{text(raw.get('host'))}:{text(port) or number(port)}"
