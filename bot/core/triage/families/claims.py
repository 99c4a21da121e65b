"""Why a pod's claims have no volume.

The reasons of events are the controllers':
https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/volume/events/event.go.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.claims import Claim
from bot.core.persistent_volumes import ON_FIRST_USE
from bot.core.triage.claiming import BINDING, claim_proof, claims, events_of, pending, unscheduled
from bot.core.triage.finders import Cause
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.looking import condition_proof, event_proof, matching
from bot.core.triage.next_steps import kubectl, volumes
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot
from bot.core.volumes import claims_of

_SOURCE: Final = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/"

_CLASSES: Final = kubectl("get storageclasses")
_NO_CLASS = re.compile(r'storageclass\.storage\.k8s\.io "([^"]{1,253})" not found')
_PATIENCE = 60  # seconds that a provisioner may take


def _unbound(seen: Snapshot) -> Iterator[Claim]:
    return (one for one in claims(seen) if not one.bound and one.phase != "Lost") if pending(seen) else iter(())


def _missing(seen: Snapshot) -> Iterator[Finding]:
    """Say that a claim is not there, by its own lookup or by the scheduler's words."""
    condition = unscheduled(seen)
    said = re.search(r'persistentvolumeclaim "([^"]{1,253})" not found', condition.message) if condition else None
    names = [name for name in claims_of(seen.pod) if name in seen.claims and seen.claims[name] is None]
    if said and said[1] not in names:
        names.append(said[1])
    for name in names if pending(seen) else ():
        cause = Cause("claim {name} does not exist", "Make the claim, or name another", volumes)
        proofs = [condition_proof(condition)] if condition else [Evidence(f"claim {name}", "not found")]
        yield cause.found(seen, proofs, groups={"name": name})


def _class_missing(seen: Snapshot) -> Iterator[Finding]:
    for claim in _unbound(seen):
        said = next(matching(events_of(seen, claim), {"ProvisioningFailed"}, _NO_CLASS.pattern), None)
        name = claim.class_name or ""
        gone = bool(name) and name in seen.classes and seen.classes[name] is None
        if said is None and not gone:
            continue
        found = _NO_CLASS.search(said.message) if said else None
        cause = Cause(
            "claim {claim} names the class {class}, which does not exist", "Name a class that there is", _CLASSES
        )
        proofs = (event_proof(said), claim_proof(claim)) if said else (claim_proof(claim),)
        yield cause.found(seen, proofs, groups={"claim": claim.name, "class": found[1] if found else name})


def _no_match(seen: Snapshot) -> Iterator[Finding]:
    """Say that a claim without a provisioner finds no volume: no default class, or none of that size and mode."""
    for claim in _unbound(seen):
        said = next(matching(events_of(seen, claim), {"FailedBinding", "VolumeMismatch"}), None)
        if said is None:
            continue
        if claim.class_name is None:
            words = "claim {claim} names no class, there is no default one, and no volume of {size} fits it"
        else:
            words = "no volume fits claim {claim}: none of {size} with its modes and selector is free"
        cause = Cause(words, "Name a class, or make a volume that fits", _CLASSES)
        proofs = (event_proof(said), claim_proof(claim))
        yield cause.found(seen, proofs, groups={"claim": claim.name, "size": claim.requested})


def _no_provisioner(seen: Snapshot) -> Iterator[Finding]:
    """Say that nobody makes the volume, once that has been waited for."""
    for claim in _unbound(seen):
        said = next(matching(events_of(seen, claim), {"ExternalProvisioning", "Provisioning"}), None)
        if said and (said.count > 1 or seen.now.timestamp() - (said.last or seen.now).timestamp() > _PATIENCE):
            cause = Cause(
                "claim {claim} waits for its provisioner, which makes no volume",
                "See that the driver's pods run",
                kubectl("get pods -A -l app.kubernetes.io/component=csi-driver"),
                Sureness.LIKELY,
            )
            yield cause.found(seen, (event_proof(said), claim_proof(claim)), groups={"claim": claim.name})


