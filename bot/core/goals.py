"""What `wait` waits for: kubectl's words for it, and whether a pod is there yet or never will be.

Source: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_wait/.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.core.errors import UsageError
from bot.core.pods import Pod
from bot.core.reading import mapping, objects, text
from bot.core.redaction import redact_within
from bot.core.resources import Json

_HINT: Final = (
    "type `ready`, `running`, `completed`, `deleted` or `created`, or as with kubectl `condition=Ready`, "
    "`condition=Ready=false` or `jsonpath='{.status.phase}'=Running`"
)
_PATH_HINT: Final = (
    "names joined by dots and a value are understood, such as `jsonpath='{.status.phase}'=Running`; "
    "filters, ranges and a path without a value are not"
)
_CONDITION = re.compile(r"([A-Za-z][A-Za-z0-9./-]{0,315})(?:=([A-Za-z]{1,10}))?", re.ASCII)
# A name, in which \. is a dot, then perhaps an index; kubectl takes {.a.b}, .a.b and a.b for the same.
_NAME = r"(?:[A-Za-z0-9_/-]|\\\.){1,317}"
_STEP = re.compile(rf"\.?({_NAME})|\[(\d{{1,4}})\]", re.ASCII)
_PATH = re.compile(rf"\.?{_NAME}(?:\[\d{{1,4}}\])*(?:\.{_NAME}(?:\[\d{{1,4}}\])*){{0,20}}", re.ASCII)

Step = str | int


@dataclass(frozen=True, slots=True)
class Deleted:
    """It is gone."""

    words: str = "deleted"


@dataclass(frozen=True, slots=True)
class Created:
    """It is there."""

    words: str = "created"


@dataclass(frozen=True, slots=True)
class ConditionIs:
    """One of its conditions has a status; upper and lower case are the same, as for kubectl."""

    type: str
    status: str
    words: str


@dataclass(frozen=True, slots=True)
class FieldIs:
    """One of its fields has a value."""

    path: tuple[Step, ...]
    value: str
    words: str


Goal = Deleted | Created | ConditionIs | FieldIs

READY: Final = ConditionIs("Ready", "True", "ready")
RUNNING: Final = FieldIs(("status", "phase"), "Running", "running")
COMPLETED: Final = FieldIs(("status", "phase"), "Succeeded", "completed")
_SHORT: Final[Mapping[str, Goal]] = {
    "ready": READY,
    "running": RUNNING,
    "completed": COMPLETED,
    "succeeded": COMPLETED,
    "deleted": Deleted(),
    "delete": Deleted(),
    "created": Created(),
    "create": Created(),
}


def goal(typed: str) -> Goal:
    """Read the value of `--for`, or raise `UsageError`."""
    if short := _SHORT.get(typed.lower()):
        return short
    kind, equals, rest = typed.partition("=")
    if equals and kind.lower() == "condition":
        return _condition(rest)
    if equals and kind.lower() == "jsonpath":
        return _field(rest)
    raise UsageError(f"“{typed[:80]}” is nothing to wait for", hint=_HINT)


def option(wanted: Goal) -> str:
    """Return what to type after `--for=` to ask for the same again."""
    if _SHORT.get(wanted.words) == wanted:
        return wanted.words
    return f"{'condition' if isinstance(wanted, ConditionIs) else 'jsonpath'}={wanted.words}"


def holds(wanted: Goal, raw: Json) -> bool:
    """Whether a pod that is there has come so far."""
    match wanted:
        case Deleted():
            return False
        case Created():
            return True
        case ConditionIs():
            return _status(wanted, raw).lower() == wanted.status.lower()
        case FieldIs():
            return written(_found(wanted.path, raw)) == wanted.value


def hopeless(wanted: Goal, pod: Pod) -> str:
    """Return why a pod will never come so far, as the end of a sentence about it; empty where it may."""
    if _is(wanted, READY) or _is(wanted, RUNNING):
        if pod.ended:
            return f"has ended ({pod.phase}) and will not run again"
        return "is being deleted" if pod.deletion_timestamp else ""
    if _is(wanted, COMPLETED):
        if pod.phase == "Failed":
            return "has failed and will not run again"
        if pod.restart_policy == "Always" and not pod.deletion_timestamp:
            return "is started again whenever it ends (restartPolicy Always), so that it never completes"
    return ""


def present(wanted: Goal, raw: Json) -> str:
    """Return in words how far a pod has come that is not there yet; empty where that says nothing."""
    match wanted:
        case ConditionIs():
            status = _status(wanted, raw)
            return f"condition {wanted.type} is {status}" if status else f"it has no condition {wanted.type} yet"
        case FieldIs():
            name = ".".join(map(str, wanted.path))
            found = _found(wanted.path, raw)
            told = redact_within(_found(wanted.path[:-1], raw), written(found))
            return f"{name} is {'not there' if found is None else told or 'an object or a list'}"
    return ""


def written(value: Any) -> str:
    """Return a field's value as kubectl compares it; empty for an object, a list and null."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def _is(wanted: Goal, other: Goal) -> bool:
    """Whether two say the same, in whatever words."""
    match wanted, other:
        case (ConditionIs(), ConditionIs()):
            return (wanted.type.lower(), wanted.status.lower()) == (other.type.lower(), other.status.lower())
        case (FieldIs(), FieldIs()):
            return (wanted.path, wanted.value) == (other.path, other.value)
    return False


def _condition(typed: str) -> Goal:
    found = _CONDITION.fullmatch(typed)
    if found is None:
        raise UsageError(f"“{typed[:80]}” is not a condition", hint=_HINT)
    type_, status = found[1], found[2] or "True"
    return ConditionIs(type_, status, f"{type_}={status}")


def _field(typed: str) -> Goal:
    braced, closed, after = typed.partition("}=") if typed.startswith("{") else typed.partition("=")
    path = braced.removeprefix("{")
    if not closed or not after or not _PATH.fullmatch(path):
        raise UsageError(f"“{typed[:80]}” is not a path with a value", hint=_PATH_HINT)
    steps = tuple(int(step[2]) if step[2] else step[1].replace("\\.", ".") for step in _STEP.finditer(path))
    return FieldIs(steps, after, f"{path.removeprefix('.')}={after}")


def _status(wanted: ConditionIs, raw: Json) -> str:
    conditions = objects(mapping(raw.get("status")).get("conditions"))
    named = (one for one in conditions if text(one.get("type")).lower() == wanted.type.lower())
    return next((text(one.get("status")) for one in named), "")


def _found(path: tuple[Step, ...], raw: Any) -> Any:
    for step in path:
        if isinstance(step, int):
            raw = raw[step] if isinstance(raw, list) and step < len(raw) else None
        else:
            raw = mapping(raw).get(step)
    return raw
