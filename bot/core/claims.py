"""Views of claims and of who uses them.

Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/persistent-volume-claim-v1/.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.core.ages import moment
from bot.core.persistent_volumes import storage
from bot.core.pods import Condition, controller
from bot.core.reading import mapping, objects, strings, text, texts
from bot.core.requirements import label_selector
from bot.core.resources import Json

_BETA_CLASS = "volume.beta.kubernetes.io/storage-class"


@dataclass(frozen=True, slots=True)
class Claim:
    """A PersistentVolumeClaim; `class_name` is None where it names no class, empty where it wants none.

    `allocated` is the size that an expansion has reserved, and `resizing` how far that expansion has come.
    """

    name: str
    uid: str = ""
    owner: str = ""
    deleted: datetime | None = None
    phase: str = ""
    class_name: str | None = None
    volume: str = ""
    requested: str = ""
    granted: str = ""
    access_modes: tuple[str, ...] = ()
    volume_mode: str = ""
    selector: str = ""
    data_source: str = ""
    attributes_class: str = ""
    current_attributes_class: str = ""
    target_attributes_class: str = ""
    modifying: str = ""
    allocated: str = ""
    resizing: str = ""
    conditions: tuple[Condition, ...] = ()

    @classmethod
    def of(cls, raw: Json) -> "Claim":
        """Read a claim's raw JSON."""
        meta, spec, status = (mapping(raw.get(part)) for part in ("metadata", "spec", "status"))
        return cls(
            name=text(meta.get("name")),
            uid=text(meta.get("uid")),
            owner=_owner(raw),
            deleted=moment(meta.get("deletionTimestamp")),
            phase=text(status.get("phase")),
            class_name=_class_name(meta, spec),
            volume=text(spec.get("volumeName")),
            requested=storage(mapping(spec.get("resources")).get("requests")),
            granted=storage(status.get("capacity")),
            access_modes=texts(status.get("accessModes")) or texts(spec.get("accessModes")),
            volume_mode=text(spec.get("volumeMode")),
            selector=label_selector(spec.get("selector")),
            data_source=_data_source(spec),
            attributes_class=text(spec.get("volumeAttributesClassName")),
            current_attributes_class=text(status.get("currentVolumeAttributesClassName")),
            target_attributes_class=text(
                mapping(status.get("modifyVolumeStatus")).get("targetVolumeAttributesClassName")
            ),
            modifying=text(mapping(status.get("modifyVolumeStatus")).get("status")),
            allocated=storage(status.get("allocatedResources")),
            resizing=storage(status.get("allocatedResourceStatuses")),
            conditions=tuple(Condition.of(item) for item in objects(status.get("conditions"))),
        )

    @property
    def bound(self) -> bool:
        """Whether it has its volume."""
        return self.phase == "Bound"


@dataclass(frozen=True, slots=True)
class User:
    """Another pod that names a claim, and its node, empty for none yet."""

    pod: str
    node: str = ""


def _owner(raw: Json) -> str:
    owner = controller(raw)
    return owner.uid if owner else ""


def _class_name(meta: Json, spec: Json) -> str | None:
    named = strings(meta.get("annotations")).get(_BETA_CLASS, spec.get("storageClassName"))
    return named if isinstance(named, str) else None


def _data_source(spec: Json) -> str:
    """Return what a new volume is filled with, as "VolumeSnapshot nightly"."""
    source = mapping(spec.get("dataSourceRef")) or mapping(spec.get("dataSource"))
    name, namespace = text(source.get("name")), text(source.get("namespace"))
    return f"{text(source.get('kind'))} {f'{namespace}/' if namespace else ''}{name}" if source else ""
