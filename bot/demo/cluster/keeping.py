"""How the kubelet keeps one container running: image, configuration, start, end, and back-off before the next start."""

from collections.abc import Callable, Generator

from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.demo.cluster import programs
from bot.demo.cluster.events import NORMAL, WARNING
from bot.demo.cluster.node import Node
from bot.demo.cluster.programs import NoSuchProgramError, Outcome
from bot.demo.cluster.pulling import FIRST, LONGEST, pulled
from bot.demo.cluster.runtime import Runtime
from bot.demo.cluster.scheduling import missing_environment
from bot.demo.cluster.timeline import Process, Wait, until_other
from bot.demo.cluster.writing import Writer

_START = 0.2  # seconds
_START_ERROR = 128
_FORGIVEN = 600  # seconds of a run after which its back-off begins again


class Keeper:
    """Keeps one container; `restart` is the policy that holds for it, `begun` is told of every start."""

    def __init__(self, node: Node, pod: Json, runtime: Runtime, restart: str, begun: Callable[[], None]) -> None:
        self._node = node
        self._pod = pod
        self._runtime = runtime
        self._restart = restart
        self._begun = begun
        self._writer: Writer | None = None
        self._uid = text(pod["metadata"]["uid"])

    def keep(self) -> Process:
        """Run the container until it is over, or for ever; every change of it is followed by a wait."""
        delay = 0
        while True:
            yield from pulled(self._node, self._pod, self._runtime)
            yield from self._configured()
            yield _START
            outcome = self._started()
            if outcome.code is None and not self._can_be_doomed():
                return
            began = self._node.timeline.now
            outcome = yield from self._ends(outcome)
            self._ended(outcome)
            if self._is_over(outcome.code or 0):
                return
            yield 1.0
            if (self._node.timeline.now - began).total_seconds() >= _FORGIVEN:
                delay = 0
            if delay:
                self._backs_off(delay)
                yield delay
            delay = min(delay * 2 or FIRST, LONGEST)
            self._runtime.restarts += 1

    def _can_be_doomed(self) -> bool:
        return bool(self._runtime.spec.get("livenessProbe") or self._runtime.spec.get("startupProbe"))

    def _ends(self, outcome: Outcome) -> Generator[Wait, None, Outcome]:
        """Wait for the end of a run, be it its own or a probe's doing."""
        span = max(outcome.seconds, _START)
        if not self._can_be_doomed():
            yield span
            return outcome
        over: list[bool] = []
        if outcome.code is not None:
            self._node.timeline.start(self._uid, _ring(over), after=span)
        yield lambda: bool(over or self._runtime.doomed)
        if not self._runtime.doomed:
            return outcome
        again = ", will be restarted" if self._restart != "Never" else ""
        message = f"Container {self._runtime.name} failed {self._runtime.doomed} probe{again}"
        self._tell(NORMAL, "Killing", message)
        grace = int(self._pod["spec"]["terminationGracePeriodSeconds"])
        yield float(min(grace, 1) if self._runtime.serves else grace)
        return Outcome(code=0 if self._runtime.serves else programs.KILLED)

    def _configured(self) -> Process:
        while why := self._misconfigured():
            self._runtime.wait("CreateContainerConfigError", why)
            self._tell(WARNING, "Failed", f"Error: {why}")
            yield 0.0
            yield until_other(self._misconfigured, why)

    def _misconfigured(self) -> str:
        spec, of_pod = self._runtime.spec, mapping(self._pod["spec"].get("securityContext"))
        own = mapping(spec.get("securityContext"))
        settings = {**of_pod, **own}
        if settings.get("runAsNonRoot") and not settings.get("runAsUser"):
            about = self._pod["metadata"]
            title = f"{about['name']}_{about['namespace']}({self._uid})"
            return f'container has runAsNonRoot and image will run as root (pod: "{title}", container: {spec["name"]})'
        return missing_environment(self._node.store, self._pod, spec)

    def _started(self) -> Outcome:
        runtime, now = self._runtime, self._node.timeline.now
        self._tell(NORMAL, "Created", "Container created")
        self._node.logs.begin(self._uid, runtime.name)
        runtime.run(now, self._node.container_id())
        command = programs.image_command(text(runtime.spec["image"]), runtime.spec)
        try:
            outcome = programs.run(command, environment(self._pod, runtime.spec), now)
        except NoSuchProgramError as error:
            return self._not_started(str(error))
        self._tell(NORMAL, "Started", "Container started")
        runtime.started = not runtime.spec.get("startupProbe")
        runtime.ready = runtime.started and not runtime.spec.get("readinessProbe")
        runtime.serves = "trap " in " ".join(command) or "nginx" in command
        self._writer = Writer(self._node, self._uid, runtime, outcome)
        self._writer.start()
        self._begun()
        return outcome

    def _not_started(self, program: str) -> Outcome:
        why = (
            "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create "
            f'failed: unable to start container process: exec: "{program}": executable file not found in $PATH'
        )
        self._tell(WARNING, "Failed", f"Error: {why}")
        self._runtime.state = {}
        self._writer = None
        self._runtime.end(self._node.timeline.now, _START_ERROR, "StartError", why)
        return Outcome(code=_START_ERROR)

    def _ended(self, outcome: Outcome) -> None:
        if self._writer is not None and not self._runtime.doomed:
            self._writer.flush()
        if "terminated" in self._runtime.state:
            return
        code = outcome.code or 0
        reason = "OOMKilled" if outcome.killed else "Error" if code else "Completed"
        self._runtime.end(self._node.timeline.now, code, reason)

    def _is_over(self, code: int) -> bool:
        again = self._restart == "Always" or (self._restart == "OnFailure" and code != 0)
        self._runtime.over = not again
        return not again

    def _backs_off(self, delay: int) -> None:
        about, name = self._pod["metadata"], self._runtime.name
        title = f"{about['name']}_{about['namespace']}({self._uid})"
        why = f"back-off {_span(delay)} restarting failed container={name} pod={title}"
        self._runtime.wait("CrashLoopBackOff", why)
        self._tell(WARNING, "BackOff", f"Back-off restarting failed container {name} in pod {title}")

    def _tell(self, type_: str, reason: str, message: str) -> None:
        self._node.events.kubelet(self._pod, type_, reason, message, container=self._runtime.path)


def environment(pod: Json, container: Json) -> dict[str, str]:
    """Return what a container's process finds in its environment."""
    own = {text(one.get("name")): text(one.get("value")) for one in objects(container.get("env"))}
    path = "/usr/sbin:/usr/bin:/sbin:/bin"
    service = {"KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443"}
    return {"PATH": path, "HOSTNAME": pod["metadata"]["name"], **service, "HOME": "/", **own}


def _ring(over: list[bool]) -> Process:
    over.append(True)
    yield from ()


def _span(seconds: int) -> str:
    return f"{seconds // 60}m{seconds % 60}s" if seconds >= 60 else f"{seconds}s"  # noqa: PLR2004  # seconds a minute
