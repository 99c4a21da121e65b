"""Bytes that somebody else's program wrote: text if they are that, else a glance at their beginning."""

import re
from collections.abc import Iterator

_CONTROL = re.compile(r"[\x00-\x07\x0b\x0e-\x1a\x1c-\x1f]")  # all but those of terminals
_ROW = 16
_GLANCE = 256
_LONGEST_CHARACTER = 4  # bytes


def as_text(data: bytes, *, cut: bool = False) -> str | None:
    """Return UTF-8 text without control characters but those of terminals; None for what is binary.

    Where the data was `cut`, the half of a character at its end is dropped.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        if not cut or len(data) - error.start >= _LONGEST_CHARACTER or error.reason != "unexpected end of data":
            return None
        text = data[: error.start].decode()
    return None if _CONTROL.search(text) else text


def glance(data: bytes) -> str:
    """Return the first 256 bytes as `hexdump -C` shows them."""
    return "\n".join(_rows(data[:_GLANCE]))


def _rows(data: bytes) -> Iterator[str]:
    for start in range(0, len(data), _ROW):
        row = data[start : start + _ROW]
        shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)  # noqa: PLR2004  # printable ASCII
        yield f"{start:08x}  {row.hex(' '):<{_ROW * 3}} |{shown}|"
