"""Objects against their schema: unknown fields, and values of another type.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#setting-the-field-validation-level.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.core.resources import Json
from bot.demo.cluster.rules import NOT_A_QUANTITY, canonical, quantity
from bot.demo.cluster.schema import STRUCTS, fields_of

_LIST, _MAP = "[]", "map[string]"
_WORDS = {str: "string", bool: "bool", int: "number", float: "number", list: "array", dict: "object"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_LAYOUT = "2006-01-02T15:04:05.000000Z07:00"  # how Go writes down a format


@dataclass(frozen=True, slots=True)
class Read:
    """An object that was read, without its unknown fields, and what is to be said of these."""

    item: Json
    warnings: list[str]


def checked(body: Json, struct: str, level: str, twice: list[str] | None = None) -> Read:
    """Return an object without the fields that its struct does not have; raises ValueError in the server's words."""
    decoder = _Decoder()
    found: Json = decoder.value(body, struct, _Place(struct, ()))
    told = [f'unknown field "{path}"' for path in decoder.unknown]
    told += [f'duplicate field "{path}"' for path in twice or ()]
    if level == "Strict" and told:
        raise ValueError(f"strict decoding error: {', '.join(told)}")
    return Read(found, told if level == "Warn" else [])


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the object: the struct, and the path with indexes."""

    struct: str
    path: tuple[str, ...]

    def field(self, name: str) -> "_Place":
        return _Place(self.struct, (*self.path, name))

    def item(self, index: int) -> "_Place":
        return _Place(self.struct, (*self.path[:-1], f"{self.path[-1]}[{index}]"))

    def within(self, struct: str) -> "_Place":
        return _Place(struct, self.path)

    def __str__(self) -> str:
        return ".".join(self.path)

    @property
    def plain(self) -> str:
        return ".".join(part.partition("[")[0] for part in self.path)


@dataclass(slots=True)
class _Decoder:
    unknown: list[str] = field(default_factory=list)

    def value(self, value: Any, type_: str, place: _Place) -> Any:
        if value is None or type_ == "any":
            return value
        if type_.startswith(_LIST):
            return self._list(value, type_.removeprefix(_LIST), place)
        if type_.startswith(_MAP):
            return self._map(value, type_.removeprefix(_MAP), place)
        if type_ in STRUCTS or not place.path:
            if not isinstance(value, dict):
                raise _mismatch(value, _go(type_), place)
            return dict(self._struct(value, type_, place.within(type_)))
        return _scalar(value, type_, place)

    def _list(self, value: Any, type_: str, place: _Place) -> list[Any]:
        if not isinstance(value, list):
            raise _mismatch(value, f"{_LIST}{_go(type_)}", place)
        return [self.value(item, type_, place.item(index)) for index, item in enumerate(value)]

    def _map(self, value: Any, type_: str, place: _Place) -> Json:
        if not isinstance(value, dict):
            raise _mismatch(value, f"{_MAP}{_go(type_)}", place)
        empty = "" if type_ == "string" else None  # what Go makes of null
        return {key: empty if item is None else self.value(item, type_, place) for key, item in value.items()}

    def _struct(self, value: Json, struct: str, place: _Place) -> Iterator[tuple[str, Any]]:
        known = fields_of(struct)
        for name, item in value.items():
            if struct == "ObjectMeta" and item in ({}, [], None):
                continue  # the server keeps nothing that is empty here
            if name in known:
                yield name, self.value(item, known[name], place.field(name))
            else:
                self.unknown.append(str(place.field(name)))


def _scalar(value: Any, type_: str, place: _Place) -> Any:
    if type_ == "Quantity":
        if not isinstance(value, str | int | float) or isinstance(value, bool) or quantity(value) is None:
            raise ValueError(NOT_A_QUANTITY)
        return canonical(value)
    if type_ == "MicroTime":
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise ValueError(f'parsing time "{value}" as "{_LAYOUT}": cannot parse "{value}" as "2006"')
        return value
    number = isinstance(value, int) and not isinstance(value, bool)
    good = {"string": isinstance(value, str), "bool": isinstance(value, bool)}.get(type_, number)
    if not good:
        raise _mismatch(value, type_, place)
    return value


def _mismatch(value: Any, type_: str, place: _Place) -> ValueError:
    told = f"number {value}" if isinstance(value, float) and type_.startswith("int") else word(value)
    return ValueError(
        f"json: cannot unmarshal {told} into Go struct field {place.struct}.{place.plain} of type {type_}"
    )


def word(value: Any) -> str:
    """Return what JSON calls a value."""
    return _WORDS.get(type(value), "null")


def _go(type_: str) -> str:
    return f"v1.{type_}" if type_ in STRUCTS else type_
