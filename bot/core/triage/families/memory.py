"""What ran out of memory, and whose limit that was.

Source: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.reading import mapping
from bot.core.triage.finders import Cause
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.looking import Run, condition_proof, runs
from bot.core.triage.next_steps import node, top
from bot.core.triage.nodes import conditions
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SOURCE: Final = "https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/"
_OOM = "OOMKilled"


def limit_of(seen: Snapshot, container: str) -> str:
    """Return a container's memory limit, empty for none."""
    limits = mapping(mapping(mapping(seen.specs().get(container)).get("resources")).get("limits"))
    value = limits.get("memory")
    return str(value) if isinstance(value, str | int) else ""


def killed(seen: Snapshot) -> Iterator[Run]:
    """Yield the runs that the kernel ended for their memory."""
    return (run for run in runs(seen) if run.ended.reason == _OOM)


def _own_limit(seen: Snapshot) -> Iterator[Finding]:
    for run in killed(seen):
        limit = limit_of(seen, run.container.name)
        if limit:
            cause = Cause(
                "{container} uses more memory than its limit of {limit}", "Raise its limit, or mend a leak", top
            )
            proofs = (run.proof, Evidence(f"spec.containers[{run.container.name}].resources.limits.memory", limit))
            yield cause.found(seen, proofs, groups={"limit": limit}, container=run.container)


def _no_limit(seen: Snapshot) -> Iterator[Finding]:
    pressed = next((one for one in conditions(seen) if one.type == "MemoryPressure" and one.status == "True"), None)
    for run in killed(seen):
        if not limit_of(seen, run.container.name):
            words = "{container} was ended for memory though it has no limit: its node ran short"
            cause = Cause(words, "Give it a request and a limit, or more nodes", node, Sureness.LIKELY)
            more = (condition_proof(pressed, "node"),) if pressed else ()
            yield cause.found(seen, (run.proof, *more), container=run.container)


_rule = partial(Rule, source=_SOURCE)
_VAGUER = ("R1", "R4", "R8", "R10", "R12", "P1", "R15")

FAMILY: Final = Family(
    "memory",
    (
        _rule("R2", "OOMKilled, with a limit", "its own limit is too low, or it leaks", _own_limit, _VAGUER),
        _rule("R3", "OOMKilled, without a limit", "the node ran short of memory", _no_limit, _VAGUER),
    ),
)
