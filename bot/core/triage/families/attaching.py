"""Why a volume that is there does not reach the pod's node.

Source of the scheduler's words: https://github.com/kubernetes/kubernetes/tree/master/pkg/scheduler/framework/plugins.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.reading import mapping, objects, text, texts
from bot.core.triage.claiming import BINDING, claims, unscheduled
from bot.core.triage.finders import Cause, Finder, happened
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.looking import condition_proof, is_being_made
from bot.core.triage.next_steps import kubectl, volumes
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot
from bot.core.volumes import claims_of

_SOURCE: Final = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/"

_ATTACHMENTS: Final = kubectl("get volumeattachments")
_PATIENCE = 120  # seconds within which attaching begins


def _by_scheduler(cause: Cause, pattern: str) -> Finder:
    def find(seen: Snapshot) -> Iterator[Finding]:
        condition = unscheduled(seen)
        if condition and re.search(pattern, condition.message.partition("preemption:")[0]):
            names = claims_of(seen.pod)
            reach = ", ".join(filter(None, (_reach(seen, name) for name in names)))
            proofs = (condition_proof(condition), *([Evidence("volume spec.nodeAffinity", reach)] if reach else []))
            groups = {"claims": ", ".join(names), "reach": f": it is reached from {reach}" if reach else ""}
            yield cause.found(seen, proofs, groups=groups)

    return find


def _reach(seen: Snapshot, name: str) -> str:
    claim = seen.claim(name)
    volume = seen.volume(claim.volume) if claim else None
    return volume.affinity if volume else ""


def _never_attached(seen: Snapshot) -> Iterator[Finding]:
    """Say that the kubelet waits for a volume that nothing has attached, as its node tells both."""
    scheduled = seen.pod.condition("PodScheduled")
    since = scheduled.since if scheduled and scheduled.status == "True" else None
    if not is_being_made(seen) or since is None or (seen.now - since).total_seconds() < _PATIENCE:
        return
    status = mapping(seen.node.get("status"))
    attached = {text(one.get("name")) for one in objects(status.get("volumesAttached"))}
    for claim in claims(seen):
        volume = seen.volume(claim.volume)
        unique = f"kubernetes.io/csi/{volume.driver}^{volume.handle}" if volume and volume.kind == "csi" else ""
        if unique in texts(status.get("volumesInUse")) and unique not in attached:
            cause = Cause(
                "nothing has attached the volume of claim {claim} to node {node}",
                "See that the attach controller and the driver run",
                _ATTACHMENTS,
                Sureness.LIKELY,
            )
            groups = {"claim": claim.name, "node": seen.pod.node}
            proof = Evidence("node status.volumesAttached", f"lacks {unique}", since)
            yield cause.found(seen, (proof,), groups=groups)


def _exclusive(seen: Snapshot) -> Iterator[Finding]:
    condition = unscheduled(seen)
    single = [one.name for one in claims(seen) if "ReadWriteOncePod" in one.access_modes]
    if condition and (re.search(r"ReadWriteOncePod", condition.message) or (single and "in-use" in condition.message)):
        cause = Cause(
            "claim {claim} allows one pod alone (ReadWriteOncePod), and another pod holds it",
            "End the other pod, or share another claim",
            volumes,
        )
        yield cause.found(
            seen, (condition_proof(condition),), groups={"claim": ", ".join(single or claims_of(seen.pod))}
        )


_rule = partial(Rule, source=_SOURCE)

FAMILY: Final = Family(
    "attaching",
    (
        _rule(
            "V8",
            "no available persistent volumes; not enough free storage",
            "no volume, or no capacity, for the node",
            _by_scheduler(
                Cause(
                    "no volume, or not enough storage, can be had for claim {claims} where the pod may run",
                    "Add storage, or let the pod run elsewhere",
                    kubectl("get csistoragecapacities -A"),
                ),
                r"find available persistent volumes to bind|not have enough free storage",
            ),
            BINDING,
        ),
        _rule(
            "V7",
            "volume node affinity conflict",
            "the volume is not reached from the nodes that are left",
            _by_scheduler(
                Cause(
                    "the volume of claim {claims} is not reached from any node that may take the pod{reach}",
                    "Free a node there, or move the data",
                    kubectl("get pv -o yaml"),
                ),
                r"volume node affinity conflict|didn't match PersistentVolume's node affinity",
            ),
            (*BINDING, "S12"),
        ),
        _rule(
            "V9",
            "exceeded max volume count; VolumeAttachmentLimitExceeded",
            "the node's limit of volumes",
            _by_scheduler(
                Cause(
                    "no node can have another volume attached: their limit is reached",
                    "Add a node, or use fewer volumes",
                    kubectl("get csinodes -o yaml"),
                ),
                r"exceed max volume count|VolumeAttachmentLimitExceeded",
            ),
            ("S12", "S0"),
        ),
        _rule(
            "V25",
            "another pod on a ReadWriteOncePod claim",
            "the claim is held by another pod",
            _exclusive,
            ("S12", "S0", "V6"),
        ),
        _rule(
            "V13",
            "FailedAttachVolume, which tells of a VolumeAttachment's attachError",
            "a driver's or the cloud's error",
            happened(
                {"FailedAttachVolume"},
                Cause("volume {volume} cannot be attached to its node", "See what the driver says", _ATTACHMENTS),
                r"AttachVolume.{0,40} failed for volume \"(?P<volume>[^\"]{1,253})\"",
            ),
            ("V17",),
        ),
        _rule(
            "V14",
            "ContainerCreating for two minutes, in the node's volumesInUse and not in volumesAttached",
            "attaching has not begun",
            _never_attached,
            ("V17",),
        ),
    ),
)
