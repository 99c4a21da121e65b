"""Every kind of source in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.lifetimes import Lifetime
from bot.core.redaction import MASK
from bot.core.resources import Json
from bot.core.volume_sources import KINDS, Volume
from tests.core.hostile import hostile

KEYS = (
    "name",
    "items",
    "sources",
    "secret",
    "serviceAccountToken",
    "clusterTrustBundle",
    "volumeClaimTemplate",
    "spec",
)

SECRET = {"name": "admin"}
TEMPLATE = {"accessModes": ["ReadWriteOnce"], "storageClassName": "fast", "resources": {"requests": {"storage": "1Gi"}}}
ITEMS = [{"key": "a", "path": "b", "mode": 256}, {"key": "c", "path": "d"}]
FIELDS = [
    {"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}},
    {"path": "cpu", "resourceFieldRef": {"containerName": "app", "resource": "limits.cpu"}},
]
SAID: dict[str, tuple[Json, str, str, tuple[str, ...]]] = {
    "emptyDir": (
        {"medium": "Memory", "sizeLimit": "64Mi"},
        "temporary directory",
        "",
        ("medium Memory", "sizeLimit 64Mi"),
    ),
    "hostPath": ({"path": "/var/log", "type": "Directory"}, "path of the node", "/var/log", ("type Directory",)),
    "configMap": (
        {"name": "conf", "items": ITEMS, "defaultMode": 420, "optional": True},
        "ConfigMap",
        "conf",
        ("a as b (mode 0400)", "c as d", "optional", "mode 0644"),
    ),
    "secret": ({"secretName": "tls", "defaultMode": 288}, "Secret", "tls", ("mode 0440",)),
    "downwardAPI": (
        {"items": FIELDS, "defaultMode": 420},
        "the pod's own fields",
        "",
        ("metadata.labels as labels", "limits.cpu of app as cpu", "mode 0644"),
    ),
    "projected": ({"sources": None, "defaultMode": 420}, "files from several sources", "", ("mode 0644",)),
    "persistentVolumeClaim": ({"claimName": "data", "readOnly": True}, "claim", "data", ("readOnly",)),
    "ephemeral": (
        {"volumeClaimTemplate": {"spec": TEMPLATE}},
        "claim made for the pod",
        "",
        ("asks for 1Gi", "ReadWriteOnce", "class fast"),
    ),
    "csi": (
        {
            "driver": "secrets.example.com",
            "readOnly": True,
            "fsType": "ext4",
            "volumeAttributes": {"provider": "vault"},
            "nodePublishSecretRef": SECRET,
        },
        "volume of a CSI driver",
        "secrets.example.com",
        ("readOnly", "fsType ext4", "volumeAttributes.provider vault", "nodePublishSecretRef admin"),
    ),
    "image": ({"reference": "model:1", "pullPolicy": "Always"}, "image", "model:1", ("pullPolicy Always",)),
    "gitRepo": ({"repository": "https://git", "revision": "v1"}, "Git repository", "https://git", ("revision v1",)),
    "flexVolume": (
        {"driver": "example.com/lvm", "fsType": "ext4", "options": {"group": "a"}, "secretRef": SECRET},
        "volume of a FlexVolume driver",
        "example.com/lvm",
        ("fsType ext4", "options.group a", "secretRef admin"),
    ),
    "nfs": ({"server": "10.0.0.1", "path": "/x"}, "NFS share", "/x", ("server 10.0.0.1",)),
    "iscsi": (
        {"targetPortal": "10.0.0.1:3260", "iqn": "iqn.2001", "lun": 0, "portals": ["a", "b"], "chapAuthSession": False},
        "iSCSI disk",
        "iqn.2001",
        ("targetPortal 10.0.0.1:3260", "lun 0", "portals a,b"),
    ),
    "fc": ({"targetWWNs": ["500a"], "lun": 2}, "Fibre Channel disk", "", ("targetWWNs 500a", "lun 2")),
    "cephfs": ({"monitors": ["m1", "m2"], "path": "/x"}, "CephFS share", "/x", ("monitors m1,m2",)),
    "rbd": ({"monitors": ["m1"], "image": "i", "pool": "p"}, "Ceph RBD image", "i", ("monitors m1", "pool p")),
    "glusterfs": ({"endpoints": "e", "path": "v"}, "GlusterFS share", "v", ("endpoints e",)),
    "quobyte": ({"registry": "r", "volume": "v"}, "Quobyte share", "v", ("registry r",)),
    "cinder": ({"volumeID": "v", "fsType": "xfs"}, "Cinder disk", "v", ("fsType xfs",)),
    "gcePersistentDisk": ({"pdName": "d", "partition": 1}, "Google Compute Engine disk", "d", ("partition 1",)),
    "awsElasticBlockStore": ({"volumeID": "v", "readOnly": True}, "AWS EBS disk", "v", ("readOnly",)),
    "azureDisk": (
        {"diskName": "d", "diskURI": "u", "kind": "Managed"},
        "Azure disk",
        "d",
        ("diskURI u", "kind Managed"),
    ),
    "azureFile": ({"secretName": "s", "shareName": "x"}, "Azure file share", "x", ("secretName s",)),
    "vsphereVolume": ({"volumePath": "[ds] v.vmdk"}, "vSphere disk", "[ds] v.vmdk", ()),
    "photonPersistentDisk": ({"pdID": "d"}, "Photon disk", "d", ()),
    "portworxVolume": ({"volumeID": "v"}, "Portworx volume", "v", ()),
    "scaleIO": (
        {"volumeName": "v", "system": "s", "sslEnabled": True},
        "ScaleIO volume",
        "v",
        ("system s", "sslEnabled"),
    ),
    "storageos": ({"volumeName": "v", "volumeNamespace": "n"}, "StorageOS volume", "v", ("volumeNamespace n",)),
    "flocker": ({"datasetName": "d", "datasetUUID": "u"}, "Flocker dataset", "d", ("datasetUUID u",)),
}


def test_all_thirty_kinds_are_known() -> None:
    """Each kind that the API has is in words here, and tried below."""
    assert len(KINDS) == 30
    assert KINDS.keys() == SAID.keys()


@pytest.mark.parametrize("kind", SAID)
def test_a_kind_in_words(kind: str) -> None:
    """A kind is told by what it is, what it comes from, and its details."""
    source, words, named, details = SAID[kind]
    volume = Volume.of({"name": "v", kind: source})
    assert volume == Volume("v", kind, named, details)
    assert volume.words == words


def test_an_empty_source_is_its_kind() -> None:
    """A source without fields is no unknown one."""
    assert Volume.of({"name": "v", "emptyDir": {}}) == Volume("v", "emptyDir")
    assert Volume.of({"name": "v", "novel": None, "emptyDir": {}}) == Volume("v", "emptyDir")


def test_a_kind_that_is_unknown() -> None:
    """A kind of a later Kubernetes is told by its key and its fields, and nothing is promised of it."""
    volume = Volume.of({"name": "v", "novel": {"size": 3, "deep": {"flag": True, "off": False, "none": None}}})
    assert volume == Volume("v", "novel", "", ("size 3", "deep.flag"))
    assert (volume.words, volume.lifetime) == ("novel", Lifetime.UNKNOWN)
    assert (Volume.of({}).words, Volume.of({}).lifetime) == ("unknown", Lifetime.UNKNOWN)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"configMap": {"name": "c", "items": ITEMS}}, "ConfigMap c: a as b (mode 0400), c as d"),
        ({"secret": {"name": "s", "optional": True}}, "Secret s: optional"),
        ({"downwardAPI": {"items": FIELDS}}, "pod fields: metadata.labels as labels, limits.cpu of app as cpu"),
        (
            {"serviceAccountToken": {"path": "token", "audience": "vault", "expirationSeconds": 600}},
            "service account token at token for vault, renewed before 600s are over",
        ),
        ({"serviceAccountToken": {"path": "t"}}, "service account token at t for the API server"),
        ({"clusterTrustBundle": {"name": "roots", "path": "ca"}}, "trust bundle roots at ca"),
        (
            {
                "clusterTrustBundle": {
                    "signerName": "example.com/s",
                    "labelSelector": {"matchLabels": {"v": "1"}},
                    "path": "ca",
                    "optional": True,
                }
            },
            "trust bundle of signer example.com/s (v=1) at ca, optional",
        ),
        (
            {"clusterTrustBundle": {"signerName": "s/s", "path": "ca"}},
            "trust bundle of signer s/s (none of them) at ca",
        ),
        (
            {"clusterTrustBundle": {"signerName": "s/s", "labelSelector": {}, "path": "ca"}},
            "trust bundle of signer s/s (all of them) at ca",
        ),
        (
            {
                "podCertificate": {
                    "signerName": "example.com/s",
                    "keyType": "ED25519",
                    "maxExpirationSeconds": 86400,
                    "keyPath": "k.pem",
                    "certificateChainPath": "c.pem",
                }
            },
            "pod certificate of signer example.com/s (ED25519) at k.pem, c.pem, for at most 86400s",
        ),
        ({"novel": {"x": 1}}, "novel"),
    ],
)
def test_what_is_projected(source: Json, said: str) -> None:
    """Each source of a projected volume is told with its paths, its audience or its signer."""
    assert Volume.of({"name": "v", "projected": {"sources": [source, None]}}).details == (said,)


def test_the_claim_behind_a_volume() -> None:
    """A claim is named by the volume; an ephemeral one after the pod and the volume; other kinds have none."""
    assert Volume("v", "persistentVolumeClaim", "data").claim("web") == "data"
    assert Volume("v", "ephemeral").claim("web") == "web-v"
    assert Volume("v", "configMap", "data").claim("web") == ""


def test_a_secret_that_its_name_gives_away() -> None:
    """A detail is masked where its name says that it is a secret, for it is told without what the masking looks for."""
    attributes = {"password": "hunter2", "api-key": "abc123", "secretName": "db", "share": "//nas/x"}
    volume = Volume.of({"name": "v", "csi": {"driver": "smb.csi.k8s.io", "volumeAttributes": attributes}})
    masked = (f"volumeAttributes.password {MASK}", f"volumeAttributes.api-key {MASK}")
    assert volume.details == (*masked, "volumeAttributes.secretName db", "volumeAttributes.share //nas/x")


@given(st.sampled_from([*KINDS, "novel"]), hostile(KEYS))
def test_any_json_is_read(kind: str, source: Json) -> None:
    """A source of nulls, other types and unknown fields is read without an error."""
    volume = Volume.of({"name": "v", kind: source})
    assert all(isinstance(one, str) for one in volume.details)
