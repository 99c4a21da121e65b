"""Why a pod does not run, from its status and its events."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.core.containers import Container, Running, Terminated, Waiting
from bot.core.events import Event
from bot.core.pods import Pod

_CLAIM_MISSING = re.compile(r'persistentvolumeclaim "([^"]{1,253})" not found')

# Reasons of the kubelet; True where waiting longer does not help:
# https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go
_IMAGE: Mapping[str, bool] = {
    "ErrImagePull": False,
    "ImagePullBackOff": True,
    "ErrImageNeverPull": True,
    "InvalidImageName": True,
    "ImageInspectError": True,
    "RegistryUnavailable": False,
    "SignatureValidationFailed": True,
}
# https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/kuberuntime_container.go
_NOT_MADE: Mapping[str, bool] = {
    "CreateContainerConfigError": True,
    "CreateContainerError": True,
    "RunContainerError": False,
    "PreStartHookError": False,
    "PostStartHookError": False,
}
_TROUBLE: Mapping[str, str] = {
    "FailedScheduling": "no node can take it now",
    "FailedMount": "a volume cannot be mounted",
    "FailedAttachVolume": "a volume cannot be attached to its node",
    "FailedCreatePodSandBox": "its node cannot prepare it",
    "NetworkNotReady": "its node's network is not ready",
    "Unhealthy": "a health check fails",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a pod does not run: `what` in plain words, `said` what Kubernetes itself says (untrusted text).

    `hint` says as a sentence what may mend it, `lines` are commands that show more, and `stuck` means that waiting
    longer does not help.
    """

    what: str
    said: str = ""
    hint: str = ""
    lines: tuple[str, ...] = ()
    stuck: bool = False


class Stage(Enum):
    """How far a new pod has come."""

    STARTING = "starting"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    STUCK = "stuck"


def stage(pod: Pod, finding: Finding | None) -> Stage:
    """Return how far a pod has come; RUNNING means that it is ready as well."""
    if pod.ended:
        return Stage.COMPLETED if pod.phase == "Succeeded" else Stage.FAILED
    if pod.deletion_timestamp is None and pod.is_true("Ready"):
        return Stage.RUNNING
    return Stage.STUCK if finding and finding.stuck else Stage.STARTING


def why_not_running(pod: Pod, events: Sequence[Event] = ()) -> Finding | None:
    """Return the first reason found, the surest first; None for a pod that runs, has completed, or just takes time.

    `events` are the pod's, the newest last.
    """
    if pod.deletion_timestamp is not None:
        return Finding("it is being deleted", stuck=True)
    if pod.phase == "Succeeded" or (pod.phase == "Running" and pod.is_true("Ready")):
        return None
    return next(filter(None, (rule(pod, events) for rule in _RULES)), None)


def _failed(pod: Pod, _: Sequence[Event]) -> Finding | None:
    if pod.phase != "Failed" or not (pod.reason or pod.message):
        return None
    if pod.reason == "DeadlineExceeded":
        return Finding("its time to live is over", pod.message, stuck=True)
    return Finding(f"it failed: {pod.reason}" if pod.reason else "it failed", pod.message, stuck=True)


def _stopped(pod: Pod, events: Sequence[Event]) -> Finding | None:
    findings = (_container(pod, one, events) for one in (*pod.init_containers, *pod.containers))
    return next(filter(None, findings), None)


def _container(pod: Pod, container: Container, events: Sequence[Event]) -> Finding | None:
    match container.state:
        case Waiting(reason, message) if reason in _IMAGE:
            return _image(container, reason, message, events)
        case Waiting(reason, message) if reason in _NOT_MADE:
            what = f"container {container.name} cannot be made ({reason})"
            return Finding(what, message, "Make or mend what it names", stuck=_NOT_MADE[reason])
        case Terminated() as ended if ended.exit_code:
            return _crash(pod, container, ended, stuck=pod.ended)
    match container.state, container.last_state:
        case (Waiting() as waiting, Terminated() as ended):
            return _crash(pod, container, ended, stuck=waiting.reason == "CrashLoopBackOff", previous=True)
        case (Running(), Terminated() as ended) if not container.ready and ended.exit_code:
            return _crash(pod, container, ended, stuck=False, previous=True)
    return None


def _image(container: Container, reason: str, message: str, events: Sequence[Event]) -> Finding:
    pulls = (event.message for event in reversed(events) if event.message.startswith("Failed to pull image"))
    return Finding(
        f"the image {container.image} of container {container.name} cannot be pulled ({reason})",
        next(pulls, message),
        "Check the image's name and tag, and that the cluster may pull it",
        stuck=_IMAGE[reason],
    )


def _crash(pod: Pod, container: Container, ended: Terminated, *, stuck: bool, previous: bool = False) -> Finding:
    how = f"signal {ended.signal}" if ended.signal else f"exit code {ended.exit_code}"
    restarts = f", after {container.restart_count} restarts" if container.restart_count > 1 else ""
    memory = ended.reason == "OOMKilled"
    return Finding(
        f"container {container.name} {'ran out of memory' if memory else 'ended'} with {how}{restarts}",
        ended.message,
        "Give it more memory" if memory else "",
        (f"logs {pod.name} -c {container.name}{' -p' if previous else ''}",),
        stuck,
    )


def _unscheduled(pod: Pod, _: Sequence[Event]) -> Finding | None:
    scheduled = pod.condition("PodScheduled")
    if scheduled is None or scheduled.status != "False":
        return None
    if scheduled.reason == "SchedulingGated":
        return Finding("its scheduling gates are not removed yet", scheduled.message)
    if missing := _CLAIM_MISSING.search(scheduled.message):
        return Finding(
            f"its claim {missing[1]} does not exist",
            scheduled.message,
            "Make the claim first",
            (f"volumes {pod.name}",),
        )
    if "unbound immediate PersistentVolumeClaims" in scheduled.message:
        return Finding("a claim of it is not bound to a volume yet", scheduled.message, lines=(f"volumes {pod.name}",))
    hint = "Ask for less, or free some" if "Insufficient" in scheduled.message else ""
    return Finding(_TROUBLE["FailedScheduling"], scheduled.message, hint)


def _told(_: Pod, events: Sequence[Event]) -> Finding | None:
    trouble = (event for event in reversed(events) if event.warning and event.reason in _TROUBLE)
    found = next(trouble, None)
    return Finding(_TROUBLE[found.reason], found.message) if found else None


_RULES: tuple[Callable[[Pod, Sequence[Event]], Finding | None], ...] = (_failed, _stopped, _unscheduled, _told)
