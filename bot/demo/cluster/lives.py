"""A pod's life on the node: scheduled, its volumes, its init containers, its containers, and its end."""

from collections.abc import Callable

from bot.core.reading import mapping
from bot.core.resources import Json
from bot.demo.cluster import kinds
from bot.demo.cluster.conditions import conditions, phase_of, pod_resources
from bot.demo.cluster.events import NORMAL
from bot.demo.cluster.keeping import Keeper, environment
from bot.demo.cluster.node import HOST, Node
from bot.demo.cluster.placing import mounted, placed
from bot.demo.cluster.probing import Prober
from bot.demo.cluster.runtime import CREATING, INITIALIZING, Runtime
from bot.demo.cluster.timeline import Process

_SCHEDULING = 0.1  # seconds
_SANDBOX = 0.5
_OF_SERVICES = 0.5  # seconds that a container needs that handles SIGTERM
_KILLED = 137
_DEADLINE = "Pod was active on the node longer than the specified deadline"


class Life:
    """One pod's life; it is `done` when only finalizers hold the pod."""

    def __init__(self, node: Node, pod: Json, gone: Callable[["Life"], None]) -> None:
        self._node = node
        self._gone = gone
        self.uid = pod["metadata"]["uid"]
        self._key = (pod["metadata"]["namespace"], pod["metadata"]["name"])
        self.inits = [Runtime(spec, init=True) for spec in pod["spec"].get("initContainers") or ()]
        self.mains = [Runtime(spec) for spec in pod["spec"]["containers"]]
        self.ephemerals: list[Runtime] = []
        self._address = ""
        self._told: Json = {}
        self.done = False
        node.timeline.start(self.uid, self._live(), after=_SCHEDULING)

    @property
    def pod(self) -> Json:
        """The pod as it is stored now."""
        return self._node.store.get(kinds.PODS, *self._key)

    @property
    def containers(self) -> list[Runtime]:
        """Every container."""
        return [*self.inits, *self.mains, *self.ephemerals]

    def container(self, name: str) -> Runtime:
        """Return the container of this name, which the pod has."""
        return next(one for one in self.containers if one.name == name)

    def debug(self, spec: Json) -> None:
        """Start an ephemeral container as soon as the pod is on its node; it is never started again."""
        runtime = Runtime(spec, ephemeral=True)
        runtime.wait(CREATING)
        self.ephemerals.append(runtime)
        self._node.timeline.start(self.uid, self._debugged(runtime))

    def end(self, grace: float) -> None:
        """Stop the containers within `grace` seconds; then the pod goes."""
        self._node.timeline.stop(self.uid)
        self._node.timeline.start(self.uid, self._ending(grace))

    def stop(self) -> None:
        """Be gone at once."""
        self._node.timeline.stop(self.uid)

    def publish(self) -> None:
        """Write the pod's status where it is another than before."""
        pod = self.pod
        before, own = pod["status"], mapping(pod["spec"].get("securityContext"))
        phase = self._told.get("phase") or phase_of(self.inits, self.mains)
        status = {
            **{key: before[key] for key in ("qosClass", "startTime") if key in before},
            **self._told,
            "phase": phase,
            "observedGeneration": pod["metadata"].get("generation", 1),
            "hostIP": HOST,
            "hostIPs": [{"ip": HOST}],
            **pod_resources(pod["spec"]),
            **({"podIP": self._address, "podIPs": [{"ip": self._address}]} if self._address else {}),
            "conditions": conditions(
                pod, phase, self.inits, self.mains, sandbox=bool(self._address), now=self._node.timeline.now
            ),
            "containerStatuses": [one.status(own) for one in self.mains],
            **({"initContainerStatuses": [one.status(own) for one in self.inits]} if self.inits else {}),
            **({"ephemeralContainerStatuses": [one.status(own) for one in self.ephemerals]} if self.ephemerals else {}),
        }
        if status != before:
            self._node.store.replace(kinds.PODS, {**pod, "status": status})

    def _live(self) -> Process:
        yield from placed(self._node, lambda: self.pod)
        self._begun()
        yield from mounted(self._node, lambda: self.pod)
        yield _SANDBOX
        self._address = self._node.address()
        self.publish()
        for runtime in self.inits:
            yield from self._initialised(runtime)
            if runtime.over and runtime.code:
                self._finish()
                return
        for runtime in self.mains:
            self._node.timeline.start(self.uid, self._kept(runtime))

    def _begun(self) -> None:
        """Let the kubelet know of the pod."""
        for one in self.containers:
            one.wait(INITIALIZING if self.inits else CREATING)
        self.publish()
        if (deadline := self.pod["spec"].get("activeDeadlineSeconds")) is not None:
            self._node.timeline.start(self.uid, self._deadline(), after=deadline)

    def _initialised(self, runtime: Runtime) -> Process:
        if runtime.sidecar:
            self._node.timeline.start(self.uid, self._kept(runtime))
            yield lambda: runtime.started
        else:
            yield from self._kept(runtime)
            yield lambda: runtime.over

    def _debugged(self, runtime: Runtime) -> Process:
        yield lambda: bool(self._address)
        yield from self._kept(runtime)

    def _kept(self, runtime: Runtime) -> Process:
        policy = self.pod["spec"]["restartPolicy"]
        if runtime.init:
            policy = "Always" if runtime.sidecar else "Never" if policy == "Never" else "OnFailure"
        if runtime.ephemeral:
            policy = "Never"

        def begun() -> None:
            Prober(self._node, self, runtime, lambda: environment(self.pod, runtime.spec)).start()

        for wait in Keeper(self._node, self.pod, runtime, policy, begun).keep():
            self.publish()
            yield wait
        self.publish()
        if all(one.over for one in self.mains):
            self._finish()

    def _finish(self) -> None:
        """End the sidecars, which outlive the others, and the deadline's process with them."""
        self._node.timeline.stop(self.uid)
        self._kill(0)
        self.publish()

    def _deadline(self) -> Process:
        """Fail as the kubelet does when activeDeadlineSeconds are over; the containers' grace is not waited for."""
        self._node.timeline.stop(self.uid)
        self._node.events.kubelet(self.pod, NORMAL, "DeadlineExceeded", _DEADLINE)
        self._told = {"phase": "Failed", "reason": "DeadlineExceeded", "message": _DEADLINE}
        self._tell_killing()
        self._kill(_KILLED)
        self.publish()
        yield from ()

    def _ending(self, grace: float) -> Process:
        running = [one for one in self.containers if one.running]
        self._tell_killing()
        yield min(grace, _OF_SERVICES) if all(one.serves for one in running) else grace
        self._kill(_KILLED)
        self.publish()
        yield 0.0
        self._gone(self)

    def _tell_killing(self) -> None:
        for one in self.containers:
            if one.running:
                message = f"Stopping container {one.name}"
                self._node.events.kubelet(self.pod, NORMAL, "Killing", message, container=one.path)

    def _kill(self, code: int) -> None:
        for one in self.containers:
            if one.running:
                ended = 0 if one.serves else code
                one.end(self._node.timeline.now, ended, "Error" if ended else "Completed")
            one.over = True
