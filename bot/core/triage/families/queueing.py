"""Why no node is looked for, or not yet: gates, a scheduler that is not there, pods that must leave first.

Source: https://kubernetes.io/docs/concepts/scheduling-eviction/.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.reading import objects, text
from bot.core.triage.claiming import unscheduled
from bot.core.triage.finders import Cause, happened
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.looking import condition_proof
from bot.core.triage.next_steps import listing
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SILENCE = 120  # seconds after which a scheduler that says nothing is not there


def _gated(seen: Snapshot) -> Iterator[Finding]:
    condition = unscheduled(seen)
    if condition and condition.reason == "SchedulingGated":
        gates = ", ".join(text(one.get("name")) for one in objects(seen.spec.get("schedulingGates")))
        cause = Cause("its scheduling gates are not removed: {gates}", "Whatever set them must remove them")
        proofs = (condition_proof(condition), Evidence("spec.schedulingGates", gates))
        yield cause.found(seen, proofs, groups={"gates": gates})


def _unknown(seen: Snapshot) -> Iterator[Finding]:
    """Say that no node takes it, where no rule knows the scheduler's words."""
    condition = unscheduled(seen)
    if condition and condition.reason == "Unschedulable":
        yield Cause("no node can take it now", "", sureness=Sureness.LIKELY).found(seen, (condition_proof(condition),))


def _silent(seen: Snapshot) -> Iterator[Finding]:
    pod = seen.pod
    if not seen.raw or pod.node or pod.ended or pod.condition("PodScheduled") or seen.events or pod.created is None:
        return
    if (seen.now - pod.created).total_seconds() >= _SILENCE:
        scheduler = text(seen.spec.get("schedulerName")) or "default-scheduler"
        words = "its scheduler, {scheduler}, has not looked at it"
        cause = Cause(words, "Check that such a scheduler runs", sureness=Sureness.LIKELY)
        proof = Evidence("spec.schedulerName", scheduler, pod.created)
        yield cause.found(seen, (proof,), groups={"scheduler": scheduler})


def _nominated(seen: Snapshot) -> Iterator[Finding]:
    name, condition = text(seen.status.get("nominatedNodeName")), unscheduled(seen)
    if name and condition:
        cause = Cause("it waits until pods of lower priority have left node {node}", step=listing)
        proofs = (Evidence("status.nominatedNodeName", name), condition_proof(condition))
        yield cause.found(seen, proofs, groups={"node": name})


def _is_unscheduled(seen: Snapshot) -> bool:
    return unscheduled(seen) is not None


_rule = partial(Rule, source="https://kubernetes.io/docs/concepts/scheduling-eviction/")

FAMILY: Final = Family(
    "queueing",
    (
        _rule("S10", "PodScheduled=False, SchedulingGated", "its scheduling gates are not removed", _gated),
        _rule("S12", "nominatedNodeName", "it waits for the pods that it preempts", _nominated, ("S0",)),
        _rule(
            "S11",
            "no PodScheduled condition and no event for two minutes",
            "no scheduler looks at it",
            _silent,
        ),
        _rule("S0", "PodScheduled=False, for another reason", "no node takes it", _unknown),
        _rule(
            "S13",
            "NotTriggerScaleUp, FailedScaleUp",
            "the autoscaler cannot help",
            happened(
                {"NotTriggerScaleUp", "FailedScaleUp"},
                Cause("the cluster autoscaler adds no node for it", sureness=Sureness.POSSIBLE),
                during=_is_unscheduled,
            ),
        ),
    ),
)
