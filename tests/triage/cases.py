"""The manifests of this folder as cases: what is applied, and which rule must come first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from bot.core.reading import mapping, strings
from bot.core.resources import Json

_FOLDER: Final = Path(__file__).parent
_PREFIX: Final = "podbot.io/"
# Where a manifest's kinds are made; what has no namespace is taken away by name in the end.
_COLLECTIONS: Final[Mapping[str, str]] = {
    "Pod": "/api/v1/namespaces/{namespace}/pods",
    "ConfigMap": "/api/v1/namespaces/{namespace}/configmaps",
    "Service": "/api/v1/namespaces/{namespace}/services",
    "ResourceQuota": "/api/v1/namespaces/{namespace}/resourcequotas",
    "LimitRange": "/api/v1/namespaces/{namespace}/limitranges",
    "PersistentVolumeClaim": "/api/v1/namespaces/{namespace}/persistentvolumeclaims",
    "ReplicaSet": "/apis/apps/v1/namespaces/{namespace}/replicasets",
    "Deployment": "/apis/apps/v1/namespaces/{namespace}/deployments",
    "Job": "/apis/batch/v1/namespaces/{namespace}/jobs",
    "Node": "/api/v1/nodes",
    "StorageClass": "/apis/storage.k8s.io/v1/storageclasses",
    "RuntimeClass": "/apis/node.k8s.io/v1/runtimeclasses",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One manifest; `expected` is the rule that must come first, empty where no cause may be named.

    `alone` has a namespace of its own, since its quota or level would reach the others: "true", or a security level.
    """

    name: str
    expected: str
    objects: tuple[Json, ...]
    alone: str = ""
    after: str = ""
    deleted: bool = False

    @property
    def main(self) -> Json:
        """The object that the case is about."""
        return self.objects[0]

    @property
    def has_pods(self) -> bool:
        """Whether a pod is to be made of it, which a quota, a level or a missing account does not let happen."""
        return not self.alone


def cases() -> tuple[Case, ...]:
    """Return every case, those that others wait for first."""
    found = [_case(path) for path in sorted(_FOLDER.glob("*/*.yaml"))]
    return tuple(sorted(found, key=lambda one: bool(one.after)))


def collection(body: Json, namespace: str) -> str:
    """Return the path of the collection that an object is made in."""
    return _COLLECTIONS[body["kind"]].format(namespace=namespace)


def is_of_the_cluster(body: Json) -> bool:
    """Whether an object has no namespace."""
    return "{namespace}" not in _COLLECTIONS[body["kind"]]


def _case(path: Path) -> Case:
    objects: Sequence[Json] = list(yaml.safe_load_all(path.read_text()))
    notes = strings(mapping(objects[0]["metadata"]).get("annotations"))
    told = {key.removeprefix(_PREFIX): value for key, value in notes.items() if key.startswith(_PREFIX)}
    return Case(
        path.stem,
        told["expected"],
        tuple(objects),
        told.get("alone", ""),
        told.get("after", ""),
        deleted=told.get("delete") == "true",
    )
