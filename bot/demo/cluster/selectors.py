"""Label and field selectors as the API server reads them.

Sources: https://github.com/kubernetes/apimachinery/blob/master/pkg/labels/selector.go and
https://github.com/kubernetes/apimachinery/blob/master/pkg/fields/selector.go.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.core.reading import mapping, strings
from bot.core.resources import Json
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.rules import not_a_key, not_a_value
from bot.demo.cluster.status import StatusError, bad_request, wrong

Match = Callable[[Json], bool]

_TOKEN = re.compile(r"\s*(==|!=|[=!(),<>]|[^\s=!(),<>]+)")
_SPECIAL = frozenset({"==", "!=", "=", "!", "(", ")", ",", "<", ">", ""})
_EQUAL = {"=": "in", "==": "in", "!=": "notin"}
_SETS = frozenset({"in", "notin"})
_ORDERED = frozenset({"<", ">"})
_UNESCAPED_COMMA = re.compile(r"(?<!\\),")
_FIELD = re.compile(r"(.*?)(!=|==|=)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One part of a label selector; `operator` is "in", "notin", "exists", "absent", "<" or ">"."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def meets(self, labels: Mapping[str, str]) -> bool:
        """Whether labels are as this asks."""
        value = labels.get(self.key)
        match self.operator:
            case "exists" | "absent":
                return (value is not None) is (self.operator == "exists")
            case "in":
                return value in self.values
            case "notin":
                return value not in self.values
        return value is not None and _compares(value, self.operator, next(iter(self.values)))


def labels_match(text: str) -> Match:
    """Return what decides whether an object's labels meet a selector; raises the server's 400."""
    requirements = _Reader(text).requirements()
    return lambda item: all(one.meets(strings(item["metadata"].get("labels"))) for one in requirements)


def pods_of(selector: Json | None) -> Match:
    """Return what decides whether a pod meets the selector of a controller or budget."""
    spec = selector or {}
    wanted = [Requirement(key, "in", frozenset({value})) for key, value in (spec.get("matchLabels") or {}).items()]
    names = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "absent"}
    wanted += [
        Requirement(one["key"], names[one["operator"]], frozenset(one.get("values") or ()))
        for one in spec.get("matchExpressions") or ()
    ]
    return lambda item: all(one.meets(strings(item["metadata"].get("labels"))) for one in wanted)


def fields_match(kind: Kind, text: str) -> Match:
    """Return what decides whether an object's fields meet a selector; raises the server's 400."""
    terms = [_term(kind, part, text) for part in _UNESCAPED_COMMA.split(text) if part]
    return lambda item: all((_value(item, path) == value) is equal for path, equal, value in terms)


class _Reader:
    """Reads tokens one by one, as the server's parser does, so that it refuses in the same words."""

    def __init__(self, text: str) -> None:
        self._tokens = [*map(str, _TOKEN.findall(text)), ""]
        self._place = 0

    def requirements(self) -> list[Requirement]:
        found: list[Requirement] = []
        while self._ahead:
            if self._ahead in _SPECIAL - {"!"}:
                raise bad_request(f"found '{self._ahead}', expected: !, identifier, or 'end of string'")
            try:
                found.append(self._requirement())
            except StatusError as error:
                raise bad_request(f"unable to parse requirement: {error}") from error
            self._separator()
        return found

    @property
    def _ahead(self) -> str:
        return self._tokens[self._place]

    def _separator(self) -> None:
        if not self._ahead:
            return
        if self._ahead != ",":
            raise bad_request(f"found '{self._ahead}', expected: ',' or 'end of string'")
        self._place += 1
        if self._ahead in _SPECIAL - {"!"}:
            raise bad_request(f"found '{self._ahead}', expected: identifier after ','")

    def _requirement(self) -> Requirement:
        negated = self._ahead == "!"
        if negated:
            self._place += 1
        key = self._identifier()
        if problem := not_a_key(key):
            raise bad_request(str(wrong("<nil>", key, problem)))
        if negated or self._ahead in ("", ","):
            return Requirement(key, "absent" if negated else "exists")
        return self._compared(key, self._ahead)

    def _identifier(self) -> str:
        if self._ahead in _SPECIAL:
            raise bad_request(f"found '{self._ahead}', expected: identifier")
        self._place += 1
        return self._tokens[self._place - 1]

    def _compared(self, key: str, operator: str) -> Requirement:
        if operator not in _SETS | _ORDERED | _EQUAL.keys():
            raise bad_request(f"found '{operator}', expected: in, notin, =, ==, !=, gt, lt")
        self._place += 1
        values = self._values() if operator in _SETS else [self._exact()]
        for index, value in enumerate(values):
            if operator in _ORDERED and not value.isdecimal():
                why = "for 'Gt', 'Lt' operators, the value must be an integer"
                raise bad_request(str(wrong(f"values[{index}]", value, why)))
            if problem := not_a_value(value):
                raise bad_request(str(wrong(f"values[{index}][{key}]", value, problem)))
        return Requirement(key, _EQUAL.get(operator, operator), frozenset(values))

    def _exact(self) -> str:
        return "" if self._ahead in ("", ",") else self._identifier()

    def _values(self) -> list[str]:
        if self._ahead != "(":
            raise bad_request(f"found '{self._ahead}' expected: '('")
        self._place += 1
        if self._ahead in _SPECIAL - {",", ")"}:
            raise bad_request(f"found '{self._ahead}', expected: ',', ')' or identifier")
        inside: list[str] = []
        while self._ahead and self._ahead != ")":
            if inside and "," not in (inside[-1], self._ahead):
                raise bad_request(f"found '{self._ahead}', expected: ',' or ')'")
            inside.append(self._ahead)
            self._place += 1
        if not self._ahead:
            more = "',' or ')'" if inside and inside[-1] != "," else "',', ')' or identifier"
            raise bad_request(f"found '', expected: {more}")
        self._place += 1
        return "".join(inside).split(",")


def _compares(value: str, operator: str, limit: str) -> bool:
    if not value.isdecimal():
        return False
    return int(value) > int(limit) if operator == ">" else int(value) < int(limit)


def _term(kind: Kind, part: str, whole: str) -> tuple[str, bool, str]:
    found = _FIELD.fullmatch(part)
    if found is None:
        raise bad_request(f"invalid selector: '{whole}'; can't understand '{part}'")
    path, operator, value = found.groups()
    if re.search(r"(?<!\\)=", value):
        raise bad_request("invalid field selector: unescaped character in value: 61")
    if path not in kind.selectable:
        raise bad_request(_no_field(kind, path))
    return path, operator != "!=", re.sub(r"\\(.)", r"\1", value)


def _no_field(kind: Kind, path: str) -> str:
    if kind.own_fields:
        return f"field label not supported: {path}"
    return f'"{path}" is not a known field selector: only "metadata.name", "metadata.namespace"'


def _value(item: Json, path: str) -> str:
    *parents, last = path.split(".")
    node = item
    for parent in parents:
        node = mapping(node.get(parent))
    if path == "source" or (path == "reportingComponent" and not node.get(last)):
        return str(mapping(item.get("source")).get("component") or item.get("reportingComponent") or "")
    value = node.get(last)
    if path == "spec.hostNetwork":
        return "true" if value else "false"
    return "" if value is None else str(value)
