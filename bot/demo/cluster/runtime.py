"""One container as the kubelet knows it, and what it says of it in the pod's status."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.core.resources import Json
from bot.demo.cluster import times

CREATING, INITIALIZING = "ContainerCreating", "PodInitializing"


@dataclass(slots=True)
class Runtime:
    """A container's state; `over` says that it ended and won't be started again, `serves` that it ends on SIGTERM.

    `doomed` is the kind of the probe that has failed too often in this run.
    """

    spec: Json
    init: bool = False
    ephemeral: bool = False
    state: Json = field(default_factory=dict)
    last: Json = field(default_factory=dict)
    restarts: int = 0
    ready: bool = False
    started: bool = False
    over: bool = False
    serves: bool = False
    doomed: str = ""
    id: str = ""

    @property
    def name(self) -> str:
        """The container's name."""
        return str(self.spec["name"])

    @property
    def sidecar(self) -> bool:
        """Whether it is an init container that goes on running."""
        return self.init and self.spec.get("restartPolicy") == "Always"

    @property
    def running(self) -> bool:
        """Whether it runs now."""
        return "running" in self.state

    @property
    def code(self) -> int | None:
        """The exit code, None while it has not ended."""
        ended: Json = self.state.get("terminated", {})
        return ended.get("exitCode")

    @property
    def path(self) -> str:
        """How events name it."""
        where = "initContainers" if self.init else "ephemeralContainers" if self.ephemeral else "containers"
        return f"spec.{where}{{{self.name}}}"

    def wait(self, reason: str, message: str = "") -> None:
        """Be waiting; what it was when it ended becomes the last state."""
        if "terminated" in self.state:
            self.last = self.state
        self.state = {"waiting": {"reason": reason, **({"message": message} if message else {})}}
        self.ready = self.started = False

    def run(self, now: datetime, identifier: str) -> None:
        """Be running."""
        if "terminated" in self.state:
            self.last = self.state
        self.id = f"containerd://{identifier}"
        self.doomed = ""
        self.state = {"running": {"startedAt": times.seconds(now)}}

    def end(self, now: datetime, code: int, reason: str, message: str = "") -> None:
        """Have ended."""
        began = self.state.get("running", {}).get("startedAt", "1970-01-01T00:00:00Z")
        ended = {"exitCode": code, "reason": reason, **({"message": message} if message else {})}
        moments = {"startedAt": began, "finishedAt": times.seconds(now), "containerID": self.id}
        self.state = {"terminated": {**ended, **moments}}
        self.started = False
        self.ready = self.init and code == 0

    def lost(self, now: datetime) -> None:
        """Have had an earlier run that failed."""
        moment = times.seconds(now)
        ended = {"exitCode": 1, "reason": "Error", "startedAt": moment, "finishedAt": moment, "containerID": self.id}
        self.last = {"terminated": ended}
        self.restarts += 1

    def status(self) -> Json:
        """Return its part of the pod's status."""
        return {
            "name": self.name,
            "image": self.spec["image"],
            "imageID": "",
            "state": self.state,
            "lastState": self.last,
            "ready": self.ready and not self.ephemeral,
            **({} if self.ephemeral else {"started": self.started}),
            "restartCount": self.restarts,
            **({"containerID": self.id} if self.id else {}),
        }
