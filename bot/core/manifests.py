"""A Pod that somebody wrote out, as far as podbot takes it: this kind alone, here, and bound to nothing else."""

from dataclasses import dataclass, field
from typing import Final, NoReturn

from bot.core.errors import UsageError
from bot.core.labels import is_reserved_label
from bot.core.names import PodName, pod_name
from bot.core.reading import mapping, text
from bot.core.resources import Json

_OURS: Final = "podbot.io/"
# What the server writes: it stands in what `yaml` or kubectl shows, and says nothing about a new pod.
_SERVERS: Final = (
    "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
    "managedFields", "selfLink",
)  # fmt: skip
_DANGEROUS: Final = {
    "ownerReferences": "would put the pod under the control of something else",
    "finalizers": "would keep the pod from being deleted",
    "generateName": "leaves the name to the server, and podbot says before what it will make",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A Pod as it was written, but for what only the server writes (`left_out`, as paths)."""

    name: PodName
    pod: Json = field(repr=False)
    left_out: tuple[str, ...] = ()


def written_pod(tree: Json, namespace: str | None) -> Written:
    """Return what is to be created in `namespace`, or raise `UsageError`; the server judges the rest.

    None takes a Pod for any namespace: a form is checked before it is known who sends it.
    """
    _check_kind(tree)
    metadata = _mapping(tree, "metadata")
    _check_metadata(metadata, namespace)
    for key in ("labels", "annotations"):
        check_keys(key, _mapping(metadata, key, f"metadata.{key}"))
    _mapping(tree, "spec")
    if not tree.get("spec"):
        _refuse("the YAML has no spec", "say at least which image runs: spec.containers")
    left_out = tuple(key for key in _SERVERS if key in metadata)
    kept = {key: value for key, value in metadata.items() if key not in left_out}
    pod = {key: value for key, value in tree.items() if key != "status"}
    status = ("status",) if "status" in tree else ()
    paths = (*status, *(f"metadata.{key}" for key in left_out))
    return Written(_name(metadata), {**pod, "metadata": kept}, paths)


def check_keys(kind: str, pairs: Json) -> Json:
    """Return `pairs`, a pod's labels or annotations, or raise `UsageError` for a key that is not anybody's to give."""
    for key in pairs:
        if (kind == "labels" and is_reserved_label(key)) or key.startswith(_OURS):
            one = kind.removesuffix("s")
            _refuse(f"the pod's {one} “{key[:80]}” is reserved", "leave it out, or use a key of your own")
    return pairs


def _check_kind(tree: Json) -> None:
    kind, version = tree.get("kind"), tree.get("apiVersion")
    if kind == "List" or (isinstance(kind, str) and kind.endswith("List")):
        _refuse("the YAML is a List", "give one Pod itself, and ask again for the next")
    if kind != "Pod":
        _refuse(f"the YAML's kind is {_shown(kind)}", "podbot creates Pods only: kind: Pod")
    if version != "v1":
        _refuse(f"the YAML's apiVersion is {_shown(version)}", "a Pod's is v1: apiVersion: v1")


def _check_metadata(metadata: Json, namespace: str | None) -> None:
    for key, why in _DANGEROUS.items():
        if metadata.get(key) not in (None, [], ""):
            _refuse(f"metadata.{key} {why}", "leave it out, and give metadata.name")
    home = metadata.get("namespace")
    if namespace is not None and home not in (None, "", namespace):
        _refuse(
            f"the YAML is for namespace {_shown(home)}, and this is {namespace}",
            "leave metadata.namespace out, or name the same one with -n",
        )


def _name(metadata: Json) -> PodName:
    name = metadata.get("name")
    if name in (None, ""):
        _refuse("the YAML has no metadata.name", "give the pod a name there")
    if not isinstance(name, str):
        _refuse("metadata.name is not text", "put it into quotes")
    return pod_name(name)


def _mapping(holder: Json, key: str, path: str = "") -> Json:
    value = holder.get(key)
    if value is not None and not isinstance(value, dict):
        _refuse(f"{path or key} is not a mapping", "indent its keys under it, as key: value")
    return mapping(value)


def _shown(value: object) -> str:
    word = text(value)
    return f"“{word[:40]}”" if word.isprintable() and word else "missing or no word"


def _refuse(message: str, hint: str) -> NoReturn:
    raise UsageError(message, hint=hint, verb="create")
