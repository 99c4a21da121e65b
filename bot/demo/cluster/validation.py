"""What the API server refuses in an object that it could read.

Source: https://github.com/kubernetes/apimachinery/blob/master/pkg/api/validation/objectmeta.go.
"""

from collections.abc import Callable, Iterator

from bot.core.reading import mapping, objects, strings, text
from bot.core.resources import Json
from bot.demo.cluster import kinds, rules
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.objectspecs import object_causes
from bot.demo.cluster.podspecs import label_causes
from bot.demo.cluster.status import Cause, invalid, prohibited, required, too_long, wrong

_LABELLED = frozenset({kinds.NAMESPACES, kinds.SERVICES})
_FREE_NAMES = frozenset({kinds.ROLES, kinds.ROLE_BINDINGS, kinds.CLUSTER_ROLES, kinds.CLUSTER_ROLE_BINDINGS})
_FIXED = ("uid", "creationTimestamp", "namespace")
_MOST_ANNOTATIONS = 256 * 1024
_FINALIZERS = frozenset({"kubernetes", "orphan", "foregroundDeletion"})
_UNQUALIFIED = "name is neither a standard finalizer name nor is it fully qualified"
_MAY_CHANGE = ("activeDeadlineSeconds", "tolerations")
_NO_NEW_FINALIZERS = "no new finalizers can be added if the object is being deleted, found new finalizers []string"
_FORBIDDEN_CLAIM = (
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
)
_FORBIDDEN_CHANGE = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def validate(kind: Kind, item: Json) -> None:
    """Raise the server's 422 for a new object that breaks a rule."""
    causes = [*_metadata(kind, item["metadata"]), *object_causes(kind, item)]
    if causes:
        raise invalid(kind.name, text(item["metadata"].get("name")), causes, group=kind.group)


def validate_change(kind: Kind, before: Json, after: Json) -> None:
    """Raise the server's 422 for a change that breaks a rule."""
    moved = {
        key: after["metadata"].get(key) for key in _FIXED if after["metadata"].get(key) != before["metadata"].get(key)
    }
    causes = list(_metadata(kind, after["metadata"]))
    causes += [wrong(f"metadata.{key}", value, "field is immutable") for key, value in moved.items()]
    causes += [*_new_finalizers(before, after), *_changes(kind, before, after)]
    if causes:
        raise invalid(kind.name, before["metadata"]["name"], causes, group=kind.group)


def _changes(kind: Kind, before: Json, after: Json) -> Iterator[Cause]:
    if kind is kinds.PODS:
        yield from _pod_changes(mapping(before.get("spec")), mapping(after.get("spec")))
        return
    yield from object_causes(kind, after)
    if kind is kinds.CLAIMS and _fixed_claim(before) != _fixed_claim(after):
        yield prohibited("spec", _FORBIDDEN_CLAIM)
    if kind is kinds.REPLICA_SETS:
        old, new = (mapping(one.get("spec")).get("selector") for one in (before, after))
        if old != new:
            yield wrong("spec.selector", new, "field is immutable")
    if kind in (kinds.CONFIG_MAPS, kinds.SECRETS) and before.get("immutable"):
        if not after.get("immutable"):
            yield prohibited("immutable", "field is immutable when `immutable` is set")
        if before.get("data") != after.get("data"):
            yield prohibited("data", "field is immutable when `immutable` is set")


def _pod_changes(before: Json, after: Json) -> Iterator[Cause]:
    old, new = before.get("activeDeadlineSeconds"), after.get("activeDeadlineSeconds")
    if old is not None and (new is None or new > old):
        if new is None:
            yield wrong("spec.activeDeadlineSeconds", None, "must not update from a positive integer to nil value")
        else:
            yield wrong("spec.activeDeadlineSeconds", new, "must be less than or equal to previous value")
    elif _fixed_spec(before) != _fixed_spec(after) or not _adds_only(before, after):
        yield prohibited("spec", _FORBIDDEN_CHANGE)


def _adds_only(before: Json, after: Json) -> bool:
    left = after.get("tolerations") or []
    return all(one in left for one in before.get("tolerations") or [])


def _fixed_spec(whole: Json) -> Json:
    spec = {key: value for key, value in whole.items() if key not in _MAY_CHANGE}
    for key in ("containers", "initContainers"):
        spec[key] = [{**one, "image": ""} for one in objects(spec.get(key))]
    return spec


def _fixed_claim(claim: Json) -> Json:
    spec = mapping(claim.get("spec"))
    return {key: spec[key] for key in spec if key not in ("resources", "volumeAttributesClassName", "volumeName")}


def _new_finalizers(before: Json, after: Json) -> Iterator[Cause]:
    known, told = before["metadata"].get("finalizers") or [], after["metadata"].get("finalizers") or []
    new = [one for one in told if one not in known]
    if before["metadata"].get("deletionTimestamp") and new:
        shown = ", ".join(f'"{one}"' for one in new)
        yield prohibited("metadata.finalizers", f"{_NO_NEW_FINALIZERS}{{{shown}}}")


def _metadata(kind: Kind, metadata: Json) -> Iterator[Cause]:
    yield from _name(kind, metadata)
    yield from label_causes("metadata.labels", strings(metadata.get("labels")))
    annotations = strings(metadata.get("annotations"))
    for key in annotations:
        for why in rules.key_problems(key.lower()):
            yield wrong("metadata.annotations", key, why)
    if sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items()) > _MOST_ANNOTATIONS:
        yield too_long("metadata.annotations", _MOST_ANNOTATIONS)
    for index, one in enumerate(objects(metadata.get("ownerReferences"))):
        for key in ("apiVersion", "kind", "name", "uid"):
            if not one.get(key):
                yield required(f"metadata.ownerReferences[{index}].{key}", "must not be empty")
    yield from _finalizers(metadata.get("finalizers") or [])


def _finalizers(finalizers: list[str]) -> Iterator[Cause]:
    for one in finalizers:
        for why in rules.key_problems(one):
            yield wrong("metadata.finalizers", one, why)
    for index, one in enumerate(finalizers):
        if "/" not in one and one not in _FINALIZERS:
            yield wrong(f"metadata.finalizers[{index}]", one, _UNQUALIFIED)


def _name(kind: Kind, metadata: Json) -> Iterator[Cause]:
    name, start = text(metadata.get("name")), text(metadata.get("generateName"))
    problem = _problem(kind)
    if start and (why := problem(start.rstrip("-") + "a")):
        yield wrong("metadata.generateName", start, why)
    if not name:
        yield required("metadata.name", "name or generateName is required")
    elif why := problem(name):
        yield wrong("metadata.name", name, why)


def _problem(kind: Kind) -> Callable[[str], str]:
    """Return what tells the problem of a kind's names."""
    if kind in _FREE_NAMES:
        return _anything
    return rules.not_a_label if kind in _LABELLED else rules.not_a_name


def _anything(name: str) -> str:
    return "may not contain '/'" if "/" in name else "may not contain '%'" if "%" in name else ""
