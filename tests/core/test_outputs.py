"""Text and what is none."""

import pytest

from bot.core.outputs import as_text, glance


@pytest.mark.parametrize("text", ["", "a\n\tü", "\x1b[31mred\x1b[0m", "progress\r100%"])
def test_text(text: str) -> None:
    """UTF-8 is text, with what terminals know."""
    assert as_text(text.encode()) == text


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a\x00b", b"\x89PNG\r\n\x1a\n", b"\x01", "ü".encode()[:1]])
def test_binary(data: bytes) -> None:
    """Other bytes, and control characters, make it binary."""
    assert as_text(data) is None


def test_a_cut_character() -> None:
    """Where the data was cut, half a character at its end goes."""
    assert as_text("a€".encode()[:-1], cut=True) == "a"
    assert as_text("a€b".encode()[:3] + b"b", cut=True) is None
    assert as_text(b"a\xff", cut=True) is None


def test_a_glance() -> None:
    """The first 256 bytes are shown as numbers and as characters."""
    rows = glance(bytes(range(64, 84)) + bytes(1000)).splitlines()
    assert len(rows) == 16
    assert rows[0] == "00000000  40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f  |@ABCDEFGHIJKLMNO|"
    assert rows[1].startswith("00000010  50 51 52 53 00")
    assert rows[1].endswith("|PQRS............|")
    assert glance(b"") == ""


@pytest.mark.parametrize("code", range(0x20))
def test_which_control_characters_are_text(code: int) -> None:
    """Those that terminals understand are text; every other one makes it binary."""
    assert (as_text(bytes([code])) is not None) == (chr(code) in "\t\n\r\f\b\x1b")
