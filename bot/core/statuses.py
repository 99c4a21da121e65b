"""A pod's status in one word, as the STATUS column of kubectl has it.

Source: printPod in https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go.
"""

from bot.core.containers import Container, Running, Terminated, Waiting
from bot.core.pods import Pod


def status_word(pod: Pod) -> str:
    """Return "Running", "Init:0/1", "CrashLoopBackOff", "Terminating", "Completed" and so on."""
    if pod.deletion_timestamp is not None and pod.reason == "NodeLost":
        return "Unknown"
    if pod.deletion_timestamp is not None and not pod.ended:
        return "Terminating"
    starting = _init_word(pod)
    if starting and not pod.is_true("Initialized"):
        return starting
    return _main_word(pod, starting or _phase_word(pod))


def ready_word(pod: Pod) -> str:
    """Return ready containers of all, "1/2", counting sidecars that have started as kubectl does."""
    sidecars = tuple(one for one in pod.init_containers if one.sidecar)
    running = sum(one.ready and isinstance(one.state, Running) for one in pod.containers)
    beside = sum(one.ready and one.started for one in sidecars)
    return f"{running + beside}/{len(pod.containers) + len(sidecars)}"


def _phase_word(pod: Pod) -> str:
    scheduled = pod.condition("PodScheduled")
    if scheduled is not None and scheduled.reason == "SchedulingGated":
        return scheduled.reason
    return pod.reason or pod.phase or "Unknown"


def _init_word(pod: Pod) -> str:
    for index, container in enumerate(pod.init_containers):
        if container.state is not None and not passed(container):
            return _blocking_word(container, f"{index}/{len(pod.init_containers)}")
    return ""


def passed(container: Container) -> bool:
    """Whether an init container no longer holds the others up: it has ended well, or is a sidecar that has started."""
    if isinstance(container.state, Terminated) and container.state.exit_code == 0:
        return True
    return container.sidecar and container.started


def _blocking_word(container: Container, progress: str) -> str:
    match container.state:
        case Terminated() as ended:
            return f"Init:{ended.word}"
        case Waiting(reason) if reason not in ("", "PodInitializing"):
            return f"Init:{reason}"
    return f"Init:{progress}"


def _main_word(pod: Pod, word: str) -> str:
    for container in reversed(pod.containers):
        match container.state:
            case Waiting(reason) if reason:
                word = reason
            case Terminated() as ended:
                word = ended.word
    running = any(one.ready and isinstance(one.state, Running) for one in pod.containers)
    if word == "Completed" and running:
        return "Running" if pod.is_true("Ready") else "NotReady"
    return word
