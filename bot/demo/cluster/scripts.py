"""Shell scripts taken apart, as far as the simulated shell understands them."""

import re
from collections.abc import Iterator

_SERVICE = re.compile(r"(^|[\s;])(while|for|until|if|case|trap|wait|exec nginx)\b|[|<`]|(?<!&)&(?![&\d])", re.MULTILINE)
_LOOP = re.compile(r"(.*?)\bwhile\s+(true|:|sleep\s+[\d.]+)\s*[;\n]\s*do\b(.*)\bdone[;\s]*", re.DOTALL)
_TO_FILE = re.compile(r"(?<![&\d])>(?!&)")
_ECHO = re.compile(r"^\s*echo\s+(.*)$", re.MULTILINE)
_PART = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*"|&&|;|[^;'"&]+|.""")
_SPLIT = frozenset({";", "&&"})


def is_service(script: str) -> bool:
    """Whether a script has more than the shell understands."""
    return bool(_SERVICE.search(script))


def loop_of(script: str) -> tuple[str, str] | None:
    """Return what a script does before its endless loop and in it; None without one, or with more than that."""
    found = _LOOP.fullmatch(script)
    if found is None or any(map(is_service, (found[1], found[3]))) or re.search(r"\b(break|exit)\b", found[3]):
        return None
    return found[1], f"{found[2]}\n{found[3]}" if found[2].startswith("sleep") else found[3]


def echoed(script: str) -> list[str]:
    """Return what the lines of a script say that begin with echo, where it goes into no file."""
    return [found for found in _ECHO.findall(script) if not _TO_FILE.search(found)]


def statements(script: str) -> Iterator[tuple[str, bool]]:
    """Split a script; each part with whether the one before must have gone well."""
    for line in script.splitlines():
        needed, statement = False, ""
        for part in (*_PART.findall(line), ";"):
            if part not in _SPLIT:
                statement += part
                continue
            if statement.strip():
                yield statement, needed
            needed, statement = part == "&&", ""
