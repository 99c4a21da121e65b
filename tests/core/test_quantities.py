"""Quantities, read and written."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.quantities import mebibytes, millicores, quantity


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", "0"),
        ("2", "2"),
        (2, "2"),
        (0.5, "0.5"),
        ("250m", "0.25"),
        ("1500000n", "0.0015"),
        ("12u", "0.000012"),
        ("1.5", "1.5"),
        (".5", "0.5"),
        ("1.", "1"),
        ("+1", "1"),
        ("-1", "-1"),
        ("3k", "3000"),
        ("3M", "3000000"),
        ("1E", "1000000000000000000"),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("12e-1", "1.2"),
        ("64Ki", "65536"),
        ("1.5Gi", "1610612736"),
        ("1Ei", "1152921504606846976"),
    ],
)
def test_a_quantity_is_a_number_of_its_unit(written: Any, number: str) -> None:
    """Every suffix and exponent of the API's reference is understood, and exactly."""
    assert quantity(written) == Decimal(number)


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "NaN",
        "inf",
        "-Infinity",
        "1_000",
        "1 ",
        "1K",
        "1mi",
        "Mi",
        "--1",
        "1e",
        "1e999",
        "1e3Mi",
        "0x1",
        "\N{ARABIC-INDIC DIGIT ONE}",
        "1.2.3",
    ],
)
def test_what_is_no_quantity(written: str) -> None:
    """What a number's parser might take, but the API does not, is none."""
    assert quantity(written) is None


@pytest.mark.parametrize("value", [None, True, [], {}, float("nan"), float("inf")])
def test_other_types_are_no_quantities(value: Any) -> None:
    """Null, a list or a number that is none is no quantity."""
    assert quantity(value) is None


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever text comes, the answer is a finite number or none."""
    found = quantity(text)
    assert found is None or found.is_finite()


@pytest.mark.parametrize(
    ("cores", "printed"), [("0", "0m"), ("0.25", "250m"), ("0.000001", "1m"), ("1.2345", "1,235m"), ("2", "2,000m")]
)
def test_cpu_as_kubectl_prints_it(cores: str, printed: str) -> None:
    """A part of a millicore counts as a whole one."""
    assert millicores(Decimal(cores)) == printed


@pytest.mark.parametrize(
    ("size", "printed"), [("0", "0Mi"), ("1048575", "0Mi"), ("67108864", "64Mi"), ("2147483648", "2,048Mi")]
)
def test_memory_as_kubectl_prints_it(size: str, printed: str) -> None:
    """Memory is rounded down to whole mebibytes."""
    assert mebibytes(Decimal(size)) == printed
