"""Whose logs are meant, and why a followed one has ended."""

from collections.abc import Iterable

from bot.core.containers import Container, Running, Terminated, Waiting
from bot.core.errors import Declined
from bot.core.guesses import among
from bot.core.logs import Source
from bot.core.names import ContainerName, PodName
from bot.core.pods import Pod, default_container


def sources_of(pod: Pod, wanted: ContainerName | None, *, every: bool) -> tuple[Source, ...]:
    """Return every container of a pod, the one that is named, or the one that kubectl would take.

    Raise `Declined` for one that the pod does not have.
    """
    if every:
        return tuple(_source(pod, one) for one in pod.all_containers)
    chosen = default_container(pod) if wanted is None else _named(pod, wanted)
    if chosen is None:
        names = [one.name for one in pod.all_containers]
        hint = among(wanted or "", names, "container")
        raise Declined(f"pod {pod.name} has no container “{wanted or ''}”", hint=hint, verb="logs")
    return (_source(pod, chosen),)


def sources_of_all(pods: Iterable[Pod], wanted: ContainerName | None, *, every: bool) -> tuple[Source, ...]:
    """Return the containers meant of several pods; only some need have the one that is named."""
    having = [pod for pod in pods if wanted is None or _named(pod, wanted)]
    if wanted is not None and not having:
        raise Declined(f"none of these pods has a container “{wanted}”", hint="leave `-c` out", verb="logs")
    return tuple(source for pod in having for source in sources_of(pod, wanted, every=every))


def why_over(pod: Pod | None, source: Source) -> str:
    """Say why a followed log has ended, as the pod is now (None: gone); empty while its container runs on."""
    if pod is None or pod.uid != source.uid or pod.deleted is not None:
        return "the pod was deleted"
    container = _named(pod, source.container)
    if container is None:
        return "the container is gone"
    if container.restart_count > source.restarts:
        return "it was restarted; type it again to follow the new run"
    ended = container.last_state if isinstance(container.state, Waiting) else container.state
    return f"it ended with exit code {ended.exit_code} ({ended.word})" if isinstance(ended, Terminated) else ""


def _named(pod: Pod, name: str) -> Container | None:
    return next((one for one in pod.all_containers if one.name == name), None)


def _source(pod: Pod, container: Container) -> Source:
    waits, message = ("", "") if _has_run(container) else _why_not_started(pod, container)
    return Source(PodName(pod.name), pod.uid, ContainerName(container.name), container.restart_count, waits, message)


def _has_run(container: Container) -> bool:
    return any(isinstance(state, Running | Terminated) for state in (container.state, container.last_state))


def _why_not_started(pod: Pod, container: Container) -> tuple[str, str]:
    if isinstance(container.state, Waiting) and container.state.reason:
        return container.state.reason, container.state.message
    scheduled = pod.condition("PodScheduled")
    if scheduled is not None and scheduled.status == "False":
        return scheduled.reason or "Unschedulable", scheduled.message
    return pod.reason or pod.phase or "Pending", pod.message
