"""What a snapshot says of the pod's node."""

from bot.core.pods import Condition
from bot.core.reading import mapping, objects
from bot.core.triage.snapshot import Snapshot


def conditions(seen: Snapshot) -> tuple[Condition, ...]:
    """Return the conditions of the pod's node, none where it was not read."""
    return tuple(Condition.of(one) for one in objects(mapping(seen.node.get("status")).get("conditions")))


def condition(seen: Snapshot, kind: str) -> Condition | None:
    """Return one of them."""
    return next((one for one in conditions(seen) if one.type == kind), None)
