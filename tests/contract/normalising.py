"""Answers without what differs from run to run: placeholders for UIDs, versions, times, addresses, suffixes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.resources import Json

_PATTERNS = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uid>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z"), "<fine time>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"), "<time>"),
    (re.compile(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b"), "<ip>"),
    (re.compile(r"kube-api-access-[a-z0-9]{5}\b"), "kube-api-access-<suffix>"),
    (re.compile(r"\b([a-z0-9-]+)\.[0-9a-f]{16}\b"), r"\1.<suffix>"),
    (re.compile(r"containerd://[0-9a-f]{64}"), "<container>"),
    (re.compile(r'(Invalid value: ")[\[{].*[\]}](": )', re.DOTALL), r"\1<object>\2"),
    (re.compile(r"\n@@.*", re.DOTALL), ""),  # how the server's Go structs differ
    (re.compile(r"too old resource version: (\d+) \(\d+\)"), r"too old resource version: \1 (<version>)"),
)
_PLACEHOLDERS = {
    "resourceVersion": "<version>",
    "continue": "<token>",
    "token": "<token>",
    **dict.fromkeys(("nodeName", "host", "reportingInstance"), "<node>"),
    **dict.fromkeys(("gitVersion", "gitCommit", "buildDate", "goVersion", "platform"), "<of this build>"),
    **dict.fromkeys(("minor", "emulationMinor", "minCompatibilityMinor"), "<of this build>"),
}
_DROPPED = frozenset({"managedFields", "imageID"})
_AGE = re.compile(r"(\d+[smhdy])+")


class Normaliser:
    """Normalises the answers of one story; `known` is what was filled in into its requests, by name."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        self._generated: dict[str, str] = {}

    def body(self, body: Any, stripped: Sequence[str]) -> Any:
        """Return a body without the parts that are stripped, and with placeholders."""
        for path in stripped:
            _strip(body, path.split("."))
        self._collect(body)
        return self._value("", body)

    def _collect(self, node: Any) -> None:
        """Remember names that the server has generated."""
        if isinstance(node, list):
            for one in node:
                self._collect(one)
        if not isinstance(node, dict):
            return
        start, name = node.get("generateName"), node.get("name")
        if isinstance(start, str) and isinstance(name, str) and start and name.startswith(start):
            self._generated[name] = f"{start}<suffix>"
        for one in node.values():
            self._collect(one)

    def _value(self, key: str, value: Any) -> Any:
        if key in _PLACEHOLDERS and isinstance(value, str) and value:
            return _PLACEHOLDERS[key]
        if isinstance(value, dict):
            value = _ageless(value) if value.get("kind") == "Table" else value
            return {self._text(name): self._value(name, one) for name, one in value.items() if name not in _DROPPED}
        if isinstance(value, list):
            return [self._value("", one) for one in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        for name, told in self._generated.items():
            text = text.replace(name, told)
        for name, told in self._known.items():
            if len(told) > 2:  # shorter ones are no identifiers
                text = text.replace(told, f"${name}")
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text


def _strip(node: Any, path: list[str]) -> None:
    for key in path[:-1]:
        node = node.get(key) if isinstance(node, dict) else None
    if isinstance(node, dict):
        node.pop(path[-1], None)


def _ageless(table: Json) -> Json:
    """Return a Table whose ages say only that they are ages, and whose columns are not described."""
    columns = table.get("columnDefinitions") or []
    for row in table.get("rows") or ():
        row["cells"] = ["<age>" if _AGE.fullmatch(str(cell)) else cell for cell in row["cells"]]
    bare = [{key: value for key, value in column.items() if key != "description"} for column in columns]
    return {**table, "columnDefinitions": bare} if columns else table
