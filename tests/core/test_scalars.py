"""Unquoted words, as Kubernetes reads them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.scalars import scalar

# What `kubectl create --dry-run=client -o json` made of each, against Kubernetes 1.37.
READ = {
    **dict.fromkeys(("y", "Yes", "on", "ON", "true", "TRUE"), True),
    **dict.fromkeys(("n", "NO", "off", "False"), False),
    **dict.fromkeys(("", "~", "null", "NULL"), None),
    **{word: word for word in ("oN", "tRUE", "nUll", "22:30", "1:30:00", "2024-01-01", "=", "<<", "0x", "0b", "0o8")},
    **{word: word for word in ("0b2", "_1", ".", "-.", "0x1p3", "infinity", "nan", "1e400", "0xFFFFFFFFFFFFFFFFFF")},
    "0777": 511,
    "0o17": 15,
    "-0o17": -15,
    "0x1F": 31,
    "0X1f": 31,
    "0b101": 5,
    "0B11": 3,
    "-0b11": -3,
    "+1": 1,
    "1_000": 1000,
    "0x_1": 1,
    "1_000_": 1000,
    "00": 0,
    "-0": 0,
    "0_7": 7,
    "08": 8,
    "1.": 1,
    "1e3": 1000,
    "0_8": 8,
    ".5": 0.5,
    "-.5": -0.5,
    "1_0.5": 10.5,
    "1.5e-3": 0.0015,
    "09.5": 9.5,
    "0.10": 0.1,
    ".1e5": 10000,
    "1._5": 1.5,
    "18446744073709551615": 2**64 - 1,
    "99999999999999999999": 10**20,
    "1e21": 1e21,
    "-9223372036854775808": -(2**63),
}


@pytest.mark.parametrize(("word", "value"), READ.items())
def test_words_are_read_as_kubernetes_reads_them(word: str, value: object) -> None:
    """Each word becomes the value, and the type, that Kubernetes gives it."""
    read = scalar(word)
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize("word", [".inf", "-.INF", "+.inf", ".nan", ".NaN"])
def test_what_is_no_number_is_none(word: str) -> None:
    """JSON has no infinity, and Kubernetes refuses one too."""
    with pytest.raises(ValueError, match="not a number"):
        scalar(word)


@given(st.text(alphabet="+-.0123456789_eExXoObBaAfFinNy~", max_size=500))
def test_any_word_has_a_value_that_json_has(word: str) -> None:
    """Whatever stands there, it is text, a finite number, a truth value or nothing; or it is refused."""
    try:
        value = scalar(word)
    except ValueError:
        return
    assert not isinstance(value, float) or math.isfinite(value)
