"""Quantities as Kubernetes writes them ("250m", "64Mi", "1e3"), read and written again as kubectl has them.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/.
"""

import re
from decimal import ROUND_CEILING, Decimal
from typing import Any

# The shape is checked first: Decimal itself takes NaN, infinity and 1_000, and an exponent of any size.
_SHAPE = re.compile(
    r"(?P<number>[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40}))"
    r"(?:(?P<exponent>[eE][+-]?\d{1,2})|(?P<unit>[KMGTPE]i|[numkMGTPE]))?",
    re.ASCII,
)
_UNITS = {
    **{f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGTPE", start=1)},
    **{letter: Decimal(1000) ** power for power, letter in enumerate("kMGTPE", start=1)},
    **{letter: Decimal(1000) ** -power for power, letter in enumerate("mun", start=1)},
}
_MEBI = 2**20


def quantity(value: Any) -> Decimal | None:
    """Return a quantity as a number of its base unit (cores, bytes); None for null and for anything that is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    found = _SHAPE.fullmatch(str(value))
    if found is None:
        return None
    return Decimal(found["number"] + (found["exponent"] or "")) * _UNITS.get(found["unit"] or "", Decimal(1))


def millicores(cores: Decimal) -> str:
    """Return CPU as `kubectl top` prints it, such as "250m"; a part of a millicore counts as a whole one."""
    return f"{int((cores * 1000).to_integral_value(ROUND_CEILING)):,}m"


def mebibytes(size: Decimal) -> str:
    """Return memory as `kubectl top` prints it, such as "64Mi", rounded down."""
    return f"{int(size) // _MEBI:,}Mi"
