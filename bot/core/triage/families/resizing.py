"""Why a pod's new size does not come into force.

Source: https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/.
"""

from functools import partial
from typing import Final

from bot.core.triage.finders import Cause, conditioned
from bot.core.triage.next_steps import describe, node
from bot.core.triage.rules import Family, Rule

_rule = partial(
    Rule, always=True, source="https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/"
)

FAMILY: Final = Family(
    "resizing",
    (
        _rule(
            "Z2",
            "PodResizePending, Infeasible",
            "the node can never give it",
            conditioned(
                "PodResizePending",
                Cause("its new size can never be had on its node", "Ask for less, or let it run elsewhere", describe),
                reasons={"Infeasible"},
            ),
        ),
        _rule(
            "Z1",
            "PodResizePending, Deferred",
            "it waits for room on its node",
            conditioned(
                "PodResizePending",
                Cause("its new size waits until its node has room", "Free some there", node),
                reasons={"Deferred"},
            ),
        ),
        _rule(
            "Z3",
            "PodResizeInProgress, Error",
            "the node could not bring it about",
            conditioned(
                "PodResizeInProgress",
                Cause("its node could not give it its new size", "See the node", node),
                reasons={"Error"},
            ),
        ),
    ),
)
