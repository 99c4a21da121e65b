"""A template's typed parameters: what they accept, and how a typed word becomes a value."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from config.errors import cross_check
from config.models import Strict

ParameterType = Literal["string", "integer", "boolean", "choice", "quantity", "image"]
Value = str | int | bool

LONGEST: Final = 1000

# Shapes first: Decimal and int accept NaN, infinities, underscores and other alphabets' digits.
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_QUANTITY = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?[0-9]{1,2})?")
_BINARY: Mapping[str, int] = {f"{letter}i": 1024**power for power, letter in enumerate("KMGTPE", start=1)}
_DECIMAL: Mapping[str, Decimal] = {
    letter: Decimal(10) ** power for letter, power in zip("numkMGTPE", (-9, -6, -3, 3, 6, 9, 12, 15, 18), strict=True)
}
_NUMBERS = ("integer", "quantity")
_SAMPLES: Mapping[ParameterType, str] = {
    "string": "hello",
    "integer": "1",
    "boolean": "true",
    "choice": "",
    "quantity": "100m",
    "image": "nginx:1.22",
}
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}

# From https://github.com/distribution/reference/blob/main/regexp.go: [host[:port]/]path[:tag][@digest].
_HOST = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_IMAGE = re.compile(
    rf"(?:{_HOST}(?:\.{_HOST})*(?::[0-9]{{1,5}})?/)?{_PART}(?:/{_PART})*"
    r"(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64})?"
)
IMAGE_LONGEST: Final = 255


class Parameter(Strict):
    """One typed parameter; `pattern` is a whole-match regular expression of the template's author, not of the asker.

    Without a `default` it must be given; then an `example` shows what to type. `minimum` and `maximum` are for integers
    and quantities, both included.
    """

    type: ParameterType = "string"
    summary: Annotated[str, Field(max_length=150)] = ""
    default: Value | None = None
    example: Value | None = None
    pattern: re.Pattern[str] | None = None
    choices: tuple[str, ...] = ()
    minimum: int | str | None = None
    maximum: int | str | None = None

    @property
    def usual(self) -> str | None:
        """The default as an asker would type it; None where a value must be given."""
        return None if self.default is None else _typed(self.default)

    @property
    def sample(self) -> str | None:
        """A value that works: the default, the example, or one of its type; None where only the author knows one."""
        chosen = next((value for value in (self.default, self.example) if value is not None), None)
        if chosen is not None:
            return _typed(chosen)
        if self.type in _NUMBERS and (self.minimum is not None or self.maximum is not None):
            return str(self.minimum if self.minimum is not None else self.maximum)
        return None if self.pattern else (self.choices or (_SAMPLES[self.type],))[0]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = [*self._misplaced(), *self._bad_limits()]
        cross_check(problems or [*self._bad_values()])
        return self

    def _misplaced(self) -> Iterator[tuple[str, str]]:
        if self.pattern is not None and self.type != "string":
            yield "pattern", "only a string has one"
        if bool(self.choices) != (self.type == "choice"):
            yield "choices", "a choice needs them, and nothing else has them"

    def _bad_limits(self) -> Iterator[tuple[str, str]]:
        for key in ("minimum", "maximum"):
            limit = getattr(self, key)
            if limit is not None and not self._is_limit(limit):
                yield key, "must be a number of the parameter's type; only integers and quantities have limits"

    def _is_limit(self, limit: int | str) -> bool:
        if self.type == "integer":
            return isinstance(limit, int)
        return self.type == "quantity" and _QUANTITY.fullmatch(str(limit)) is not None

    def _bad_values(self) -> Iterator[tuple[str, str]]:
        for key, value in (("default", self.default), ("example", self.example)):
            try:
                convert(self, _typed(value)) if value is not None else None
            except ValueError as error:
                yield key, f"does not satisfy the parameter itself: {error}"


def _typed(value: Value) -> str:
    """Return a value as an asker would type it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def convert(parameter: Parameter, word: str) -> Value:
    """Return a typed word as the parameter's value; ValueError says what is accepted, and does not repeat the word."""
    if len(word) > LONGEST or not word.isprintable():
        raise ValueError(f"at most {LONGEST} characters on one line")
    return _CONVERTERS[parameter.type](parameter, word)


def amount(quantity: str) -> Decimal:
    """Return a Kubernetes quantity ("500m", "64Mi") as a number, or raise ValueError.

    Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/.
    """
    found = _QUANTITY.fullmatch(quantity)
    if found is None:
        raise ValueError("a quantity such as 500m, 1.5 or 64Mi")
    number, suffix = Decimal(found[1]), found[2] or ""
    if suffix in _BINARY:
        return number * _BINARY[suffix]
    return number * (_DECIMAL.get(suffix) or Decimal(f"1{suffix}"))


def _string(parameter: Parameter, word: str) -> str:
    if parameter.pattern is not None and not parameter.pattern.fullmatch(word):
        raise ValueError(f"text that matches {parameter.pattern.pattern}")
    return word


def _integer(parameter: Parameter, word: str) -> int:
    if not _INTEGER.fullmatch(word):
        raise ValueError("a whole number")
    _check_limits(parameter, Decimal(word))
    return int(word)


def _boolean(_: Parameter, word: str) -> bool:
    if word.lower() not in _BOOLEANS:
        raise ValueError("true or false")
    return _BOOLEANS[word.lower()]


def _choice(parameter: Parameter, word: str) -> str:
    if word not in parameter.choices:
        raise ValueError(f"one of {', '.join(parameter.choices)}")
    return word


def _quantity(parameter: Parameter, word: str) -> str:
    _check_limits(parameter, amount(word))
    return word


def _image(_: Parameter, word: str) -> str:
    if len(word) > IMAGE_LONGEST or not _IMAGE.fullmatch(word):
        raise ValueError("an image such as nginx:1.22 or registry.example.com/team/app:2.1")
    return word


def _check_limits(parameter: Parameter, value: Decimal) -> None:
    read = amount if parameter.type == "quantity" else Decimal
    if parameter.minimum is not None and value < read(str(parameter.minimum)):
        raise ValueError(f"at least {parameter.minimum}")
    if parameter.maximum is not None and value > read(str(parameter.maximum)):
        raise ValueError(f"at most {parameter.maximum}")


_CONVERTERS: Mapping[ParameterType, Callable[[Parameter, str], Value]] = {
    "string": _string,
    "integer": _integer,
    "boolean": _boolean,
    "choice": _choice,
    "quantity": _quantity,
    "image": _image,
}
