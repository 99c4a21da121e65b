"""Views of what claims are bound to: volumes, the classes that they are made by, and their attachment to a node.

Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.ages import moment
from bot.core.reading import mapping, strings, text, texts
from bot.core.requirements import node_affinity
from bot.core.resources import Json
from bot.core.volume_sources import fields, kind_of, source_name, words

ON_FIRST_USE: Final = "WaitForFirstConsumer"
_DEFAULT = "storageclass.kubernetes.io/is-default-class"
# Fields of a PersistentVolume's spec that are objects and no source.
_NO_SOURCES = frozenset({"capacity", "claimRef", "nodeAffinity"})
# What a node affinity names a single node by.
_NODE_NAMES = ("kubernetes.io/hostname", "metadata.name")
# Fields of its source that the view has by themselves.
_TOLD = frozenset({"path", "driver", "volumeHandle"})


@dataclass(frozen=True, slots=True)
class PersistentVolume:
    """A PersistentVolume; `kind` is its source as the spec's key, `since` when its phase became this one."""

    name: str
    kind: str = ""
    source: str = ""
    details: tuple[str, ...] = ()
    driver: str = ""
    handle: str = ""
    phase: str = ""
    reason: str = ""
    message: str = ""
    since: datetime | None = None
    capacity: str = ""
    reclaim_policy: str = ""
    mount_options: tuple[str, ...] = ()
    affinity: str = ""
    attributes_class: str = ""

    @classmethod
    def of(cls, raw: Json) -> "PersistentVolume":
        """Read a volume's raw JSON."""
        meta, spec, status = (mapping(raw.get(part)) for part in ("metadata", "spec", "status"))
        kind = kind_of(spec, _NO_SOURCES)
        source = mapping(spec.get(kind))
        return cls(
            name=text(meta.get("name")),
            kind=kind,
            source="" if kind == "csi" else source_name(kind, source) or text(source.get("path")),
            details=tuple(fields({key: value for key, value in source.items() if key not in _TOLD})),
            driver=text(source.get("driver")) if kind == "csi" else "",
            handle=text(source.get("volumeHandle")),
            phase=text(status.get("phase")),
            reason=text(status.get("reason")),
            message=text(status.get("message")),
            since=moment(status.get("lastPhaseTransitionTime")),
            capacity=storage(spec.get("capacity")),
            reclaim_policy=text(spec.get("persistentVolumeReclaimPolicy")),
            mount_options=texts(spec.get("mountOptions")),
            affinity=node_affinity(spec.get("nodeAffinity")),
            attributes_class=text(spec.get("volumeAttributesClassName")),
        )

    @property
    def words(self) -> str:
        """What it is made of."""
        return "disk of a node" if self.kind == "local" else words(self.kind)

    @property
    def on_one_node(self) -> bool:
        """Whether it lies on a node, and goes with it: by its kind, or since one node alone reaches it."""
        named = any(f"{key}=" in self.affinity for key in _NODE_NAMES)
        return self.kind in {"hostPath", "local"} or (named and " or " not in self.affinity)

    def attachment(self, node: str) -> str:
        """Return the name of its VolumeAttachment to a node, empty where nothing attaches it.

        Source: getAttachmentName in
        https://github.com/kubernetes/kubernetes/blob/master/pkg/volume/csi/csi_attacher.go.
        """
        if self.kind != "csi" or not node:
            return ""
        return f"csi-{hashlib.sha256(f'{self.handle}{self.driver}{node}'.encode(errors='replace')).hexdigest()}"


@dataclass(frozen=True, slots=True)
class StorageClass:
    """A StorageClass: who provisions, when, and whether what it made may grow."""

    name: str
    provisioner: str = ""
    binding: str = ""
    expands: bool = False
    default: bool = False

    @classmethod
    def of(cls, raw: Json) -> "StorageClass":
        """Read a class' raw JSON."""
        meta = mapping(raw.get("metadata"))
        return cls(
            name=text(meta.get("name")),
            provisioner=text(raw.get("provisioner")),
            binding=text(raw.get("volumeBindingMode")),
            expands=raw.get("allowVolumeExpansion") is True,
            default=strings(meta.get("annotations")).get(_DEFAULT) == "true",
        )


@dataclass(frozen=True, slots=True)
class Attachment:
    """A VolumeAttachment: whether a volume is attached to a node, and what went wrong on the way there or back."""

    node: str = ""
    attached: bool = False
    attach_error: str = ""
    detach_error: str = ""

    @classmethod
    def of(cls, raw: Json) -> "Attachment":
        """Read an attachment's raw JSON."""
        status = mapping(raw.get("status"))
        return cls(
            node=text(mapping(raw.get("spec")).get("nodeName")),
            attached=status.get("attached") is True,
            attach_error=text(mapping(status.get("attachError")).get("message")),
            detach_error=text(mapping(status.get("detachError")).get("message")),
        )


def storage(amounts: object) -> str:
    """Return what is said of the resource `storage`, such as its size."""
    said = mapping(amounts).get("storage")
    return str(said) if isinstance(said, int) and not isinstance(said, bool) else text(said)
