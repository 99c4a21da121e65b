"""How much of the node is taken, kept up with every change."""

from decimal import Decimal

from bot.core.reading import mapping
from bot.core.resources import Json
from bot.demo.cluster import kinds
from bot.demo.cluster.scheduling import ENDED, RESOURCES, requested
from bot.demo.cluster.store import Changed, Store


class Usage:
    """What the pods on the node ask for together: `taken` is by resource, in its own unit."""

    def __init__(self, store: Store) -> None:
        self.taken: dict[str, Decimal] = dict.fromkeys(RESOURCES, Decimal(0))
        store.observe(self._changed)

    def _changed(self, change: Changed) -> None:
        was, is_now = _takes_room(change.before), _takes_room(change.after)
        if change.kind is not kinds.PODS or was is is_now:
            return  # what a pod asks for does not change while it is there
        pod = change.after if is_now else change.before
        for name in RESOURCES:
            self.taken[name] += requested(pod or {}, name) * (1 if is_now else -1)


def _takes_room(pod: Json | None) -> bool:
    if pod is None or not mapping(pod.get("spec")).get("nodeName"):
        return False
    return mapping(pod.get("status")).get("phase") not in ENDED
