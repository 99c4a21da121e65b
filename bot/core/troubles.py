"""What is wrong with a pod's volumes: a claim without a volume, a volume that can't be attached, mounted or changed."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.core.claims import Claim
from bot.core.diagnosis import Finding
from bot.core.events import Event
from bot.core.persistent_volumes import ON_FIRST_USE, Attachment, PersistentVolume, StorageClass
from bot.core.pods import Pod
from bot.core.volume_sources import Volume
from bot.core.volumes import Found, Joined, Unread

_CLASS_MISSING = re.compile(r'storageclass\.storage\.k8s\.io "([^"]{1,253})" not found')
_UNMOUNTED = frozenset({"FailedMount", "FailedAttachVolume", "FailedMapVolume"})
_FIT = "Name a class, or make a volume that fits"
_SLOW = "its provisioner has not made the volume yet"
_REFUSED = frozenset({"FailedBinding", "VolumeMismatch"})
_NO_CLASS = "it names no class, and no volume fits it"
_WAITS = "it waits until a pod that uses it has a node, as its class says"
_FAILED_CONDITIONS = frozenset({"ControllerResizeError", "NodeResizeError", "ModifyVolumeError"})
# Events of a claim that say why it waits, and what mends it:
# https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/volume/events/event.go
_SAID: Mapping[str, tuple[str, str]] = {
    "FailedBinding": (_NO_CLASS, _FIT),
    "ProvisioningFailed": ("no volume could be provisioned", ""),
    "WaitForFirstConsumer": (_WAITS, ""),
    "WaitForPodScheduled": ("its pod has no node yet", ""),
    "ExternalProvisioning": (_SLOW, ""),
    "Provisioning": (_SLOW, ""),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one volume; with which is unknown where `volume` is empty."""

    volume: str
    finding: Finding


def troubles(found: Found) -> tuple[Trouble, ...]:
    """Return what is wrong, in the order of the volumes, and last what the pod's own events say."""
    said = [
        Trouble(volume.name, finding)
        for volume in found.pod.volumes
        if (joined := found.behind(volume)) and (finding := trouble(volume, joined, found.pod))
    ]
    return (*said, *_unmounted(found))


def trouble(volume: Volume, joined: Joined, pod: Pod) -> Finding | None:
    """Return what is wrong with a volume that is a claim's, the surest first; None where nothing is."""
    if joined.claim is Unread.ABSENT:
        if volume.kind == "ephemeral":
            return Finding(f"claim {joined.name} is not made yet", hint="Its pod's events say why")
        return Finding(f"claim {joined.name} does not exist", hint="Make the claim first")
    if not isinstance(joined.claim, Claim):
        return None
    if volume.kind == "ephemeral" and joined.claim.owner != pod.uid:
        what = f"claim {joined.name} was not made for this pod, so the pod can't use it"
        return Finding(what, hint="Delete or rename one of the two")
    return next(filter(None, (rule(joined, joined.claim) for rule in _RULES)), None)


def _unmounted(found: Found) -> Iterator[Trouble]:
    """Yield the newest event of a mount that failed, while the pod does not run."""
    pod = found.pod
    if pod.ended or pod.is_true("Ready"):
        return
    event = next((one for one in reversed(found.events) if one.warning and one.reason in _UNMOUNTED), None)
    if event is not None:
        names = (volume.name for volume in pod.volumes if f'volume "{volume.name}"' in event.message)
        yield Trouble(
            next(names, ""), Finding("a volume cannot be mounted", event.message, "Make or mend what it names")
        )


def _unbound(joined: Joined, claim: Claim) -> Finding | None:
    """Say why a claim has no volume: as its newest event has it, else as its class does."""
    if claim.phase == "Lost":
        return Finding(f"claim {claim.name} has lost its volume {claim.volume}, and the data with it")
    if claim.bound:
        return None
    told = (_told(claim, event) for event in reversed(joined.events))
    return next(filter(None, told), None) or _untold(joined, claim)


def _told(claim: Claim, event: Event) -> Finding | None:
    what = f"claim {claim.name} is {claim.phase or 'not bound'}: "
    if missing := _CLASS_MISSING.search(event.message):
        return Finding(f"{what}its class {missing[1]} does not exist", event.message, "Name a class that there is")
    if claim.volume and event.reason in _REFUSED:
        return Finding(f"{what}the volume {claim.volume} that it names can't be bound to it", event.message)
    if event.reason in _SAID:
        why, hint = _SAID[event.reason]
        return Finding(f"{what}{why}", event.message, hint)
    return Finding(f"{what}{event.reason}", event.message) if event.warning else None


def _untold(joined: Joined, claim: Claim) -> Finding:
    what = f"claim {claim.name} is {claim.phase or 'not bound'}"
    if not claim.class_name:
        return Finding(f"{what}: {_NO_CLASS}", hint=_FIT)
    if joined.storage_class is Unread.ABSENT:
        return Finding(f"{what}: its class {claim.class_name} does not exist", hint="Name a class that there is")
    if isinstance(joined.storage_class, StorageClass) and joined.storage_class.binding == ON_FIRST_USE:
        return Finding(f"{what}: {_WAITS}")
    return Finding(f"{what}, and no event says why")


def _deleted(_: Joined, claim: Claim) -> Finding | None:
    if claim.deleted is None:
        return None
    return Finding(f"claim {claim.name} is being deleted, and goes when no pod uses it any more")


def _volume(joined: Joined, claim: Claim) -> Finding | None:
    if joined.volume is Unread.ABSENT:
        return Finding(f"volume {claim.volume} of claim {claim.name} does not exist any more")
    if isinstance(joined.volume, PersistentVolume) and joined.volume.phase == "Failed":
        volume = joined.volume
        said = ": ".join(filter(None, (volume.reason, volume.message)))
        return Finding(f"volume {volume.name} of claim {claim.name} has failed", said)
    return None


def _attachment(joined: Joined, claim: Claim) -> Finding | None:
    found = joined.attachment
    if not isinstance(found, Attachment):
        return None
    if found.attach_error and not found.attached:
        return Finding(f"the volume of claim {claim.name} cannot be attached to {found.node}", found.attach_error)
    if found.detach_error:
        return Finding(f"the volume of claim {claim.name} cannot be detached from {found.node}", found.detach_error)
    return None


def _changing(_: Joined, claim: Claim) -> Finding | None:
    """Say that a claim was asked to become what its volume can't."""
    failed = next((one for one in claim.conditions if one.type in _FAILED_CONDITIONS and one.status == "True"), None)
    said = ": ".join(filter(None, (failed.reason, failed.message))) if failed else ""
    if claim.resizing.endswith("Infeasible"):
        return Finding(f"claim {claim.name} cannot grow to {claim.requested} ({claim.resizing})", said, "Ask for less")
    if claim.modifying == "Infeasible":
        what = f"claim {claim.name} cannot take the class {claim.target_attributes_class} (modification Infeasible)"
        return Finding(what, said, "Name another VolumeAttributesClass")
    return Finding(f"claim {claim.name} cannot be changed as asked ({failed.type})", said) if failed else None


_RULES: tuple[Callable[[Joined, Claim], Finding | None], ...] = (_unbound, _deleted, _volume, _attachment, _changing)
