"""Spans of time as kubectl's flags take them: "90s", "5m", "1h30m"."""

import re

from bot.core.errors import UsageError

LONGEST = 366 * 86400
_UNITS = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
_SPAN = re.compile(
    r"(?:(?P<days>\d{1,9})d)?(?:(?P<hours>\d{1,9})h)?(?:(?P<minutes>\d{1,9})m)?(?:(?P<seconds>\d{1,9})s)?", re.ASCII
)
_EXAMPLES = "type for example `90s`, `5m`, `1h30m` or `2d`"


def seconds(text: str) -> int:
    """Return a span in whole seconds, 1 to a year; raise `UsageError` for a bare number and for anything else.

    The form is that of kubectl's `--since` (https://pkg.go.dev/time#ParseDuration) in whole numbers, and days as well.
    """
    if text.isascii() and text.isdigit():
        raise UsageError(
            f"“{text[:20]}” lacks a unit", hint=f"type `{text[:9]}s` for seconds or `{text[:9]}m` for minutes"
        )
    found = _SPAN.fullmatch(text)
    if not text or found is None:
        raise UsageError(f"“{text[:20]}” is not a span of time", hint=_EXAMPLES)
    total = sum(int(found[unit] or 0) * size for unit, size in _UNITS.items())
    if not 1 <= total <= LONGEST:
        raise UsageError(f"“{text[:20]}” is not between a second and a year", hint=_EXAMPLES)
    return total
