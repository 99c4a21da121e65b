"""The first cause in short, for whoever shows a pod without being asked what is wrong: one diagnosis, not two."""

from bot.core.diagnosis import Finding
from bot.core.triage.judging import judge
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.standing import Standing


def brief(seen: Snapshot) -> Finding | None:
    """Return the first cause that pod and events alone show; None for a pod that has none, or just takes time."""
    verdict = judge(seen)
    first = verdict.first
    if first is None:
        return Finding("it is being deleted", stuck=True) if verdict.standing is Standing.ENDING else None
    named = bool(first.container) and first.cause.startswith(f"{first.container} ")
    podbots = first.step and not first.step.is_kubectl
    return Finding(
        f"container {first.cause}" if named else first.cause,
        first.evidence[0].quote if first.evidence else "",
        first.advice,
        (first.step.line.removesuffix(f" -n {seen.pod.namespace}"),) if first.step and podbots else (),
        stuck=True,
    )
