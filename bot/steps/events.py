"""Reading what happened to a pod."""

from bot.core.errors import Forbidden, NotSetUp
from bot.core.events import Event, by_time
from bot.core.pods import Pod
from bot.core.ports import Cluster
from bot.core.resources import EVENTS


async def events_of(cluster: Cluster, pod: Pod) -> tuple[Event, ...] | None:
    """Return the events of this very pod, the newest last; None where the right to read events is missing."""
    try:
        listing = await cluster.list(EVENTS, fields=about(pod))
    except (Forbidden, NotSetUp):
        return None
    return by_time(listing.items)


def about(pod: Pod) -> str:
    """Return the field selector of the events of this very pod, and of none of its namesakes.

    Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/.
    """
    parts = {"kind": "Pod", "name": pod.name, "uid": pod.uid}
    return ",".join(f"involvedObject.{key}={value}" for key, value in parts.items() if value)
