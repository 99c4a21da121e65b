"""Views of a pod's containers: what the spec names, and what the kubelet says of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.ages import moment
from bot.core.mounts import Mount, mounts
from bot.core.probes import Probe, probes
from bot.core.reading import mapping, number, objects, text
from bot.core.resources import Json


@dataclass(frozen=True, slots=True)
class Waiting:
    """Not running yet, or not again yet."""

    reason: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """Running since then."""

    started: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terminated:
    """Ended, with its exit code or the signal that ended it."""

    exit_code: int = 0
    reason: str = ""
    message: str = ""
    signal: int = 0
    started: datetime | None = None
    finished: datetime | None = None

    @property
    def word(self) -> str:
        """The reason, or what kubectl prints where there is none."""
        return self.reason or (f"Signal:{self.signal}" if self.signal else f"ExitCode:{self.exit_code}")


State = Waiting | Running | Terminated


@dataclass(frozen=True, slots=True)
class Port:
    """A port that a container says it listens on; `host` is the node's port that leads to it, 0 for none."""

    number: int
    protocol: str = "TCP"
    name: str = ""
    host: int = 0

    @property
    def words(self) -> str:
        """The port as a word or two: "http 8080/TCP"."""
        host = f" (host {self.host})" if self.host else ""
        return f"{self.name} {self.number}/{self.protocol}{host}".lstrip()


@dataclass(frozen=True, slots=True)
class Container:
    """One container of any of the pod's three lists; `state` is None while the kubelet has said nothing of it."""

    name: str
    image: str = ""
    state: State | None = None
    last_state: State | None = None
    restart_count: int = 0
    ready: bool = False
    started: bool = False
    restart_policy: str = ""
    ports: tuple[Port, ...] = ()
    probes: tuple[Probe, ...] = ()
    mounts: tuple[Mount, ...] = ()

    @property
    def sidecar(self) -> bool:
        """Whether an init container goes on running beside the others.

        Source: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/.
        """
        return self.restart_policy == "Always"


def containers(specs: object, statuses: object) -> tuple[Container, ...]:
    """Read one of a pod's lists of containers beside its list of statuses; the order is the spec's."""
    known = {text(status.get("name")): status for status in objects(statuses)}
    return tuple(_container(spec, known.get(text(spec.get("name")))) for spec in objects(specs))


def _container(spec: Json, status: Json | None) -> Container:
    told = status or {}
    return Container(
        name=text(spec.get("name")),
        image=text(spec.get("image")),
        # A status without a state means waiting; no status at all means that nothing is known.
        state=None if status is None else _state(status.get("state")) or Waiting(),
        last_state=_state(told.get("lastState")),
        restart_count=number(told.get("restartCount")),
        ready=told.get("ready") is True,
        started=told.get("started") is True,
        restart_policy=text(spec.get("restartPolicy")),
        ports=tuple(_port(item) for item in objects(spec.get("ports"))),
        probes=probes(spec),
        mounts=mounts(spec, told),
    )


def _port(raw: Json) -> Port:
    return Port(
        number(raw.get("containerPort")),
        text(raw.get("protocol")) or "TCP",
        text(raw.get("name")),
        number(raw.get("hostPort")),
    )


def _state(value: object) -> State | None:
    state = mapping(value)
    if isinstance(ended := state.get("terminated"), dict):
        return _terminated(ended)
    if isinstance(running := state.get("running"), dict):
        return Running(moment(running.get("startedAt")))
    if isinstance(waiting := state.get("waiting"), dict):
        return Waiting(text(waiting.get("reason")), text(waiting.get("message")))
    return None


def _terminated(ended: Json) -> Terminated:
    return Terminated(
        exit_code=number(ended.get("exitCode")),
        reason=text(ended.get("reason")),
        message=text(ended.get("message")),
        signal=number(ended.get("signal")),
        started=moment(ended.get("startedAt")),
        finished=moment(ended.get("finishedAt")),
    )
