"""What names, labels and quantities must look like, in the API server's words.

Source: https://github.com/kubernetes/apimachinery/blob/master/pkg/util/validation/validation.go.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = f"({_NAME})?"
_SHORT, _LONG = 63, 253
_SLASHES = 1
_KIBI = 1024

_OF_LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    f"an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '{_LABEL}')"
)
_OF_SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    f"end with an alphanumeric character (e.g. 'example.com', regex used for validation is '{_SUBDOMAIN}')"
)
_CHARACTERS = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
)
_EXAMPLES = f"(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{_NAME}')"
_OF_NAME = f"name part {_CHARACTERS} {_EXAMPLES}"
_OF_KEY = (
    f"a valid label key {_CHARACTERS} {_EXAMPLES} with an optional DNS subdomain prefix and '/' "
    "(e.g. 'example.com/MyName')"
)
_OF_VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    f"'{_VALUE}')"
)
NOT_A_QUANTITY: Final = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
_QUANTITY = re.compile(
    r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([eE][+-]?\d+)|(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)?)", re.ASCII
)
_SIZES = {
    **{f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGTPE", start=1)},
    **{letter: Decimal(1000) ** power for power, letter in enumerate("kMGTPE", start=1)},
    **{letter: Decimal(1000) ** -power for power, letter in enumerate("mun", start=1)},
    "": Decimal(1),
}


def not_a_label(text: str) -> str:
    """Return what is wrong with a DNS label, empty if nothing is."""
    problem = _problem(text, _LABEL, _SHORT, _OF_LABEL)
    return "must not contain dots" if problem == _OF_LABEL and re.fullmatch(_SUBDOMAIN, text, re.ASCII) else problem


def not_a_name(text: str) -> str:
    """Return what is wrong with the name of an object that may have dots in it."""
    if len(text.encode()) > _LONG:
        return f"must be no more than {_LONG} characters"
    return not_a_subdomain(text)


def not_a_subdomain(text: str) -> str:
    """Return what is wrong with a DNS subdomain, empty if nothing is."""
    return _problem(text, _SUBDOMAIN, _LONG, _OF_SUBDOMAIN)


def key_problems(text: str) -> list[str]:
    """Return all that is wrong with a label's key."""
    empty = ["name part must be non-empty"] if not text.rpartition("/")[2] else []
    return [*empty, *filter(None, [not_a_key(text)])]


def not_a_key(text: str) -> str:
    """Return what is wrong with a label's key, empty if nothing is."""
    if text.count("/") > _SLASHES:
        return _OF_KEY
    prefix, slash, name = text.rpartition("/")
    if slash and (problem := not_a_subdomain(prefix)):
        return f"prefix part {problem}"
    return _problem(name, _NAME, _SHORT, _OF_NAME)


def not_a_value(text: str) -> str:
    """Return what is wrong with a label's value, empty if nothing is."""
    return _problem(text, _VALUE, _SHORT, _OF_VALUE)


@lru_cache
def quantity(value: str | float) -> Decimal | None:
    """Return a quantity ("100m", "1Gi", 2) as a number, None where it is none."""
    found = _QUANTITY.fullmatch(str(value))
    if found is None:
        return None
    number, exponent, size = found.groups()
    return Decimal(number + (exponent or "")) * _SIZES[size or ""]


def amount(value: str | float) -> Decimal:
    """Return a quantity as a number, zero where it is none."""
    return quantity(value) or Decimal(0)


def canonical(value: str | float) -> str:
    """Return a quantity as the server writes it: the largest unit that leaves a whole number."""
    number, binary = amount(value), str(value).endswith("i")
    if binary and number == number.to_integral_value() and abs(number) >= _KIBI:
        return _in_units(number, [f"{letter}i" for letter in "EPTGMK"])
    return _in_units(number, ["E", "P", "T", "G", "M", "k", "", "m", "u", "n"])


def written(number: Decimal) -> str:
    """Return a sum of quantities as the server writes it, in binary units where it is whole in them."""
    return canonical(f"{int(number) // _KIBI}Ki" if number and number % _KIBI == 0 else str(number))


def _in_units(number: Decimal, units: list[str]) -> str:
    for unit in units if number else ():
        if (count := number / _SIZES[unit]) == count.to_integral_value():
            return f"{int(count)}{unit}"
    return str(int(number))


def _problem(text: str, shape: str, most: int, words: str) -> str:
    if len(text.encode()) > most:
        return f"must be no more than {most} bytes"
    return "" if re.fullmatch(shape, text, re.ASCII) else words
