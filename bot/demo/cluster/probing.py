"""Probes: what the kubelet asks a container, and what it makes of the answers.

Sources: https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/prober/worker.go and prober.go.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Protocol

from bot.core.reading import mapping, objects, text, texts
from bot.core.resources import Json
from bot.core.wire import Request
from bot.demo.cluster import programs
from bot.demo.cluster.events import WARNING
from bot.demo.cluster.listening import listener
from bot.demo.cluster.node import Node
from bot.demo.cluster.programs import NoSuchProgramError
from bot.demo.cluster.runtime import Runtime
from bot.demo.cluster.timeline import Process

READINESS: Final = "readiness"
_KINDS = (READINESS, "liveness", "startup")
_DEFAULTS = {"initialDelaySeconds": 0, "periodSeconds": 10, "timeoutSeconds": 1}
_SUCCESSES, _FAILURES = "successThreshold", "failureThreshold"


class Probed(Protocol):
    """The pod whose containers are probed."""

    @property
    def pod(self) -> Json:
        """The pod as it is stored now."""

    @property
    def containers(self) -> Iterable[Runtime]:
        """Every container, for ports are the whole pod's."""

    def publish(self) -> None:
        """Write the pod's status."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a probe found; `good` is None where it could not be asked, which counts for nothing."""

    good: bool | None
    why: str = ""


class Prober:
    """Probes one run of a container until it ends."""

    def __init__(self, node: Node, life: Probed, runtime: Runtime, environment: Callable[[], Json]) -> None:
        self._node = node
        self._life = life
        self._runtime = runtime
        self._run = runtime.id
        self._environment = environment

    def start(self) -> None:
        """Begin with every probe that the container has."""
        uid = self._life.pod["metadata"]["uid"]
        for kind in _KINDS:
            if probe := mapping(self._runtime.spec.get(f"{kind}Probe")):
                first = _number(probe, "initialDelaySeconds")
                self._node.timeline.start(uid, self._probes(kind, probe), after=first)

    def _probes(self, kind: str, probe: Json) -> Process:
        period = _number(probe, "periodSeconds")
        good = bad = 0
        while self._goes_on():
            if self._runtime.started is (kind != "startup"):
                found = self._ask(probe)
                self._tell(kind, found)
                good, bad = _counted(found, good, bad)
                self._judge(kind, well=good >= probe.get(_SUCCESSES, 1), ill=bad >= probe.get(_FAILURES, 3))
            if kind == "startup" and self._runtime.started:
                return
            yield period

    def _goes_on(self) -> bool:
        return self._runtime.running and self._runtime.id == self._run and not self._runtime.doomed

    def _judge(self, kind: str, *, well: bool, ill: bool) -> None:
        runtime = self._runtime
        before = (runtime.ready, runtime.started)
        if kind == READINESS and (well or ill):
            runtime.ready = well
        elif kind == "startup" and well:
            runtime.started = True
            runtime.ready = not runtime.spec.get("readinessProbe")
        elif ill:
            runtime.doomed = kind
        if before != (runtime.ready, runtime.started):
            self._life.publish()

    def _tell(self, kind: str, found: Found) -> None:
        if found.good:
            return
        failed = "failed" if found.good is False else "errored and resulted in unknown state"
        message = f"{kind.capitalize()} probe {failed}: {found.why}"
        self._node.events.kubelet(self._life.pod, WARNING, "Unhealthy", message, container=self._runtime.path)

    def _ask(self, probe: Json) -> Found:
        if probe.get("exec"):
            return self._command(list(texts(mapping(probe["exec"]).get("command"))), _number(probe, "timeoutSeconds"))
        asked = mapping(probe.get("httpGet")) or mapping(probe.get("tcpSocket"))
        port = self._port(asked.get("port"))
        address = f"{text(mapping(self._life.pod.get('status')).get('podIP'))}:{port}"
        refused = f"dial tcp {address}: connect: connection refused"
        handler = listener(self._node, self._life.pod["metadata"]["uid"], self._life.containers, port)
        if not probe.get("httpGet"):
            return Found(good=handler is not None, why=refused)
        path = f"/{text(asked.get('path')).lstrip('/')}"
        if handler is None:
            return Found(good=False, why=f'Get "http://{address}{path}": {refused}')
        code = handler(Request("GET", path, (), (("User-Agent", "kube-probe/1.37"),), b"")).status
        good = HTTPStatus.OK <= code < HTTPStatus.BAD_REQUEST
        return Found(good=good, why=f"HTTP probe failed with statuscode: {code}")

    def _command(self, command: list[str], timeout: int) -> Found:
        try:
            ended = programs.run(command, self._environment(), self._node.timeline.now)
        except NoSuchProgramError as error:
            why = f'exec: "{error}": executable file not found in $PATH'
            return Found(None, f"rpc error: code = Unknown desc = failed to exec in container: {why}")
        if ended.code is None or ended.seconds > timeout:
            return Found(good=False, why=f'command timed out: "{" ".join(command)}" timed out after {timeout}s')
        return Found(good=ended.code == 0, why=(ended.stdout + ended.stderr).decode(errors="replace"))

    def _port(self, port: Any) -> int:
        """Return a port's number; one that is named is looked for in the container."""
        if isinstance(port, int):
            return port
        named = (one["containerPort"] for one in objects(self._runtime.spec.get("ports")) if one.get("name") == port)
        return int(next(named, 0))


def _counted(found: Found, good: int, bad: int) -> tuple[int, int]:
    if found.good is None:
        return good, bad
    return (good + 1, 0) if found.good else (0, bad + 1)


def _number(probe: Json, key: str) -> int:
    """Return a number of seconds, or what the server fills in."""
    return int(probe.get(key) or _DEFAULTS[key])
