"""Unquoted words of YAML as Kubernetes reads them, which is neither YAML 1.1 nor 1.2.

Seen at a real cluster, and in the reader that it uses:
https://github.com/kubernetes-sigs/yaml, https://github.com/yaml/go-yaml/blob/v2.4.0/resolve.go.
"""

import math
import re
from collections.abc import Mapping
from typing import Final

Scalar = str | int | float | bool | None

_WORDS: Final[Mapping[str, bool | None]] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_NO_NUMBER = re.compile(r"[-+]?\.inf|\.nan", re.IGNORECASE | re.ASCII)
_BASES = re.compile(
    "([-+]?)(?:0[xX](?P<x>[0-9a-fA-F]+)|0[bB](?P<b>[01]+)|0[oO]?(?P<o>[0-7]+)|(?P<d>0|[1-9][0-9]*))", re.ASCII
)
_RADIX = {"x": 16, "b": 2, "o": 8, "d": 10}
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_LEAST, _MOST, _MOST_UNSIGNED = -(2**63), 2**63 - 1, 2**64 - 1
_DIGITS = 400  # more make no number that anybody means, and Python's own reading of them is slow
_WHOLE = 1e21  # below it, JSON as Kubernetes writes it has no exponent: 08 is read as 8.0 and written as 8


def scalar(word: str) -> Scalar:
    """Return the value of an unquoted word; ValueError for infinity and what is no number, which JSON has not."""
    if word in _WORDS:
        return _WORDS[word]
    if _NO_NUMBER.fullmatch(word):
        raise ValueError("not a number")
    if word[0] not in "+-.0123456789" or len(word) > _DIGITS:
        return word
    plain = word.replace("_", "")
    whole = _integer(plain) if word[0] != "." else None
    if whole is not None:
        return whole
    value = float(plain) if _FLOAT.fullmatch(plain) else math.inf
    if math.isinf(value):
        return word
    return int(value) if value.is_integer() and abs(value) < _WHOLE else value


def _integer(plain: str) -> int | None:
    """Return a whole number of 64 bits, be it written in base 2, 8, 10 or 16."""
    found = _BASES.fullmatch(plain)
    if found is None or found.lastgroup is None:
        return None
    value = int(found[found.lastgroup], _RADIX[found.lastgroup])
    value = -value if found[1] == "-" else value
    most = _MOST if found[1] else _MOST_UNSIGNED
    return value if _LEAST <= value <= most else None
