"""What the pod's controller adds: a release whose new pods alone fail.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status.
"""

from collections.abc import Iterator
from typing import Final

from bot.core.pods import Pod, controller
from bot.core.reading import mapping, number, text
from bot.core.resources import Json
from bot.core.triage.finders import Cause
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.next_steps import kubectl, owner_of
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.standing import Standing, standing

_SOURCE: Final = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/"
_HASH = "pod-template-hash"


def _regression(seen: Snapshot) -> Iterator[Finding]:
    """Say that pods of the release before run well beside this one, which does not, and how their images differ."""
    pod = seen.pod
    mine = pod.labels.get(_HASH, "")
    kind, name = owner_of(seen)
    if not mine or kind != "Deployment" or standing(seen) is not Standing.TROUBLED:
        return
    peers = [Pod.of(one) for one in seen.peers]
    siblings = [one for one in peers if _is_of(one, name) and one.labels.get(_HASH) and one.uid != pod.uid]
    before = [one for one in siblings if one.labels[_HASH] != mine and one.is_true("Ready")]
    well = any(one.labels[_HASH] == mine and one.is_true("Ready") for one in siblings)
    if before and not well:
        groups = {"name": name, "change": _change(before[0], pod)}
        cause = Cause(
            "only the new pods of Deployment {name} fail; those of the release before run{change}",
            "See what changed, or roll the release back",
            kubectl("rollout history deployment/{0} -n {ns}", name),
            Sureness.POSSIBLE,
        )
        proof = Evidence(f"metadata.labels[{_HASH}]", f"{mine} here, {before[0].labels[_HASH]} in {before[0].name}")
        yield cause.found(seen, (proof,), groups=groups)


def _is_of(pod: Pod, deployment: str) -> bool:
    """Whether a pod is of this Deployment: its ReplicaSet is named after it and the template's hash."""
    return pod.owner is not None and pod.owner.name == f"{deployment}-{pod.labels.get(_HASH, '')}"


def _change(before: Pod, now: Pod) -> str:
    images = {one.name: one.image for one in before.containers}
    changed = [
        f"{one.name} from {images[one.name]} to {one.image}"
        for one in now.containers
        if images.get(one.name, one.image) != one.image
    ]
    return f": {', '.join(changed)}" if changed else ""


def impact(seen: Snapshot) -> str:
    """Return how many pods of the pod's controller are ready: "2 of 3 ready in ReplicaSet web-1", empty if unknown."""
    if not seen.owners:
        return ""
    own = seen.owners[0]
    kind, name = text(own.get("kind")), _name(own)
    status, spec = mapping(own.get("status")), mapping(own.get("spec"))
    if kind == "DaemonSet":
        ready, wanted = number(status.get("numberReady")), number(status.get("desiredNumberScheduled"))
    elif kind in {"ReplicaSet", "StatefulSet", "ReplicationController"}:
        ready, wanted = number(status.get("readyReplicas")), number(spec.get("replicas"))
    else:
        return ""
    above = controller(own)
    return f"{ready} of {wanted} ready in {above.kind if above else kind} {above.name if above else name}"


def _name(raw: Json) -> str:
    return text(mapping(raw.get("metadata")).get("name"))


FAMILY: Final = Family(
    "controllers",
    (Rule("R16", "only the new ReplicaSet's pods fail", "a regression of the release", _regression, source=_SOURCE),),
)