def _vague(seen: Snapshot) -> Iterator[Finding]:
    condition = unscheduled(seen)
    if condition and "unbound immediate PersistentVolumeClaims" in condition.message:
        names = ", ".join(one.name for one in _unbound(seen)) or ", ".join(claims_of(seen.pod))
        cause = Cause("its claim {names} is not bound to a volume yet", "", volumes)
        yield cause.found(seen, (condition_proof(condition),), groups={"names": names})


def _first_use(seen: Snapshot) -> Iterator[Finding]:
    """Say that a claim waits for the pod's node, which is as it should be, where nothing else explains the wait."""
    for claim in _unbound(seen):
        made_later = seen.storage_class(claim.class_name or "")
        said = next(matching(events_of(seen, claim), {"WaitForFirstConsumer", "WaitForPodScheduled"}), None)
        if said or (made_later and made_later.binding == ON_FIRST_USE):
            words = "claim {claim} is bound only when the pod has a node, as its class says"
            cause = Cause(words, "See why no node takes the pod", volumes, Sureness.POSSIBLE)
            proofs = (event_proof(said), claim_proof(claim)) if said else (claim_proof(claim),)
            yield cause.found(seen, proofs, groups={"claim": claim.name})


def _lost(seen: Snapshot) -> Iterator[Finding]:
    for claim in claims(seen):
        gone = claim.volume in seen.volumes and seen.volumes[claim.volume] is None
        if claim.phase == "Lost" or (claim.volume and gone):
            cause = Cause(
                "claim {claim} has lost its volume {volume}, and what was in it", "Restore it from a backup", volumes
            )
            groups = {"claim": claim.name, "volume": claim.volume}
            yield cause.found(seen, (claim_proof(claim),), groups=groups)


def _stale(seen: Snapshot) -> Iterator[Finding]:
    for claim in claims(seen):
        volume = seen.volume(claim.volume)
        if volume and (volume.phase == "Failed" or (volume.phase == "Released" and not claim.bound)):
            said = ": ".join(filter(None, (volume.reason, volume.message))) or volume.phase
            words = "volume {volume} of claim {claim} is {phase}, and is not given to it"
            proof = Evidence(f"volume {volume.name} status.phase", said, volume.since)
            cause = Cause(
                words,
                "An administrator must clear its claimRef, or replace it",
                kubectl("describe pv {0}", volume.name),
            )
            groups = {"claim": claim.name, "volume": volume.name, "phase": volume.phase}
            yield cause.found(seen, (proof, claim_proof(claim)), groups=groups)


def _terminating(seen: Snapshot) -> Iterator[Finding]:
    for claim in claims(seen):
        if claim.deleted is not None and pending(seen):
            cause = Cause(
                "claim {claim} is being deleted: it goes when no pod uses it any more", "Make a new claim", volumes
            )
            proof = Evidence(f"claim {claim.name} metadata.deletionTimestamp", "set", claim.deleted)
            yield cause.found(seen, (proof,), groups={"claim": claim.name})


_rule = partial(Rule, source=_SOURCE)

FAMILY: Final = Family(
    "claims",
    (
        _rule("V1", '`persistentvolumeclaim "x" not found`', "the claim is missing", _missing, BINDING),
        _rule(
            "V2",
            "ProvisioningFailed, StorageClass not found",
            "a class that does not exist",
            _class_missing,
            (*BINDING, "V3", "V5"),
        ),
        _rule("V10", "claim Lost; its volume does not exist", "the volume was deleted", _lost, (*BINDING, "V3", "V5")),
        _rule(
            "V11",
            "volume Released or Failed",
            "a stale claimRef, or a reclaim that failed",
            _stale,
            (*BINDING, "V3", "V5"),
        ),
        _rule("V3", "FailedBinding", "no default class, or no volume that fits", _no_match, BINDING),
        _rule("V5", "ExternalProvisioning, repeating", "the provisioner is absent or stuck", _no_provisioner, BINDING),
        _rule(
            "V23",
            "claim Terminating with pvc-protection",
            "it is in use, and goes with its last pod",
            _terminating,
            ("S0",),
        ),
        _rule("V6", "`unbound immediate PersistentVolumeClaims`", "a claim is not bound", _vague, ("S0",)),
        _rule("V4", "WaitForFirstConsumer", "as it should be: the scheduling is to blame", _first_use),
    ),
)
