"""Views of volumes, classes and attachments."""

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given

from bot.core.persistent_volumes import Attachment, PersistentVolume, StorageClass, storage
from bot.core.resources import Json
from tests.core.hostile import hostile
from tests.core.samples import CREATED

START = datetime(2026, 1, 2, 3, 0, 5, tzinfo=UTC)
KEYS = (
    *("metadata", "spec", "status", "name", "storage", "annotations", "capacity", "resources", "requests", "phase"),
    *("conditions", "selector", "matchLabels", "matchExpressions", "csi", "hostPath", "nodeAffinity", "required"),
    *("nodeSelectorTerms", "ownerReferences", "dataSourceRef", "attachError", "message", "volumeHandle", "driver"),
)


def test_a_whole_volume() -> None:
    """A volume's source is told by its kind and fields, and its node affinity in words."""
    zone = {"key": "zone", "operator": "In", "values": ["a"]}
    raw = {
        "metadata": {"name": "pv-1"},
        "spec": {
            "capacity": {"storage": "1Gi"},
            "claimRef": {"name": "data"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [zone]}]}},
            "csi": {"driver": "disk.example.com", "volumeHandle": "vol-1", "fsType": "ext4"},
            "persistentVolumeReclaimPolicy": "Retain",
            "mountOptions": ["noatime"],
            "volumeAttributesClassName": "gold",
        },
        "status": {"phase": "Failed", "reason": "Odd", "message": "very", "lastPhaseTransitionTime": CREATED},
    }
    assert PersistentVolume.of(raw) == PersistentVolume(
        name="pv-1",
        kind="csi",
        details=("fsType ext4",),
        driver="disk.example.com",
        handle="vol-1",
        phase="Failed",
        reason="Odd",
        message="very",
        since=START,
        capacity="1Gi",
        reclaim_policy="Retain",
        mount_options=("noatime",),
        affinity="zone=a",
        attributes_class="gold",
    )


def reached_from(key: str, *values: str) -> Json:
    """Return a node affinity that requires a label."""
    term = {"matchExpressions": [{"key": key, "operator": "In", "values": list(values)}]}
    return {"nodeAffinity": {"required": {"nodeSelectorTerms": [term]}}}


@pytest.mark.parametrize(
    ("spec", "words", "source", "on_one_node"),
    [
        ({"local": {"path": "/mnt"}, "claimRef": {}}, "disk of a node", "/mnt", True),
        ({"hostPath": {"path": "/x", "type": ""}}, "path of the node", "/x", True),
        ({"nfs": {"server": "s", "path": "/x"}}, "NFS share", "/x", False),
        ({"csi": {}, **reached_from("kubernetes.io/hostname", "a")}, "volume of a CSI driver", "", True),
        ({"csi": {}, **reached_from("kubernetes.io/hostname", "a", "b")}, "volume of a CSI driver", "", False),
        ({"csi": {}, **reached_from("zone", "a")}, "volume of a CSI driver", "", False),
        ({"novel": {}}, "novel", "", False),
        ({}, "unknown", "", False),
    ],
)
def test_what_a_volume_is_made_of(spec: Json, words: str, source: str, *, on_one_node: bool) -> None:
    """A volume says what it is, and whether it lies on a node itself."""
    volume = PersistentVolume.of({"spec": spec})
    assert (volume.words, volume.source, volume.on_one_node) == (words, source, on_one_node)


def test_the_name_of_an_attachment() -> None:
    """Only a CSI volume is attached by an object, which is named after its handle, its driver and the node."""
    volume = PersistentVolume("pv-1", "csi", driver="disk.example.com", handle="vol-1")
    name = hashlib.sha256(b"vol-1disk.example.comnode-a").hexdigest()
    assert volume.attachment("node-a") == f"csi-{name}"
    assert volume.attachment("") == ""
    assert PersistentVolume("pv-1", "nfs").attachment("node-a") == ""


def test_a_class() -> None:
    """A class says who provisions, when, and whether volumes may grow."""
    meta = {"name": "fast", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}
    raw = {"metadata": meta, "provisioner": "p", "volumeBindingMode": "Immediate", "allowVolumeExpansion": True}
    assert StorageClass.of(raw) == StorageClass("fast", "p", "Immediate", expands=True, default=True)
    assert StorageClass.of({"metadata": {"name": "x"}}) == StorageClass("x")


def test_an_attachment() -> None:
    """An attachment says where, whether, and what went wrong."""
    status = {"attached": False, "attachError": {"message": "no room"}, "detachError": {"message": "busy"}}
    assert Attachment.of({"spec": {"nodeName": "n"}, "status": status}) == Attachment(
        "n", attached=False, attach_error="no room", detach_error="busy"
    )
    assert Attachment.of({"spec": {"nodeName": "n"}, "status": {"attached": True}}) == Attachment("n", attached=True)


@pytest.mark.parametrize(
    ("amounts", "size"), [({"storage": 5}, "5"), ({"storage": True}, ""), ({"storage": "1Gi"}, "1Gi"), (None, "")]
)
def test_a_size(amounts: object, size: str) -> None:
    """A size may be a number as well as a word."""
    assert storage(amounts) == size


@given(hostile(KEYS))
def test_any_json_is_read(raw: Json) -> None:
    """Nulls, other types and unknown fields make no view fail."""
    for view in (PersistentVolume.of, StorageClass.of, Attachment.of):
        assert view(raw) is not None
