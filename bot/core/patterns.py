"""People's patterns, matched in time linear to the text; nothing else imports re2.

Python's own `re` can take years for a few characters. Source: https://github.com/google/re2/wiki/WhyRE2.
"""

from collections.abc import Callable
from typing import Any

from bot.core.errors import UsageError

LONGEST = 200  # characters
_MEMORY = 1024 * 1024  # bytes that one compiled pattern may take
_STEPS = 2000  # of a compiled pattern: each may be taken for each byte, so that this many read about 100 kB a second
_HINT = "type for example `--grep 'ERROR|timeout'` or `--grep '(?i)failed'`"


def pattern(text: str) -> str:
    """Return a pattern in RE2's syntax that compiles within its bounds, or raise `UsageError`."""
    if not text or len(text) > LONGEST:
        problem = f"is longer than {LONGEST} characters" if text else "is empty"
        raise UsageError(f"the pattern {problem}", hint=_HINT)
    if _compiled(text).programsize > _STEPS:
        raise UsageError(f"“{text[:60]}” is a pattern that takes too long", hint="repeat less in it, or repeat it less")
    return text


def matcher(text: str) -> Callable[[bytes], bool]:
    """Return whether a line, without its newline, has a match of a pattern that `pattern` has accepted."""
    search = _compiled(text).search
    return lambda line: search(line) is not None


def _compiled(text: str) -> Any:
    import re2  # noqa: PLC0415  # 4.5 MiB that an idle podbot does not need

    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.never_capture = True
    try:
        return re2.compile(text.encode(), options)
    except re2.error as error:
        raise UsageError(f"“{text[:60]}” is not a pattern: {_said(error)}", hint=_HINT) from error


def _said(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
