"""What is wrong with volumes."""

from datetime import UTC, datetime

import pytest

from bot.core.claims import Claim
from bot.core.diagnosis import Finding
from bot.core.events import Event
from bot.core.persistent_volumes import Attachment, PersistentVolume, StorageClass
from bot.core.pods import Condition, Pod
from bot.core.troubles import Trouble, trouble, troubles
from bot.core.volume_sources import Volume
from bot.core.volumes import Found, Joined, Unread
from tests.core.samples import pending, raw_pod

DATA = Volume("v", "persistentVolumeClaim", "data")
OWN = Volume("v", "ephemeral")
POD = Pod("web", uid="p1")
FIT = "Name a class, or make a volume that fits"
NO_CLASS = "claim data is Pending: it names no class, and no volume fits it"
WAITS = "claim data is Pending: it waits until a pod that uses it has a node, as its class says"
THERE = "Name a class that there is"
SLOW = "claim data is Pending: its provisioner has not made the volume yet"
MISSING = 'storageclass.storage.k8s.io "fast" not found'


def told(reason: str, message: str = "m", type_: str = "Normal") -> Event:
    """Return an event of a claim."""
    return Event(type_, reason, message)


def waiting(*events: Event, class_name: str | None = "fast", behind: StorageClass | Unread = Unread.REFUSED) -> Joined:
    """Return a Pending claim."""
    claim = Claim("data", phase="Pending", class_name=class_name)
    return Joined("data", claim, storage_class=behind, events=events)


def bound(**more: object) -> Claim:
    """Return a bound claim."""
    return Claim("data", phase="Bound", volume="pv-1", **more)  # type: ignore[arg-type]  # fields of a claim


@pytest.mark.parametrize(
    ("joined", "finding"),
    [
        (Joined("data", Unread.ABSENT), Finding("claim data does not exist", hint="Make the claim first")),
        (Joined("data", Unread.REFUSED), None),
        (Joined("data", bound()), None),
        (
            Joined("data", Claim("data", phase="Lost", volume="pv-1")),
            Finding("claim data has lost its volume pv-1, and the data with it"),
        ),
        (waiting(told("FailedBinding")), Finding(NO_CLASS, "m", FIT)),
        (waiting(told("WaitForFirstConsumer")), Finding(WAITS, "m")),
        (waiting(told("WaitForPodScheduled")), Finding("claim data is Pending: its pod has no node yet", "m")),
        (waiting(told("ExternalProvisioning")), Finding(SLOW, "m")),
        (waiting(told("Provisioning"), told("Odd")), Finding(SLOW, "m")),
        (
            waiting(told("FailedBinding"), told("ProvisioningFailed", MISSING, "Warning")),
            Finding("claim data is Pending: its class fast does not exist", MISSING, THERE),
        ),
        (
            waiting(told("ProvisioningFailed", "no quota", "Warning")),
            Finding("claim data is Pending: no volume could be provisioned", "no quota"),
        ),
        (
            Joined("data", Claim("data", phase="Pending", volume="pv-1"), events=(told("FailedBinding", "taken"),)),
            Finding("claim data is Pending: the volume pv-1 that it names can't be bound to it", "taken"),
        ),
        (waiting(told("Odd", "very", "Warning")), Finding("claim data is Pending: Odd", "very")),
        (waiting(class_name=None), Finding(NO_CLASS, hint=FIT)),
        (waiting(class_name=""), Finding(NO_CLASS, hint=FIT)),
        (
            waiting(behind=Unread.ABSENT),
            Finding("claim data is Pending: its class fast does not exist", hint=THERE),
        ),
        (waiting(behind=StorageClass("fast", binding="WaitForFirstConsumer")), Finding(WAITS)),
        (
            waiting(behind=StorageClass("fast", binding="Immediate")),
            Finding("claim data is Pending, and no event says why"),
        ),
        (
            Joined("data", Claim("data", class_name="fast")),
            Finding("claim data is not bound, and no event says why"),
        ),
        (
            Joined("data", bound(deleted=datetime(2026, 1, 1, tzinfo=UTC))),
            Finding("claim data is being deleted, and goes when no pod uses it any more"),
        ),
        (
            Joined("data", bound(), Unread.ABSENT),
            Finding("volume pv-1 of claim data does not exist any more"),
        ),
        (
            Joined("data", bound(), PersistentVolume("pv-1", phase="Failed", reason="Odd", message="very")),
            Finding("volume pv-1 of claim data has failed", "Odd: very"),
        ),
        (
            Joined("data", bound(), attachment=Attachment("n", attach_error="no room")),
            Finding("the volume of claim data cannot be attached to n", "no room"),
        ),
        (
            Joined("data", bound(), attachment=Attachment("n", attached=True, detach_error="busy")),
            Finding("the volume of claim data cannot be detached from n", "busy"),
        ),
        (Joined("data", bound(), attachment=Attachment("n", attached=True, attach_error="once")), None),
        (
            Joined(
                "data",
                bound(
                    requested="9Gi",
                    resizing="ControllerResizeInfeasible",
                    conditions=(Condition("ControllerResizeError", "True", "TooBig", "over quota"),),
                ),
            ),
            Finding("claim data cannot grow to 9Gi (ControllerResizeInfeasible)", "TooBig: over quota", "Ask for less"),
        ),
        (
            Joined("data", bound(modifying="Infeasible", target_attributes_class="gold")),
            Finding(
                "claim data cannot take the class gold (modification Infeasible)",
                hint="Name another VolumeAttributesClass",
            ),
        ),
        (
            Joined("data", bound(conditions=(Condition("NodeResizeError", "True", "", "odd"),))),
            Finding("claim data cannot be changed as asked (NodeResizeError)", "odd"),
        ),
        (Joined("data", bound(resizing="NodeResizePending")), None),
    ],
)
def test_what_is_wrong_with_a_claim(joined: Joined, finding: Finding | None) -> None:
    """A claim's trouble is told with its reason, and with the server's own words where it said any."""
    assert trouble(DATA, joined, POD) == finding


