"""What a list or a watch is asked for: from which version, and how exactly.

Source: https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/internalversion/validation/validation.go.
"""

from collections.abc import Iterator

from bot.demo.cluster.asked import Asked
from bot.demo.cluster.status import Cause, bad_request, invalid, prohibited, unsupported

_MATCH = "resourceVersionMatch"
_INITIAL = "sendInitialEvents"
_NOT_OLDER = "NotOlderThan"


def check_list(asked: Asked) -> None:
    """Raise the server's refusal of a list's options."""
    version = asked.option("resourceVersion")
    _refuse([*_of_list(asked.option(_MATCH), version, asked)])
    if not (version or "0").isdecimal():
        raise bad_request(f"invalid resource version: {not_a_version(version)}")


def check_watch(asked: Asked) -> None:
    """Raise the server's refusal of a watch's options."""
    _refuse([*_of_watch(asked.option(_MATCH), asked)])


def sends_initial_events(asked: Asked) -> bool:
    """Return whether a watch begins with what is there already; anything but "false" and "0" is yes, as in reality."""
    return bool(asked.options(_INITIAL)) and asked.option(_INITIAL) not in ("false", "0")


def not_a_version(version: str) -> str:
    """Return the server's words for a version that is none."""
    return f'resourceVersion: Invalid value: "{version}": strconv.ParseUint: parsing "{version}": invalid syntax'


def _of_list(match: str, version: str, asked: Asked) -> Iterator[Cause]:
    if asked.options(_INITIAL):
        yield prohibited(_INITIAL, f"{_INITIAL} is forbidden for list")
    if not match:
        return
    if not version:
        yield prohibited(_MATCH, f"{_MATCH} is forbidden unless resourceVersion is provided")
    if asked.option("continue"):
        yield prohibited(_MATCH, f"{_MATCH} is forbidden when continue is provided")
    if match not in ("Exact", _NOT_OLDER):
        yield unsupported(_MATCH, match, ("Exact", _NOT_OLDER, ""))
    if match == "Exact" and version == "0":
        yield prohibited(_MATCH, f'{_MATCH} "exact" is forbidden for resourceVersion "0"')


def _of_watch(match: str, asked: Asked) -> Iterator[Cause]:
    if asked.options(_INITIAL) and match != _NOT_OLDER:
        yield prohibited(_MATCH, f"{_INITIAL} requires setting {_MATCH} to {_NOT_OLDER}")
    if match and not asked.options(_INITIAL):
        yield prohibited(_MATCH, f"{_MATCH} is forbidden for watch unless {_INITIAL} is provided")
    if match not in ("", _NOT_OLDER):
        yield unsupported(_MATCH, match, (_NOT_OLDER,))


def _refuse(causes: list[Cause]) -> None:
    if causes:
        raise invalid("ListOptions", "", causes, group="meta.k8s.io")
