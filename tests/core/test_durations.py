"""Spans of time as they are typed."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.durations import LONGEST, seconds
from bot.core.errors import UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1s", 1), ("90s", 90), ("5m", 300), ("1h30m", 5400), ("2d", 172800), ("1d2h3m4s", 93784), ("366d", LONGEST)],
)
def test_spans_become_seconds(text: str, expected: int) -> None:
    """Days, hours, minutes and seconds add up, in this order."""
    assert seconds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0s",
        "0m0s",
        "-5m",
        "5",
        "m",
        "5 m",
        "5m1h",
        "1m1m",
        "1.5h",
        "5M",
        "\N{ARABIC-INDIC DIGIT FIVE}m",
        "1e3s",
        "367d",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """Junk, a bare number, nothing and more than a year are refused with what to type."""
    with pytest.raises(UsageError) as refused:
        seconds(text)
    assert refused.value.hint.startswith("type ")


def test_bare_number_is_taught_its_unit() -> None:
    """A number without a unit is repeated with both units that may have been meant."""
    with pytest.raises(UsageError, match="“5” lacks a unit") as refused:
        seconds("5")
    assert refused.value.hint == "type `5s` for seconds or `5m` for minutes"


@given(st.text(max_size=4000))
def test_no_text_breaks_it(text: str) -> None:
    """Any text is a span within bounds or a usage error."""
    with suppress(UsageError):
        assert 1 <= seconds(text) <= LONGEST
