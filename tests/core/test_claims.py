"""Views of claims."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from bot.core.claims import Claim
from bot.core.pods import Condition
from bot.core.resources import Json
from tests.core.hostile import hostile
from tests.core.samples import CREATED

START = datetime(2026, 1, 2, 3, 0, 5, tzinfo=UTC)
CLAIM: Json = {
    "metadata": {
        "name": "data",
        "uid": "u1",
        "deletionTimestamp": CREATED,
        "ownerReferences": [{"kind": "Pod", "name": "web", "uid": "p1", "controller": True}],
    },
    "spec": {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "2Gi"}},
        "storageClassName": "fast",
        "volumeName": "pv-1",
        "volumeMode": "Block",
        "selector": {"matchLabels": {"disk": "big"}},
        "dataSource": {"kind": "VolumeSnapshot", "name": "old"},
        "dataSourceRef": {"kind": "VolumeSnapshot", "name": "nightly", "namespace": "backups"},
        "volumeAttributesClassName": "gold",
    },
    "status": {
        "phase": "Bound",
        "accessModes": ["ReadWriteMany"],
        "capacity": {"storage": "1Gi"},
        "allocatedResources": {"storage": "2Gi"},
        "allocatedResourceStatuses": {"storage": "NodeResizePending"},
        "currentVolumeAttributesClassName": "silver",
        "modifyVolumeStatus": {"status": "InProgress", "targetVolumeAttributesClassName": "gold"},
        "conditions": [{"type": "Resizing", "status": "True"}],
    },
}
KEYS = (
    *("metadata", "spec", "status", "name", "storage", "annotations", "capacity", "resources", "requests", "phase"),
    *("conditions", "selector", "matchLabels", "matchExpressions", "csi", "hostPath", "nodeAffinity", "required"),
    *("nodeSelectorTerms", "ownerReferences", "dataSourceRef", "attachError", "message", "volumeHandle", "driver"),
)


def test_a_whole_claim() -> None:
    """Every field of a claim comes from where the API reference puts it, the granted access modes before the asked."""
    assert Claim.of(CLAIM) == Claim(
        name="data",
        uid="u1",
        owner="p1",
        deleted=START,
        phase="Bound",
        class_name="fast",
        volume="pv-1",
        requested="2Gi",
        granted="1Gi",
        access_modes=("ReadWriteMany",),
        volume_mode="Block",
        selector="disk=big",
        data_source="VolumeSnapshot backups/nightly",
        attributes_class="gold",
        current_attributes_class="silver",
        target_attributes_class="gold",
        modifying="InProgress",
        allocated="2Gi",
        resizing="NodeResizePending",
        conditions=(Condition("Resizing", "True"),),
    )


@pytest.mark.parametrize(
    ("meta", "spec", "name"),
    [
        ({}, {}, None),
        ({}, {"storageClassName": None}, None),
        ({}, {"storageClassName": ""}, ""),
        ({"annotations": {"volume.beta.kubernetes.io/storage-class": "old"}}, {"storageClassName": "new"}, "old"),
    ],
)
def test_a_claims_class(meta: Json, spec: Json, name: str | None) -> None:
    """No class, the wish for none, and the class of the older annotation are told apart."""
    assert Claim.of({"metadata": meta, "spec": spec}).class_name == name


def test_a_pending_claim_has_its_modes() -> None:
    """The access modes that a claim asks for are known while it is Pending."""
    claim = Claim.of({"spec": {"accessModes": ["ReadWriteOnce"]}, "status": {"phase": "Pending", "accessModes": None}})
    assert (claim.access_modes, claim.bound, claim.granted) == (("ReadWriteOnce",), False, "")


@given(hostile(KEYS))
def test_any_json_is_read(raw: Json) -> None:
    """Nulls, other types and unknown fields make no claim fail."""
    assert isinstance(Claim.of(raw).name, str)
