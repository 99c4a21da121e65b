"""A small language for the shapes that Slack accepts, which words its refusals as Slack does."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]
"""Takes a value and the JSON pointer to it, and yields what is wrong with it."""


def _wrong(words: str, pointer: str) -> str:
    return f"{words} [json-pointer:{pointer}]"


def text(most: int, least: int = 1) -> Check:
    """Accept a string of `least` to `most` characters."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield _wrong("must provide a string", pointer)
        elif len(value) > most:
            yield _wrong(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            yield _wrong(f"must be more than {least - 1} characters", pointer)

    return check


def boolean(value: Any, pointer: str) -> Iterator[str]:
    """Accept true and false."""
    if not isinstance(value, bool):
        yield _wrong("must be a boolean", pointer)


def whole(least: int, most: int) -> Check:
    """Accept a whole number from `least` to `most`."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield _wrong("must be an integer", pointer)
        elif not least <= value <= most:
            yield _wrong(f"must be between {least} and {most}", pointer)

    return check


def number(value: Any, pointer: str) -> Iterator[str]:
    """Accept any number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield _wrong("must be a number", pointer)


def choice(*words: str) -> Check:
    """Accept one of `words`."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in words:
            yield _wrong("must be a valid enum value", pointer)

    return check


def items(each: Check, most: int, least: int = 1) -> Check:
    """Accept an array of `least` to `most` items that `each` accepts."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield _wrong("must provide an array", pointer)
            return
        if len(value) > most:
            yield _wrong(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield _wrong(f"no fewer than {least} items allowed", pointer)
        for index, item in enumerate(value):
            yield from each(item, f"{pointer}/{index}")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Accept an object with these fields and no others; its `type` is checked by `typed`."""
    known = {**required, **(optional or {})}
    named = {*known, "type"}

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _wrong("must provide an object", pointer)
            return
        for name in [name for name in required if name not in value]:
            yield _wrong(f"missing required field: {name}", pointer)
        for name in [name for name in value if name not in named]:
            yield _wrong(f"invalid additional property: {name}", pointer)
        for name, field in known.items():
            if name in value:
                yield from field(value[name], f"{pointer}/{name}")

    return check


def typed(kinds: Mapping[str, Check]) -> Check:
    """Accept an object whose `type` is one of `kinds`, and which that kind accepts."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind in kinds:
            yield from kinds[kind](value, pointer)
        else:
            yield _wrong(f"unsupported type: {kind}", pointer)

    return check


def either(first: str, second: str, then: Check) -> Check:
    """Accept an object that has at least one of two fields, and which `then` accepts."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if isinstance(value, dict) and not value.keys() & {first, second}:
            yield _wrong(f"must define either `{first}` or `{second}`", pointer)
        yield from then(value, pointer)

    return check
