"""Why a pod can't be given to the node, in the scheduler's words; why it waits there, in the kubelet's."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.demo.cluster import kinds
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.rules import amount
from bot.demo.cluster.store import Store

NODE: Final = "local"
RESOURCES: Final = ("cpu", "memory")
ENDED: Final = frozenset({"Succeeded", "Failed"})
ON_FIRST_USE: Final = "WaitForFirstConsumer"
_NONE = "0/1 nodes are available: "
_NO_PREEMPTION = " preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
_SOURCES = {"configMap": (kinds.CONFIG_MAPS, "name"), "secret": (kinds.SECRETS, "secretName")}
_WORDS = {kinds.CONFIG_MAPS: "configmap", kinds.SECRETS: "secret"}


def unschedulable(store: Store, taken: Mapping[str, Decimal], pod: Json) -> str:
    """Return why no node takes the pod, empty if one does; `taken` is what the node's pods ask for already."""
    spec = pod["spec"]
    node = store.get(kinds.NODES, "", NODE)
    labels = mapping(node["metadata"].get("labels"))
    if any(labels.get(key) != value for key, value in mapping(spec.get("nodeSelector")).items()):
        return f"{_NONE}1 node(s) didn't match Pod's node affinity/selector.{_NO_PREEMPTION}"
    if why := _claims(store, pod):
        return f"{_NONE}{why}"
    short = [name for name in RESOURCES if taken[name] + requested(pod, name) > _capacity(node, name)]
    if not short:
        return ""
    return f"{_NONE}{', '.join(f'1 Insufficient {name}' for name in short)}.{_NO_PREEMPTION}"


def requested(pod: Json, name: str, *, key: str = "requests") -> Decimal:
    """Return what a pod asks for of a resource: its containers together, or its largest init container."""
    parts = [_amounts(pod["spec"].get(part), name, key) for part in ("containers", "initContainers")]
    return max(sum(parts[0], Decimal(0)), *parts[1], Decimal(0))


def missing_volume(store: Store, pod: Json) -> tuple[str, str]:
    """Return a mounted volume whose Secret or ConfigMap is not there, and what; two empty texts if all are."""
    containers = (*objects(pod["spec"].get("initContainers")), *objects(pod["spec"]["containers"]))
    mounted = {mount.get("name") for one in containers for mount in objects(one.get("volumeMounts"))}
    for volume in objects(pod["spec"].get("volumes")):
        for source, (kind, key) in _SOURCES.items():
            wanted = mapping(volume.get(source))
            if wanted and volume["name"] in mounted and (what := _missing(store, pod, kind, wanted, key)):
                return volume["name"], what
    return "", ""


def claims_of(pod: Json) -> list[str]:
    """Return the claims behind a pod's volumes."""
    volumes = objects(pod["spec"].get("volumes"))
    named = (text(mapping(one.get("persistentVolumeClaim")).get("claimName")) for one in volumes)
    return [*filter(None, named), *ephemeral_claims(pod)]


def ephemeral_claims(pod: Json) -> dict[str, Json]:
    """Return the claims that are made for a pod's ephemeral volumes, each with its template."""
    volumes = (one for one in objects(pod["spec"].get("volumes")) if one.get("ephemeral"))
    return {
        f"{pod['metadata']['name']}-{one['name']}": mapping(one["ephemeral"]["volumeClaimTemplate"]) for one in volumes
    }


def has_volumes(store: Store, pod: Json) -> bool:
    """Whether every claim of a pod is bound."""
    found = (store.find(kinds.CLAIMS, pod["metadata"]["namespace"], name) for name in claims_of(pod))
    return all(claim is not None and _is_bound(claim) for claim in found)


def missing_environment(store: Store, pod: Json, container: Json) -> str:
    """Return what a container's environment refers to and is not there, empty if all is."""
    references = [
        *(
            mapping(one.get("valueFrom")).get(f"{key}KeyRef")
            for one in objects(container.get("env"))
            for key in _SOURCES
        ),
    ]
    kinds_of = [*(kind for _ in objects(container.get("env")) for kind, _ in _SOURCES.values())]
    for one in objects(container.get("envFrom")):
        references += [one.get("configMapRef"), one.get("secretRef")]
        kinds_of += [kinds.CONFIG_MAPS, kinds.SECRETS]
    found = (
        _missing(store, pod, kind, mapping(one), "name") for kind, one in zip(kinds_of, references, strict=True) if one
    )
    return next(filter(None, found), "")


def _missing(store: Store, pod: Json, kind: Kind, wanted: Json, key: str) -> str:
    name = text(wanted.get(key))
    there = wanted.get("optional") or store.find(kind, pod["metadata"]["namespace"], name)
    return "" if there else f'{_WORDS[kind]} "{name}" not found'


def _claims(store: Store, pod: Json) -> str:
    for name in claims_of(pod):
        claim = store.find(kinds.CLAIMS, pod["metadata"]["namespace"], name)
        if claim is None:
            return f'persistentvolumeclaim "{name}" not found. not found'
        if not _is_bound(claim) and not _waits(store, claim):
            return "pod has unbound immediate PersistentVolumeClaims. not found"
    return ""


def _is_bound(claim: Json) -> bool:
    return mapping(claim.get("status")).get("phase") == "Bound"


def _waits(store: Store, claim: Json) -> bool:
    """Whether a claim binds only when a pod uses it."""
    storage_class = store.find(kinds.STORAGE_CLASSES, "", text(claim["spec"].get("storageClassName")))
    return mapping(storage_class).get("volumeBindingMode") == ON_FIRST_USE


def _capacity(node: Json, name: str) -> Decimal:
    return amount(node["status"]["allocatable"][name])


def _amounts(containers: object, name: str, key: str) -> list[Decimal]:
    every = (mapping(mapping(one.get("resources")).get(key)).get(name) for one in objects(containers))
    return [amount(one) for one in every if one is not None]
