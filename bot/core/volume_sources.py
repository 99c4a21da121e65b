"""What a volume is made of: its kind, the object it comes from, and every detail of its source, in words.

Source: https://kubernetes.io/docs/reference/kubernetes-api/core/pod-v1/#volumes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.core.lifetimes import Lifetime
from bot.core.projections import fields_of_the_pod, items, mode, projected
from bot.core.reading import mapping, number, text, texts
from bot.core.redaction import redact_within
from bot.core.resources import Json


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: what it is in words, how long it lives, and the field that names what it comes from."""

    words: str
    lifetime: Lifetime = Lifetime.OUTSIDE
    named: str = ""


KINDS: Final[Mapping[str, Kind]] = {
    "emptyDir": Kind("temporary directory", Lifetime.TEMPORARY),
    "hostPath": Kind("path of the node", Lifetime.NODE, "path"),
    "configMap": Kind("ConfigMap", Lifetime.COPY, "name"),
    "secret": Kind("Secret", Lifetime.COPY, "secretName"),
    "downwardAPI": Kind("the pod's own fields", Lifetime.COPY),
    "projected": Kind("files from several sources", Lifetime.COPY),
    "persistentVolumeClaim": Kind("claim", Lifetime.CLAIM, "claimName"),
    "ephemeral": Kind("claim made for the pod", Lifetime.OWN_CLAIM),
    "csi": Kind("volume of a CSI driver", Lifetime.DRIVER, "driver"),
    "image": Kind("image", Lifetime.IMAGE, "reference"),
    "gitRepo": Kind("Git repository", Lifetime.CLONE, "repository"),
    "flexVolume": Kind("volume of a FlexVolume driver", Lifetime.FLEXIBLE, "driver"),
    "nfs": Kind("NFS share", named="path"),
    "iscsi": Kind("iSCSI disk", named="iqn"),
    "fc": Kind("Fibre Channel disk"),
    "cephfs": Kind("CephFS share", named="path"),
    "rbd": Kind("Ceph RBD image", named="image"),
    "glusterfs": Kind("GlusterFS share", named="path"),
    "quobyte": Kind("Quobyte share", named="volume"),
    "cinder": Kind("Cinder disk", named="volumeID"),
    "gcePersistentDisk": Kind("Google Compute Engine disk", named="pdName"),
    "awsElasticBlockStore": Kind("AWS EBS disk", named="volumeID"),
    "azureDisk": Kind("Azure disk", named="diskName"),
    "azureFile": Kind("Azure file share", named="shareName"),
    "vsphereVolume": Kind("vSphere disk", named="volumePath"),
    "photonPersistentDisk": Kind("Photon disk", named="pdID"),
    "portworxVolume": Kind("Portworx volume", named="volumeID"),
    "scaleIO": Kind("ScaleIO volume", named="volumeName"),
    "storageos": Kind("StorageOS volume", named="volumeName"),
    "flocker": Kind("Flocker dataset", named="datasetName"),
}


@dataclass(frozen=True, slots=True)
class Volume:
    """A pod's volume: its kind as the spec's key ("emptyDir"), the object it comes from, and its details in words."""

    name: str
    kind: str
    source: str = ""
    details: tuple[str, ...] = ()

    @classmethod
    def of(cls, raw: Json) -> "Volume":
        """Read one item of a pod's `spec.volumes`."""
        kind = kind_of(raw, {"name"})
        source = mapping(raw.get(kind))
        return cls(text(raw.get("name")), kind, source_name(kind, source), tuple(details(kind, source)))

    @property
    def words(self) -> str:
        """What it is: "temporary directory"; a kind unknown here by its key."""
        return words(self.kind)

    @property
    def lifetime(self) -> Lifetime:
        """How long what is in it lives."""
        return KINDS[self.kind].lifetime if self.kind in KINDS else Lifetime.UNKNOWN

    def claim(self, pod: str) -> str:
        """Return the claim behind it, empty for none; an ephemeral volume's is named after the pod and the volume.

        Source: https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#persistentvolumeclaim-naming.
        """
        if self.kind == "ephemeral":
            return f"{pod}-{self.name}"
        return self.source if self.kind == "persistentVolumeClaim" else ""


def words(kind: str) -> str:
    """Return a kind of source in words."""
    known = KINDS.get(kind)
    return known.words if known else kind or "unknown"


def kind_of(raw: Json, others: frozenset[str] | set[str]) -> str:
    """Return the key that holds the source, `others` being those that hold none; empty where there is no source."""
    objects = [key for key in raw if key not in others and isinstance(raw[key], dict)]
    return next((key for key in objects if key in KINDS), objects[0] if objects else "")


def source_name(kind: str, source: Json) -> str:
    """Return what the source comes from: a claim, a path, a disk; empty where nothing is named."""
    named = KINDS[kind].named if kind in KINDS else ""
    return text(source.get(named))


def details(kind: str, source: Json) -> Iterator[str]:
    """Yield the details of a source; where nothing is said of a kind here, its fields by the API's own names."""
    match kind:
        case "configMap" | "secret":
            yield from items(source)
            yield from mode(source)
        case "downwardAPI":
            yield from fields_of_the_pod(source)
            yield from mode(source)
        case "projected":
            yield from projected(source)
            yield from mode(source)
        case "ephemeral":
            yield from _template(source)
        case _:
            named = KINDS[kind].named if kind in KINDS else ""
            yield from fields({key: value for key, value in source.items() if key != named})


def fields(source: Json) -> Iterator[str]:
    """Yield a source's fields, each as "name value", or as its name where it is true."""
    for name, value in source.items():
        yield from _field(name, value)


def _field(name: str, value: Any) -> Iterator[str]:
    if value is True:
        yield name
    elif isinstance(value, str | int | float) and value is not False and value != "":
        yield f"{name} {redact_within({name: value}, str(value))}"
    elif isinstance(value, dict):
        if named := value.keys() == {"name"} and text(value["name"]):  # a reference
            yield f"{name} {named}"
            return
        for key, inner in value.items():
            yield from _field(f"{name}.{key}", inner)
    elif said := texts(value):
        yield f"{name} {','.join(said)}"


def _template(source: Json) -> Iterator[str]:
    """Yield what the template asks of the claim that is made from it."""
    spec = mapping(mapping(source.get("volumeClaimTemplate")).get("spec"))
    size = mapping(mapping(spec.get("resources")).get("requests")).get("storage")
    if isinstance(size, str) or number(size):
        yield f"asks for {size}"
    yield from texts(spec.get("accessModes"))
    if name := text(spec.get("storageClassName")):
        yield f"class {name}"
