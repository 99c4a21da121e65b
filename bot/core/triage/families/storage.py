"""What changes of a claim are pending or impossible, and what its storage says of its health.

Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.claims import Claim
from bot.core.triage.claiming import claims, events_of
from bot.core.triage.finders import Cause
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.looking import condition_proof, event_proof, matching
from bot.core.triage.next_steps import volumes
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SOURCE: Final = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/"

_RESIZE_ERRORS = frozenset({"ControllerResizeError", "NodeResizeError"})
_RESIZE_WAITS = frozenset({"Resizing", "FileSystemResizePending"})
_GROWS = 300  # seconds after which a volume that grows is told of
_SICK = r"Inaccessible|DataLoss|Degraded|Unhealthy"


def _resizing(seen: Snapshot) -> Iterator[Finding]:
    for claim in claims(seen):
        failed = next((one for one in claim.conditions if one.type in _RESIZE_ERRORS and one.status == "True"), None)
        waits = next((one for one in claim.conditions if one.type in _RESIZE_WAITS and one.status == "True"), None)
        groups = {"claim": claim.name, "size": claim.requested}
        if claim.resizing.endswith("Infeasible") or failed:
            proof = condition_proof(failed, f"claim {claim.name}") if failed else _resize_proof(claim)
            cause = Cause("claim {claim} cannot grow to {size}", "Ask for a size that its driver can give", volumes)
            yield cause.found(seen, (proof,), groups=groups)
        elif waits and waits.since and (seen.now - waits.since).total_seconds() > _GROWS:
            cause = Cause(
                "claim {claim} still waits to grow to {size}",
                "Some volumes grow when the pod is started again",
                volumes,
                Sureness.POSSIBLE,
            )
            yield cause.found(seen, (condition_proof(waits, f"claim {claim.name}"),), groups=groups)


def _resize_proof(claim: Claim) -> Evidence:
    return Evidence(f"claim {claim.name} status.allocatedResourceStatuses", claim.resizing)


def _modifying(seen: Snapshot) -> Iterator[Finding]:
    for claim in claims(seen):
        failed = next(
            (one for one in claim.conditions if one.type == "ModifyVolumeError" and one.status == "True"), None
        )
        if failed or claim.modifying == "Infeasible":
            cause = Cause("claim {claim} cannot take the VolumeAttributesClass {target}", "Name another", volumes)
            proof = (
                condition_proof(failed, f"claim {claim.name}")
                if failed
                else Evidence(f"claim {claim.name} status.modifyVolumeStatus", claim.modifying)
            )
            groups = {"claim": claim.name, "target": claim.target_attributes_class or claim.attributes_class}
            yield cause.found(seen, (proof,), groups=groups)


def _health(seen: Snapshot) -> Iterator[Finding]:
    for one in seen.pod.conditions:
        if (
            one.status == "True"
            and re.search(r"Volume|Storage", one.type)
            and re.search(_SICK, f"{one.type} {one.reason} {one.message}")
        ):
            cause = Cause("its storage reports a fault: {fault}", "See the volume and its driver", volumes)
            yield cause.found(seen, (condition_proof(one),), groups={"fault": one.reason or one.type})
    for claim in claims(seen):
        for event in list(matching(events_of(seen, claim), {"VolumeConditionAbnormal"}))[:1]:
            cause = Cause("the volume of claim {claim} reports a fault", "See the volume and its driver", volumes)
            yield cause.found(seen, (event_proof(event),), groups={"claim": claim.name})


_rule = partial(Rule, source=_SOURCE)

FAMILY: Final = Family(
    "storage",
    (
        _rule(
            "V20",
            "Resizing, FileSystemResizePending, ControllerResizeError, …ResizeInfeasible",
            "it grows late, or can't",
            _resizing,
            always=True,
        ),
        _rule(
            "V21",
            "ModifyVolumeError, modifyVolumeStatus Infeasible",
            "the attributes class is refused",
            _modifying,
            always=True,
        ),
        _rule("V24", "volume health: Inaccessible, DataLoss, Degraded", "a fault of the storage", _health, always=True),
    ),
)
