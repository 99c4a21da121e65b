"""Bodies of requests into objects, or the server's refusal of them.

Source: https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/handlers/create.go.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.core.resources import Json
from bot.demo.cluster import decoding
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.kinds import KINDS, Kind
from bot.demo.cluster.status import bad_request, invalid, unknown_format, unsupported

_LEVELS = ("", "Ignore", "Strict", "Warn")
_SHOWN = 40  # bytes of a body that a refusal shows
_SCHEME = "pkg/runtime/scheme.go:111"
_GO_TYPE = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'


def decode(asked: Asked, kind: Kind) -> decoding.Read:
    """Return a request's body as an object of a kind; raises the server's refusal of a body that is none."""
    level = check_level(asked, "CreateOptions")
    if "json" not in (asked.header("Content-Type") or "json") or not asked.request.body:
        raise unknown_format()
    body, twice = _parsed(asked.request.body, kind.name)
    with _refused(body, kind.name, kind.api_version):
        check_kind(body, kind.name, kind.group, kind.api_version)
        return decoding.checked(body, kind.name, level, twice)


def read_as(asked: Asked, name: str, version: str) -> Json:
    """Return a request's body as an object that is no resource, or raise the server's 400."""
    body, _ = _parsed(asked.request.body, name)
    with _refused(body, name, version):
        check_kind(body, name, version.rpartition("/")[0], version)
    return body


@contextmanager
def _refused(body: Json, name: str, version: str) -> Iterator[None]:
    """Make the server's 400 of what is wrong with a body."""
    try:
        yield
    except ValueError as error:
        told, short = body.get("kind") or name, (body.get("apiVersion") or version).rpartition("/")[2]
        title = "" if name == "DeleteOptions" else f'{told} in version "{short}" cannot be handled as a {name}: '
        raise bad_request(f"{title}{error}") from error


def check_kind(body: Json, name: str, group: str, version: str) -> None:
    """Raise ValueError in the server's words for an object of another kind or version."""
    told, given = body.get("kind") or name, body.get("apiVersion") or version
    if (told, given) == (name, version) or (told == name == "DeleteOptions"):
        return
    if name != "DeleteOptions" and any((told, given) == (one.name, one.api_version) for one in KINDS.values()):
        short, internal = given.rpartition("/")[2], group.partition(".")[0] or "core"
        raise ValueError(f"converting ({short}.{told}) to ({internal}.{name}): unknown conversion")
    raise ValueError(f'no kind "{told}" is registered for version "{given}" in scheme "{_SCHEME}"')


def check_level(asked: Asked, options: str) -> str:
    """Return what becomes of unknown fields, and raise the server's 422 for options that it does not know."""
    level = asked.option("fieldValidation")
    causes = [unsupported("fieldValidation", level, _LEVELS)] if level not in _LEVELS else []
    dry = [one for one in asked.options("dryRun") if one]
    causes += [unsupported("dryRun", dry, ["All"])] if set(dry) - {"All"} else []
    if causes:
        raise invalid(options, "", causes, group="meta.k8s.io")
    return level or "Warn"


def _parsed(body: bytes, wanted: str) -> tuple[Json, list[str]]:
    """Return a body that is a JSON object, and the fields that it has twice; raises the server's 400."""
    title = f"the object provided is unrecognized (must be of type {wanted}): couldn't get version/kind"
    if wanted == "DeleteOptions":
        title = "couldn't get version/kind"
    twice = _Twice()
    try:
        read = json.loads(body, object_pairs_hook=twice.pairs)
    except ValueError as error:
        end = body.strip() and not body.strip().endswith(b"}")
        why = "unexpected end of JSON input" if end else str(error)
        shown = "" if wanted == "DeleteOptions" else f" ({body[:_SHOWN].decode(errors='replace')})"
        raise bad_request(f"{title}; json parse error: {why}{shown}") from error
    if not isinstance(read, dict):
        why = f"json: cannot unmarshal {decoding.word(read)} into Go value of type {_GO_TYPE}"
        raise bad_request(f"{title}; json parse error: {why} ({body[:_SHOWN].hex()})")
    for key in ("apiVersion", "kind"):
        if not isinstance(read.get(key) or "", str):
            why = f"json: cannot unmarshal {decoding.word(read[key])} into Go struct field .{key} of type string"
            raise bad_request(f"{title}; json parse error: {why} ({body[:_SHOWN].decode(errors='replace')})")
    return read, [path for path in (twice.path(read, one) for one in twice.found) if path]


@dataclass(slots=True)
class _Twice:
    """Finds the fields that an object has twice; the last one counts."""

    found: list[tuple[int, str]] = field(default_factory=list)

    def pairs(self, pairs: list[tuple[str, Any]]) -> Json:
        made = dict(pairs)
        names = [name for name, _ in pairs]
        self.found += [(id(made), name) for name in made if names.count(name) > 1]
        return made

    def path(self, node: Any, wanted: tuple[int, str], start: str = "") -> str:
        """Return where in the object a field is."""
        if isinstance(node, dict):
            if id(node) == wanted[0]:
                return f"{start}{wanted[1]}"
            inner = ((f"{start}{name}.", one) for name, one in node.items())
        elif isinstance(node, list):
            inner = ((f"{start[:-1]}[{index}].", one) for index, one in enumerate(node))
        else:
            return ""
        return next(filter(None, (self.path(one, wanted, place) for place, one in inner)), "")
