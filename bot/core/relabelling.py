"""Setting and removing labels: what is typed, what it makes of a pod's labels, and the patch that does it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.errors import UsageError
from bot.core.labels import label_value, own_key
from bot.core.names import PodName, pod_name
from bot.core.resources import Json


@dataclass(frozen=True, slots=True)
class LabelChange:
    """A label to set, or to remove where `value` is None."""

    key: str
    value: str | None

    def __str__(self) -> str:
        return f"{self.key}-" if self.value is None else f"{self.key}={self.value}"


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one label; None is its absence."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Relabelling:
    """What changes make of one pod's labels.

    `steps` change something, `idle` would not, and `taken` are labels that have another value which may not be
    overwritten: one of these, and nothing is done to the pod.
    """

    steps: tuple[Step, ...] = ()
    idle: tuple[LabelChange, ...] = ()
    taken: tuple[Step, ...] = ()


def pod_or_change(text: str) -> PodName | LabelChange:
    """Read "web-1", "app=web" or "app-", or raise `UsageError`; no pod's name has a "=" or ends in "-"."""
    key, equals, value = text.partition("=")
    if equals:
        return LabelChange(own_key(key), label_value(value))
    if text.endswith("-"):
        return LabelChange(own_key(text[:-1]), None)
    return pod_name(text)


def check_once(changes: Iterable[LabelChange]) -> None:
    """Raise `UsageError` where a label is changed twice."""
    seen: dict[str, LabelChange] = {}
    for change in changes:
        if first := seen.get(change.key):
            both = (first.value is None) is not (change.value is None)
            what = "can't be both set and removed" if both else "is there twice"
            raise UsageError(f"label “{change.key}” {what}", hint="give each label once")
        seen[change.key] = change


def relabelled(labels: Mapping[str, str], changes: Iterable[LabelChange], *, overwrite: bool) -> Relabelling:
    """Return what `changes` make of these labels; as with kubectl, a label may be removed whatever its value is.

    Source: https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/label/label.go.
    """
    asked = list(changes)
    steps = tuple(Step(one.key, labels.get(one.key), one.value) for one in asked)
    real = tuple(step for step in steps if step.before != step.after)
    taken = () if overwrite else tuple(one for one in real if one.before is not None and one.after is not None)
    idle = tuple(change for change, step in zip(asked, steps, strict=True) if step.before == step.after)
    return Relabelling(real, idle, taken)


def after(labels: Mapping[str, str], steps: Iterable[Step]) -> dict[str, str]:
    """Return the labels as the steps leave them."""
    made = {**labels, **{step.key: step.after for step in steps}}
    return {key: value for key, value in made.items() if value is not None}


def inverse(steps: Iterable[Step]) -> tuple[LabelChange, ...]:
    """Return the changes that bring back what was before."""
    return tuple(LabelChange(step.key, step.before) for step in steps)


def pin(uid: str, labels: Mapping[str, str], changes: Iterable[LabelChange]) -> str:
    """Return what must be the same of a pod: itself, and its values of the labels that are touched.

    These as a digest: a button's value can be read, and a label's value may look like a secret.
    """
    keys = sorted(change.key for change in changes)
    touched = " ".join(str(LabelChange(key, labels.get(key))) for key in keys)
    return f"{uid} {hashlib.sha256(touched.encode()).hexdigest()[:12]}"


def patch(uid: str, labels: Mapping[str, str], steps: Iterable[Step]) -> list[Json]:
    """Return the JSON Patch (RFC 6902) that does the steps, if the pod and these labels are what they were.

    Against the RFC, the API server takes a `test` for null as one for absence, which tests/contract holds it to. It
    keeps no empty map of labels, so the first label brings the map with it.
    """
    same: Json = {"op": "test", "path": "/metadata/uid", "value": uid}
    todo = list(steps)
    if not labels:
        path = "/metadata/labels"
        first = {"op": "add", "path": path, "value": after({}, todo)}
        return [same, {"op": "test", "path": path, "value": None}, first]
    tests: list[Json] = [{"op": "test", "path": _path(step.key), "value": step.before} for step in todo]
    return [same, *tests, *map(_operation, todo)]


def _operation(step: Step) -> Json:
    if step.after is None:
        return {"op": "remove", "path": _path(step.key)}
    return {"op": "add", "path": _path(step.key), "value": step.after}


def _path(key: str) -> str:
    return "/metadata/labels/" + key.replace("~", "~0").replace("/", "~1")
