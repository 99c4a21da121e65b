"""People's patterns."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import UsageError
from bot.core.patterns import LONGEST, matcher, pattern


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the pattern is empty"),
        ("x" * (LONGEST + 1), "the pattern is longer than 200 characters"),
        ("(", "“(” is not a pattern: missing ): ("),
        ("a**b", "“a**b” is not a pattern: bad repetition operator: **"),
        (r"(a)\1", r"“(a)\1” is not a pattern: invalid escape sequence: \1"),
        ("(((a{100}){100}){100})", "“(((a{100}){100}){100})” is not a pattern: invalid repetition size: {100}"),
        ("(a{0,31}[ab]{0,31}){31}z", "“(a{0,31}[ab]{0,31}){31}z” is a pattern that takes too long"),
        (r"(\pL{500}|\pN{900}){1}", r"“(\pL{500}|\pN{900}){1}” is not a pattern: pattern too large - compile failed"),
    ],
)
def test_a_bad_pattern_teaches(text: str, message: str) -> None:
    """What is no pattern, or too large, is refused with why and with what to type."""
    with pytest.raises(UsageError) as caught:
        pattern(text)
    assert str(caught.value) == message
    assert "repeat less" in caught.value.hint or "--grep" in caught.value.hint


def test_usual_patterns_are_not_too_long() -> None:
    """What people search for is far below what takes too long."""
    uuid, address = "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", r"\b\d{1,3}(\.\d{1,3}){3}\b"
    for text in (uuid, address, r"(?i)\berror\b.*\bstatus=5\d\d", r"\pL+=\d{3,}", ".{200}"):
        assert pattern(text) == text


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("ERROR|timeout", b"a timeout here", True),
        ("(?i)failed", b"It FAILED", True),
        ("^ERROR", b"no ERROR", False),
        ("é", "café".encode(), True),
        ("ok", b"\xff\xfe ok \x00", True),
    ],
)
def test_a_match(text: str, line: bytes, found: bool) -> None:  # noqa: FBT001  # the expectation
    """A pattern is searched anywhere in a line, whatever bytes are in it."""
    assert matcher(pattern(text))(line) is found


@given(st.text("ab.*|^$[]", min_size=1, max_size=8), st.binary(max_size=20))
def test_as_python_matches(text: str, line: bytes) -> None:
    """What both understand, both find in the same lines."""
    try:
        known, ours = re.compile(text.encode()), matcher(pattern(text))
    except (re.error, UsageError, FutureWarning):
        return
    printable = bytes(byte for byte in line if 32 <= byte < 127)
    assert ours(printable) is (known.search(printable) is not None)


def test_an_idle_podbot_has_no_re2() -> None:
    """The 4.5 MiB of re2 are loaded by the first search, and not at start."""
    program = "import sys, bot.app; sys.exit('re2' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], check=False)  # noqa: S603  # this very interpreter
    assert ended.returncode == 0
