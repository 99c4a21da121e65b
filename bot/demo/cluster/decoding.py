"""Bodies of requests into objects, under the API server's field validation.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#setting-the-field-validation-level.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.core.resources import Json
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.rules import NOT_A_QUANTITY, quantity
from bot.demo.cluster.schema import STRUCTS, fields_of
from bot.demo.cluster.status import bad_request, invalid, unsupported

_LIST, _MAP = "[]", "map[string]"
_WORDS = {str: "string", bool: "bool", int: "number", float: "number", list: "array", dict: "object"}
_LEVELS = ("", "Ignore", "Strict", "Warn")


def decode(asked: Asked, kind: Kind) -> Json:
    """Return a request's body as an object of a kind, unknown fields left out; raises the server's 400."""
    strict = check_level(asked, "CreateOptions")
    body = read_object(asked.request.body, kind.name)
    told, version = body.get("kind") or kind.name, body.get("apiVersion") or kind.api_version
    title = f'{told} in version "{version.rpartition("/")[2]}" cannot be handled as a {kind.name}'
    if (told, version) != (kind.name, kind.api_version):
        raise bad_request(f"{title}: no kind that is registered for it")
    try:
        return checked(body, kind.name, strict=strict)
    except ValueError as error:
        raise bad_request(f"{title}: {error}") from error


def check_level(asked: Asked, options: str) -> bool:
    """Return whether unknown fields are refused, and raise the server's 422 for options that it does not know."""
    level = asked.option("fieldValidation")
    causes = [unsupported("fieldValidation", level, _LEVELS)] if level not in _LEVELS else []
    dry = [one for one in asked.options("dryRun") if one]
    causes += [unsupported("dryRun", dry, ["All"])] if set(dry) - {"All"} else []
    if causes:
        raise invalid(options, "", causes, group="meta.k8s.io")
    return level == "Strict"


def read_object(body: bytes, wanted: str) -> Json:
    """Return a body that is a JSON object, or raise the server's 400."""
    title = f"the object provided is unrecognized (must be of type {wanted}): couldn't get version/kind"
    try:
        read = json.loads(body)
    except ValueError as error:
        raise bad_request(f"{title}; json parse error: {error} ({body[:40].hex()})") from error
    if not isinstance(read, dict):
        raise bad_request(f"{title}; json parse error: json: cannot unmarshal {_word(read)} ({body[:40].hex()})")
    return read


def checked(body: Json, struct: str, *, strict: bool) -> Json:
    """Return an object without the fields that its struct does not have; raises ValueError in the server's words."""
    decoder = _Decoder()
    found: Json = decoder.value(body, struct, _Place(struct, ()))
    if strict and decoder.unknown:
        names = ", ".join(f'unknown field "{path}"' for path in decoder.unknown)
        raise ValueError(f"strict decoding error: {names}")
    return found


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
            return dict(self._struct(value, type_, place.within(type_)))
        return _scalar(value, type_, place)

    def _list(self, value: Any, type_: str, place: _Place) -> list[Any]:
        if not isinstance(value, list):
            raise _mismatch(value, f"{_LIST}{_go(type_)}", place)
        return [self.value(item, type_, place.item(index)) for index, item in enumerate(value)]

    def _map(self, value: Any, type_: str, place: _Place) -> Json:
        if not isinstance(value, dict):
            raise _mismatch(value, f"{_MAP}{_go(type_)}", place)
        return {key: self.value(item, type_, place) for key, item in value.items()}

    def _struct(self, value: Any, struct: str, place: _Place) -> Iterator[tuple[str, Any]]:
        if not isinstance(value, dict):
            raise _mismatch(value, _go(struct), place)
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
        return str(value)
    number = isinstance(value, int) and not isinstance(value, bool)
    good = {"string": isinstance(value, str), "bool": isinstance(value, bool)}.get(type_, number)
    if not good:
        raise _mismatch(value, type_, place)
    return value


def _mismatch(value: Any, type_: str, place: _Place) -> ValueError:
    return ValueError(
        f"json: cannot unmarshal {_word(value)} into Go struct field {place.struct}.{place.plain} of type {type_}"
    )


def _word(value: Any) -> str:
    return _WORDS.get(type(value), "null")


def _go(type_: str) -> str:
    return f"v1.{type_}" if type_ in STRUCTS else type_
