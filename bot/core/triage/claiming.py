"""How rules look at a pod's claims."""

from collections.abc import Iterator
from typing import Final

from bot.core.claims import Claim
from bot.core.events import Event
from bot.core.pods import Condition
from bot.core.triage.findings import Evidence
from bot.core.triage.looking import is_being_made
from bot.core.triage.snapshot import Snapshot
from bot.core.volumes import claims_of

BINDING: Final = ("V6", "V4", "S0")
"""The rules that say no more than that binding waits: vaguer than any that says for what."""


def unscheduled(seen: Snapshot) -> Condition | None:
    """Return the condition that says that no node was found."""
    found = seen.pod.condition("PodScheduled")
    return found if found and found.status == "False" and not seen.pod.node else None


def pending(seen: Snapshot) -> bool:
    """Whether the pod still waits for its volumes: for a node that suits them, or to have them mounted."""
    return unscheduled(seen) is not None or is_being_made(seen)


def claims(seen: Snapshot) -> Iterator[Claim]:
    """Yield the pod's claims that were read and are there."""
    return filter(None, map(seen.claim, claims_of(seen.pod)))


def events_of(seen: Snapshot, claim: Claim) -> tuple[Event, ...]:
    """Return what happened to a claim."""
    return seen.about("PersistentVolumeClaim", claim.name)


def claim_proof(claim: Claim) -> Evidence:
    """Return a claim's phase, and what it asks for, as a proof."""
    asked = f"{claim.requested} {','.join(claim.access_modes)}".strip()
    return Evidence(f"claim {claim.name} status.phase", f"{claim.phase or 'none'}, asks for {asked}")