def test_an_ephemeral_claim() -> None:
    """An ephemeral volume's claim must be the pod's own; one that is missing is not made yet."""
    assert trouble(OWN, Joined("web-v", Claim("web-v", phase="Bound", owner="p1")), POD) is None
    assert trouble(OWN, Joined("web-v", Claim("web-v", phase="Bound", owner="p2")), POD) == Finding(
        "claim web-v was not made for this pod, so the pod can't use it", hint="Delete or rename one of the two"
    )
    missing = Finding("claim web-v is not made yet", hint="Its pod's events say why")
    assert trouble(OWN, Joined("web-v", Unread.ABSENT), POD) == missing


def test_a_mount_that_fails() -> None:
    """The newest failed mount of a pod that does not run is told with its volume, and of one that runs no more."""
    said = 'MountVolume.SetUp failed for volume "conf" : configmap "web" not found'
    events = (told("FailedMount", "older", "Warning"), told("FailedMount", said, "Warning"), told("Pulled"))
    spec = {"volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "conf", "configMap": {"name": "web"}}]}
    finding = Finding("a volume cannot be mounted", said, "Make or mend what it names")
    assert troubles(Found(Pod.of(pending(spec=spec)), events=events)) == (Trouble("conf", finding),)
    assert troubles(Found(Pod.of(raw_pod(spec=spec)), events=events)) == ()
    assert troubles(Found(Pod.of(pending(spec=spec)), events=events[:1])) == (
        Trouble("", Finding("a volume cannot be mounted", "older", "Make or mend what it names")),
    )


def test_troubles_come_in_the_order_of_the_volumes() -> None:
    """Each volume's trouble is its own, and volumes without any are left out."""
    volumes = [{"name": one, "persistentVolumeClaim": {"claimName": one}} for one in ("b", "fine", "a")]
    claims = {"a": Joined("a", Unread.ABSENT), "b": Joined("b", Unread.ABSENT), "fine": Joined("fine", bound())}
    found = Found(Pod.of(raw_pod(spec={"volumes": volumes})), claims)
    assert [one.volume for one in troubles(found)] == ["b", "a"]
