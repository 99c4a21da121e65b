"""What `curl` fetches: a pod, a port and a path, of which no reading leads anywhere else.

The API server decodes a path once and joins it to its own, and what runs in the pod may decode it again. So a path is
looked at decoded once, twice, and on until nothing changes. Source: `yarl` and Go's `path` both take `..` away.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, unquote_to_bytes

from bot.core.errors import UsageError
from bot.core.names import PodName, pod_name
from bot.core.unseen import is_unseen

HIGHEST_PORT: Final = 65535
_TARGET = re.compile(
    r"(?:(?P<scheme>\w+)://)?(?P<pod>[^/:?#]*)(?::(?P<port>[^/?#]*))?(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?"
)
_NUMBER = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
_PORT_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_OWN_ESCAPE = re.compile(r"%u[0-9a-f]{4}", re.IGNORECASE)  # some servers read %u002e as a dot
_SEGMENT = "!$&'()*+,;=:@~"  # https://datatracker.ietf.org/doc/html/rfc3986#section-3.3
_QUERY = f"{_SEGMENT}/?%[]|"
_FORM = "type `POD[:PORT]/PATH`, such as `web-1:8080/healthz?full=1`, with `https://` before it for TLS"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to; `port` is a number, a declared port's name, or None; `path` and `query` are encoded already."""

    pod: PodName
    port: int | str | None = None
    path: str = "/"
    query: str = ""
    tls: bool = False


def target(text: str) -> Target:
    """Read "[https://]POD[:PORT][/PATH][?QUERY]", or raise `UsageError`."""
    found = _TARGET.fullmatch(text)
    if found is None or found["scheme"] not in (None, "http", "https"):
        raise UsageError(f"“{text[:60]}” is nothing to fetch from a pod", hint=_FORM)
    return Target(
        pod_name(found["pod"]),
        _port(found["port"]),
        encoded_path(found["path"] or "/"),
        _encoded_query(found["query"] or ""),
        tls=found["scheme"] == "https",
    )


def encoded_path(typed: str) -> str:
    """Return a path percent-encoded, or raise `UsageError` for one that could be read as another."""
    if _BARE_PERCENT.search(typed):
        raise UsageError("a “%” in the path stands for nothing", hint="type `%25` for the sign itself")
    try:
        why = next(filter(None, (_wrong(form, typed.count("/")) for form in _forms(typed))), "")
    except UnicodeError:
        why = "bytes that are no UTF-8"
    if why:
        raise UsageError(f"the path has {why}", hint="type the path plainly, as the server in the pod knows it")
    return "/".join(quote(unquote(segment), safe=_SEGMENT) for segment in typed.split("/"))


def is_plain_path(path: str) -> bool:
    """Whether a path is exactly what `encoded_path` returns."""
    try:
        return path.startswith("/") and encoded_path(path) == path
    except UsageError:
        return False


def _forms(path: str) -> Iterator[str]:
    """Yield a path as typed, then decoded once more each time until nothing changes."""
    form, before = path, ""
    while form != before:
        yield form
        before, form = form, unquote_to_bytes(form).decode()


def _wrong(form: str, slashes: int) -> str:
    """Return what makes a form of a path unsafe, empty if nothing does; look-alikes count as what they look like."""
    plain = unicodedata.normalize("NFKC", form)
    segments = plain.split("/")[1:]
    found = {
        "a control or invisible character": any(map(is_unseen, form)),
        "a backslash": "\\" in plain,
        "an encoded slash, which the API server would read as a plain one": plain.count("/") != slashes,
        "an escape that only some servers know": _OWN_ESCAPE.search(plain),
        "an empty part (//)": "" in segments[:-1],
        "a part that is “.” or “..”": any(_is_dots(segment) for segment in segments),
    }
    return next((why for why, is_so in found.items() if is_so), "")


def _is_dots(segment: str) -> bool:
    """Whether a segment moves to another place; some servers cut off what stands after a semicolon first."""
    return segment.partition(";")[0].strip() in {".", ".."}


def _encoded_query(typed: str) -> str:
    if _BARE_PERCENT.search(typed):
        raise UsageError("a “%” in the query stands for nothing", hint="type `%25` for the sign itself")
    return quote(typed, safe=_QUERY)


def _port(text: str | None) -> int | str | None:
    if text is None:
        return None
    if _NUMBER.fullmatch(text) and int(text) <= HIGHEST_PORT:
        return int(text)
    if _PORT_NAME.fullmatch(text):
        return text
    raise UsageError(f"“{text[:20]}” is not a port", hint=f"type a number from 1 to {HIGHEST_PORT:,}, or a port's name")
