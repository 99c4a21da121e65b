"""Times as the API server writes them, and ages as kubectl prints them."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_YEAR = 365 * _DAY
_CLOCK_SKEW = -2
_LONGEST = 10_000 * _YEAR

# From kubectl: up to this age (seconds), print the larger unit and the rest in the smaller one.
_STEPS = (
    (2 * _MINUTE, 1, "s", 0, ""),
    (10 * _MINUTE, _MINUTE, "m", 1, "s"),
    (3 * _HOUR, _MINUTE, "m", 0, ""),
    (8 * _HOUR, _HOUR, "h", _MINUTE, "m"),
    (2 * _DAY, _HOUR, "h", 0, ""),
    (8 * _DAY, _DAY, "d", _HOUR, "h"),
    (2 * _YEAR, _DAY, "d", 0, ""),
    (8 * _YEAR, _YEAR, "y", _DAY, "d"),
)


def moment(value: Any) -> datetime | None:
    """Return an RFC 3339 time in UTC, cut to microseconds; None for null and for anything that is no time."""
    found = _RFC3339.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    whole, fraction, zone = found.groups()
    try:
        parsed = datetime.fromisoformat(f"{whole}{(fraction or '.0')[:7].ljust(7, '0')}{zone}".upper())
        return parsed.astimezone(UTC)
    except (ValueError, OverflowError):  # the shape of a time, but no such day or hour
        return None


def micro_time(time: datetime) -> str:
    """Return a time in UTC as Kubernetes' MicroTime, which a Lease has."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def http_date(value: str) -> datetime | None:
    """Return the time in an HTTP `Date` header, in UTC; None for anything that is no time.

    Source: https://www.rfc-editor.org/rfc/rfc9110#name-date.
    """
    try:
        return parsedate_to_datetime(value).replace(tzinfo=UTC)  # the header is in GMT, always
    except ValueError:
        return None


def age(since: datetime | None, now: datetime) -> str:
    """Return the time from `since` to `now` as kubectl's AGE column has it, such as "5d3h"; "<unknown>" without one."""
    return "<unknown>" if since is None else duration(now - since)


def span(seconds: int) -> timedelta:
    """Return seconds as a span, at most 10,000 years: a pod's maker may give any number, and no calendar holds all."""
    return timedelta(seconds=min(seconds, _LONGEST))


def duration(span: timedelta) -> str:
    """Return a span as kubectl prints it: two units where they matter, else one.

    Source: HumanDuration in https://github.com/kubernetes/apimachinery/blob/master/pkg/util/duration/duration.go.
    """
    exact = span.total_seconds()
    if exact <= _CLOCK_SKEW:
        return "<invalid>"
    seconds = max(0, int(exact))
    for below, unit, letter, smaller, small_letter in _STEPS:
        if seconds < below:
            rest = seconds % unit // smaller if smaller else 0
            return f"{seconds // unit}{letter}" + (f"{rest}{small_letter}" if rest else "")
    return f"{seconds // _YEAR}y"
