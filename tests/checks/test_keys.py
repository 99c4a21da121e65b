"""Which signing keys look as if a machine had drawn them."""

import base64
import string
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.configuration import is_weak


@given(st.integers(0, 2**64))
def test_what_a_machine_draws_is_strong(seed: int) -> None:
    """Sixteen drawn bytes are strong, in hexadecimal digits and in base 64."""
    drawn = Random(seed).randbytes(24)  # noqa: S311  # reproducible, and no secret
    assert not is_weak(drawn[:16].hex())
    assert not is_weak(base64.b64encode(drawn).decode())


@pytest.mark.parametrize(
    "key",
    [
        "k" * 40,
        "changeme" * 5,
        "0123456789abcdef" * 2,
        string.ascii_lowercase + "012345",
        "password1" * 4,
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb",
        "1212121212121212121212121212121213",
    ],
)
def test_what_a_person_makes_up_is_weak(key: str) -> None:
    """Repeated words, rows of the alphabet and few characters are weak."""
    assert is_weak(key)


@pytest.mark.parametrize("key", ["8d3c5f0b9a7e41266bd20c4e1f9837a5", "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2Fy"])
def test_what_openssl_prints_is_strong(key: str) -> None:
    """Hexadecimal digits and base 64 of that length are strong."""
    assert not is_weak(key)
