"""One container as the kubelet knows it, and what it says of it in the pod's status."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.core.reading import mapping, objects, text
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

    def status(self, of_pod: Json) -> Json:
        """Return its part of the pod's status; `of_pod` is the pod's security context."""
        return {
            "name": self.name,
            "image": full_name(text(self.spec["image"])) if self.id else self.spec["image"],
            "imageID": "",
            "state": self.state,
            "lastState": self.last,
            "ready": self.ready and not self.ephemeral,
            **({} if self.ephemeral else {"started": self.started}),
            "restartCount": self.restarts,
            **({"containerID": self.id, **_settings(self.spec, of_pod)} if self.id else {}),
        }


def full_name(image: str) -> str:
    """Return an image's name with its registry, as the runtime tells it."""
    first, slash, _ = image.partition("/")
    if slash and ("." in first or ":" in first):
        return image
    return f"docker.io/{image}" if slash else f"docker.io/library/{image}"


def _settings(spec: Json, of_pod: Json) -> Json:
    """Return what a container was started with: its resources, its user, its mounts."""
    resources = mapping(spec.get("resources"))
    asked = mapping(resources.get("requests"))
    context = {**of_pod, **mapping(spec.get("securityContext"))}
    user, group = context.get("runAsUser") or 0, context.get("runAsGroup") or 0
    groups = sorted({group, *(one for one in (of_pod.get("fsGroup"),) if one is not None)})
    mounts = [_mounted(one) for one in objects(spec.get("volumeMounts"))]
    return {
        **({"allocatedResources": asked} if asked else {}),
        "resources": resources,
        "user": {"linux": {"uid": user, "gid": group, "supplementalGroups": groups}},
        **({"volumeMounts": mounts} if mounts else {}),
    }


def _mounted(mount: Json) -> Json:
    told = {key: mount[key] for key in ("name", "mountPath", "readOnly") if mount.get(key)}
    return {**told, "recursiveReadOnly": "Disabled"} if mount.get("readOnly") else told
