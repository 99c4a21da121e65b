"""Reading raw JSON that may hold null, another type, or nothing where the API's reference promises a value.

A null list and a null time have been seen from a real API server, and a view must not fail on them.
"""

from typing import Any

from bot.core.resources import Json


def mapping(value: Any) -> Json:
    """Return `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> tuple[Json, ...]:
    """Return the objects in `value` if it is a list, else none."""
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def text(value: Any) -> str:
    """Return `value` if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def texts(value: Any) -> tuple[str, ...]:
    """Return the strings in `value` if it is a list, else none."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def uid_of(raw: Json) -> str:
    """Return an object's UID, which tells it from its namesakes; empty where it has none."""
    return text(mapping(raw.get("metadata")).get("uid"))


def number(value: Any) -> int:
    """Return `value` if it is an integer, else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def strings(value: Any) -> dict[str, str]:
    """Return the string members of `value` if it is an object, such as labels, else none."""
    return {key: item for key, item in mapping(value).items() if isinstance(item, str)}
