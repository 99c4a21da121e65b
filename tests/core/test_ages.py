"""Times of the API server, and ages as kubectl prints them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.ages import age, duration, moment

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-02T12:00:00Z", NOON),
        ("2026-01-02t12:00:00z", NOON),
        ("2026-01-02T14:00:00+02:00", NOON),
        ("2026-01-02T12:00:00.5Z", NOON + timedelta(microseconds=500_000)),
        ("2026-01-02T12:00:00.123456Z", NOON + timedelta(microseconds=123_456)),
        ("2026-01-02T12:00:00.123456789Z", NOON + timedelta(microseconds=123_456)),
    ],
)
def test_reads_every_precision(written: str, meant: datetime) -> None:
    """Whole seconds, micro- and nanoseconds and any zone are read, and come back in UTC."""
    assert moment(written) == meant


@pytest.mark.parametrize(
    "junk", [None, "", 0, {}, "yesterday", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2026-01-02"]
)
def test_takes_anything_else_for_no_time(junk: object) -> None:
    """Null, another type, another form, and days or hours that are none, are no time."""
    assert moment(junk) is None


@pytest.mark.parametrize(
    ("seconds", "printed"),
    [
        (-2, "<invalid>"),
        (-1, "0s"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (150, "2m30s"),
        (599, "9m59s"),
        (600, "10m"),
        (3 * 3600 - 1, "179m"),
        (3 * 3600, "3h"),
        (3 * 3600 + 60, "3h1m"),
        (8 * 3600 - 1, "7h59m"),
        (8 * 3600, "8h"),
        (48 * 3600 - 1, "47h"),
        (48 * 3600, "2d"),
        (5 * 86400 + 3 * 3600, "5d3h"),
        (8 * 86400 - 1, "7d23h"),
        (8 * 86400, "8d"),
        (2 * 365 * 86400 - 1, "729d"),
        (2 * 365 * 86400, "2y"),
        (3 * 365 * 86400 + 86400, "3y1d"),
        (8 * 365 * 86400 + 86400, "8y"),
    ],
)
def test_prints_spans_as_kubectl_does(seconds: int, printed: str) -> None:
    """A span has kubectl's units at each of its steps."""
    assert duration(timedelta(seconds=seconds)) == printed


def test_age_counts_from_a_time_to_now() -> None:
    """An age is the span from a time to now, and unknown without one."""
    assert age(NOON, NOON + timedelta(hours=80)) == "3d8h"
    assert age(None, NOON) == "<unknown>"
