"""Label and field selectors, checked and brought to one written form before they reach a query.

Sources: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors and
https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/.
"""

import re

from bot.core.errors import UsageError
from bot.core.labels import label_key, label_value

_OUTER_COMMA = re.compile(r",(?![^()]*\))")
_SET = re.compile(r"(\S+)\s+(in|notin)\s*\(([^()]*)\)")
_PAIR = re.compile(r"([^\s=!<>()]+)\s*(==|=|!=|<|>)\s*([^\s=!<>()]*)")
_EXISTS = re.compile(r"(!?)\s*([^\s=!<>()]+)")
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*)\s*(==|=|!=)\s*([-A-Za-z0-9._:/@+]*)")
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_LABEL_HINT = "type for example `app=web`, `app!=web`, `'app in (web,api)'` or `!app`, joined by commas"
_FIELD_HINT = "type for example `status.phase=Running` or `spec.nodeName!=node-1`, joined by commas"


def label_selector(text: str) -> str:
    """Return a label selector in its one form (`==` as `=`, sorted sets, no spare blanks), or raise `UsageError`."""
    return ",".join(_requirement(part.strip()) for part in _OUTER_COMMA.split(text))


def field_selector(text: str) -> str:
    """Return a field selector in its canonical form, or raise `UsageError`; which fields exist, the server knows."""
    return ",".join(_field(part.strip()) for part in text.split(","))


def _requirement(part: str) -> str:
    if found := _SET.fullmatch(part):
        values = sorted({label_value(value.strip()) for value in found[3].split(",")})
        return f"{label_key(found[1])} {found[2]} ({','.join(values)})"
    if found := _PAIR.fullmatch(part):
        return _comparison(found[1], found[2], found[3])
    if found := _EXISTS.fullmatch(part):
        return found[1] + label_key(found[2])
    raise _nonsense("label selector", part, _LABEL_HINT)


def _comparison(key: str, operator: str, value: str) -> str:
    if operator in ("<", ">") and not _NUMBER.fullmatch(value):
        raise UsageError(
            f"“{value[:80]}” is not a number to compare “{key[:80]}” with", hint=f"type for example `{key[:40]}>5`"
        )
    return f"{label_key(key)}{operator.replace('==', '=')}{label_value(value)}"


def _field(part: str) -> str:
    found = _FIELD.fullmatch(part)
    if found is None:
        raise _nonsense("field selector", part, _FIELD_HINT)
    return f"{found[1]}{found[2].replace('==', '=')}{found[3]}"


def _nonsense(kind: str, part: str, hint: str) -> UsageError:
    return UsageError(f"“{part[:80]}” is not a {kind}" if part else f"a part of the {kind} is empty", hint=hint)
