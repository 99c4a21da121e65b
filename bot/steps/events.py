"""Reading what happened to a pod."""

from bot.core.errors import Forbidden, NotSetUp
from bot.core.events import Event, by_time
from bot.core.names import PodName
from bot.core.pods import Pod
from bot.core.ports import Cluster
from bot.core.resources import EVENTS, Json


async def events_of(cluster: Cluster, pod: Pod) -> tuple[Event, ...] | None:
    """Return the events of this very pod, the newest last; None where the right to read events is missing."""
    return await events_about(cluster, about(pod))


async def raw_events_of(cluster: Cluster, name: PodName) -> tuple[Json, ...] | None:
    """Return the events of all pods of this name as they are stored; None where the right to read events is missing."""
    return await _listed(cluster, about_object("Pod", name, ""))


async def events_about(cluster: Cluster, fields: str) -> tuple[Event, ...] | None:
    """Return the events that a field selector picks, the newest last; None where the right to read them is missing."""
    listed = await _listed(cluster, fields)
    return None if listed is None else by_time(listed)


async def _listed(cluster: Cluster, fields: str) -> tuple[Json, ...] | None:
    try:
        return (await cluster.list(EVENTS, fields=fields)).items
    except (Forbidden, NotSetUp):
        return None


def about(pod: Pod) -> str:
    """Return the field selector of the events of this very pod, and of none of its namesakes."""
    return about_object("Pod", pod.name, pod.uid)


def about_object(kind: str, name: str, uid: str) -> str:
    """Return the field selector of the events of one object.

    Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/.
    """
    parts = {"kind": kind, "name": name, "uid": uid}
    return ",".join(f"involvedObject.{key}={value}" for key, value in parts.items() if value)
