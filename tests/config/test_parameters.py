from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.parameters import Parameter, amount, convert


def parameter(**fields: Any) -> Parameter:
    """Return a parameter with these fields."""
    return Parameter.model_validate(fields)


@pytest.mark.parametrize(
    ("fields", "word", "value"),
    [
        ({}, "two words", "two words"),
        ({}, "{parameter: x}", "{parameter: x}"),
        ({"pattern": "[a-z]+"}, "abc", "abc"),
        ({"type": "integer"}, "-007", -7),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "9", 9),
        ({"type": "boolean"}, "Yes", True),
        ({"type": "boolean"}, "no", False),
        ({"type": "boolean"}, "true", True),
        ({"type": "choice", "choices": ["a", "b"]}, "b", "b"),
        ({"type": "quantity"}, "500m", "500m"),
        ({"type": "quantity", "minimum": "64Mi", "maximum": "1Gi"}, "1024Mi", "1024Mi"),
        ({"type": "quantity", "minimum": 1, "maximum": 2}, "1500m", "1500m"),
        ({"type": "image"}, "nginx", "nginx"),
        ({"type": "image"}, "localhost:5000/a/b_c:v1.2", "localhost:5000/a/b_c:v1.2"),
        ({"type": "image"}, f"Example.com/a@sha256:{'0' * 64}", f"Example.com/a@sha256:{'0' * 64}"),
    ],
)
def test_word_becomes_value(fields: dict[str, Any], word: str, value: Any) -> None:
    """A typed word that fits becomes a value of the parameter's type."""
    converted = convert(parameter(**fields), word)
    assert (converted, type(converted)) == (value, type(value))


@pytest.mark.parametrize(
    ("fields", "word", "accepted"),
    [
        ({}, "two\nlines", "at most 1000 characters on one line"),
        ({}, "bell\a", "at most 1000 characters on one line"),
        ({}, "x" * 1001, "at most 1000 characters on one line"),
        ({"pattern": "[a-z]+"}, "abc1", r"text that matches [a-z]+"),
        ({"type": "integer"}, "1_000", "a whole number"),
        ({"type": "integer"}, "٣", "a whole number"),
        ({"type": "integer"}, "1.0", "a whole number"),
        ({"type": "integer"}, "9" * 5000, "at most 1000 characters on one line"),
        ({"type": "integer", "minimum": 1}, "0", "at least 1"),
        ({"type": "integer", "maximum": 9}, "10", "at most 9"),
        ({"type": "boolean"}, "1", "true or false"),
        ({"type": "choice", "choices": ["a", "b"]}, "c", "one of a, b"),
        ({"type": "quantity"}, "NaN", "a quantity such as 500m, 1.5 or 64Mi"),
        ({"type": "quantity"}, "inf", "a quantity such as 500m, 1.5 or 64Mi"),
        ({"type": "quantity"}, "1_000", "a quantity such as 500m, 1.5 or 64Mi"),
        ({"type": "quantity"}, "-1", "a quantity such as 500m, 1.5 or 64Mi"),
        ({"type": "quantity"}, "1mi", "a quantity such as 500m, 1.5 or 64Mi"),
        ({"type": "quantity"}, "1e999", "a quantity such as 500m, 1.5 or 64Mi"),
        ({"type": "quantity", "minimum": "64Mi"}, "64M", "at least 64Mi"),
        ({"type": "quantity", "maximum": "1Gi"}, "2e9", "at most 1Gi"),
        ({"type": "image"}, "", "an image such as nginx:1.22 or registry.example.com/team/app:2.1"),
        ({"type": "image"}, "NGINX", "an image such as nginx:1.22 or registry.example.com/team/app:2.1"),
        ({"type": "image"}, "a b", "an image such as nginx:1.22 or registry.example.com/team/app:2.1"),
        ({"type": "image"}, "../a", "an image such as nginx:1.22 or registry.example.com/team/app:2.1"),
        ({"type": "image"}, "a" * 256, "an image such as nginx:1.22 or registry.example.com/team/app:2.1"),
    ],
)
def test_word_that_does_not_fit_is_told_what_would(fields: dict[str, Any], word: str, accepted: str) -> None:
    """A typed word that does not fit is answered with what is accepted."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the whole message is compared
        convert(parameter(**fields), word)
    assert str(caught.value) == accepted


@pytest.mark.parametrize(
    ("quantity", "number"),
    [
        ("1", "1"),
        ("100m", "0.1"),
        ("1.5Ki", "1536"),
        ("2k", "2000"),
        ("1Ei", str(1024**6)),
        ("1e3", "1000"),
        ("1E", str(10**18)),
        ("1E-2", "0.01"),
        ("5n", "0.000000005"),
    ],
)
def test_amount_of_quantity(quantity: str, number: str) -> None:
    """Every suffix of a quantity counts as Kubernetes has it."""
    assert amount(quantity) == Decimal(number)


@given(st.text(max_size=30))
def test_any_word_is_a_finite_amount_or_refused(word: str) -> None:
    """Whatever is typed as a quantity is a finite number of ASCII digits, or refused."""
    try:
        number = amount(word)
    except ValueError:
        return
    assert number.is_finite()
    assert word.isascii()


@given(st.from_type(type(None)) | st.booleans() | st.integers(-9, 9) | st.text("abc 1", max_size=5))
def test_default_as_typed_converts_or_is_refused_at_load(default: Any) -> None:
    """A parameter that loads has no default, or one that converts."""
    for kind in ("string", "integer", "boolean", "quantity", "image"):
        try:
            loaded = parameter(type=kind, default=default)
        except ValueError:
            continue
        assert loaded.usual is None or convert(loaded, loaded.usual) is not None


@pytest.mark.parametrize(
    ("declared", "sample"),
    [
        ({"default": "a", "example": "b"}, "a"),
        ({"pattern": "[ab]", "example": "b"}, "b"),
        ({"pattern": "[ab]"}, None),
        ({}, "hello"),
        ({"type": "boolean", "default": False}, "false"),
        ({"type": "boolean"}, "true"),
        ({"type": "integer"}, "1"),
        ({"type": "integer", "minimum": 5}, "5"),
        ({"type": "integer", "maximum": -5}, "-5"),
        ({"type": "quantity", "maximum": "1Gi"}, "1Gi"),
        ({"type": "quantity"}, "100m"),
        ({"type": "choice", "choices": ["a", "b"]}, "a"),
        ({"type": "image"}, "nginx:1.22"),
    ],
)
def test_a_sample_works(declared: dict[str, Any], sample: str | None) -> None:
    """A sample is the default, the example, or a value that the type allows; and the parameter takes it."""
    parameter = Parameter.model_validate(declared)
    assert parameter.sample == sample
    if sample is not None:
        convert(parameter, sample)


def test_an_example_must_work() -> None:
    """An example that its own parameter does not take is told like a default."""
    with pytest.raises(ValidationError, match="the parts do not fit together"):
        Parameter.model_validate({"type": "integer", "example": "many"})
