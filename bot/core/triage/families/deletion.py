"""Why a pod that was deleted does not go.

Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination.
"""

from collections.abc import Iterator
from typing import Final

from bot.core.containers import Running
from bot.core.triage.finders import Cause
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.looking import event_proof, told
from bot.core.triage.next_steps import describe, kubectl, node
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.standing import Standing, standing

_SOURCE: Final = "https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/"


def _stuck(seen: Snapshot) -> Iterator[Finding]:
    pod = seen.pod
    if pod.deletion_timestamp is None or standing(seen) is Standing.ENDING:
        return
    due = Evidence("metadata.deletionTimestamp", f"to be gone by {pod.deletion_timestamp.isoformat()}", pod.deleted)
    running = [one.name for one in pod.all_containers if isinstance(one.state, Running)]
    killing = next(told(seen, {"FailedKillPod"}), None)
    if pod.finalizers and not running:
        names = ", ".join(pod.finalizers)
        cause = Cause(
            "it is deleted, but stays until its finalizer is removed: {names}",
            "Whoever set the finalizer must remove it",
            kubectl("get pod {0} -n {ns} -o jsonpath='{{.metadata.finalizers}}'", pod.name),
        )
        yield cause.found(seen, (Evidence("metadata.finalizers", names), due), groups={"names": names})
    elif killing:
        cause = Cause("it is deleted, but its node cannot end it", "See the node", node)
        yield cause.found(seen, (event_proof(killing), due))
    elif running:
        words = "it is deleted, but {names} still runs after its grace period"
        cause = Cause(words, "See its node, and its preStop hook", node, Sureness.LIKELY)
        yield cause.found(seen, (due,), groups={"names": ", ".join(running)})
    else:
        cause = Cause(
            "it is deleted, and its node has not said that it is gone", "See the node", describe, Sureness.LIKELY
        )
        yield cause.found(seen, (due,))


FAMILY: Final = Family(
    "deletion",
    (
        Rule(
            "K10",
            "Terminating longer than its grace period",
            "a finalizer, the node or a hook holds it",
            _stuck,
            source=_SOURCE,
        ),
    ),
)
