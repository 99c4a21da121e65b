"""Label keys and values by Kubernetes' rules.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set.
"""

import re
from typing import Final

from bot.core.errors import UsageError
from bot.core.names import LABEL_LENGTH, is_subdomain

MANAGED_BY: Final = "app.kubernetes.io/managed-by"
RESERVED_HINT: Final = "use a key of your own, such as `team` or `example.com/team`"

_RESERVED_DOMAINS = ("kubernetes.io", "k8s.io", "podbot.io")
_SHARED_PREFIX = "app.kubernetes.io/"
_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_KEY_HINT = "use letters, digits, `-`, `_` and `.`, at most 63, such as `app` or `app.kubernetes.io/name`"
_VALUE_HINT = "use at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit first and last"


def is_key(text: str) -> bool:
    """Whether `text` is a label's key: a name of at most 63 characters, perhaps after a DNS prefix and a slash."""
    prefix, slash, name = text.rpartition("/")
    return _is_name(name) and (is_subdomain(prefix) if slash else True)


def is_value(text: str) -> bool:
    """Whether `text` is a label's value: empty, or at most 63 characters."""
    return text == "" or _is_name(text)


def is_reserved_label(key: str) -> bool:
    """Whether a label's key belongs to Kubernetes or to podbot; the recommended app.kubernetes.io/ ones are for all.

    Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/.
    """
    prefix, slash, _ = key.rpartition("/")
    if not slash or (key.startswith(_SHARED_PREFIX) and key != MANAGED_BY):
        return False
    return any(prefix == domain or prefix.endswith(f".{domain}") for domain in _RESERVED_DOMAINS)


def own_key(text: str) -> str:
    """Return `text` as a label's key that people may set, or raise `UsageError`."""
    if is_reserved_label(label_key(text)):
        raise UsageError(f"label “{text}” is reserved", hint=RESERVED_HINT)
    return text


def label_key(text: str) -> str:
    """Return `text` as a label's key, or raise `UsageError`."""
    if not is_key(text):
        raise UsageError(f"“{text[:80]}” is not a label key", hint=_KEY_HINT)
    return text


def label_value(text: str) -> str:
    """Return `text` as a label's value, or raise `UsageError`."""
    if not is_value(text):
        raise UsageError(f"“{text[:80]}” is not a label value", hint=_VALUE_HINT)
    return text


def labels(text: str) -> tuple[tuple[str, str], ...]:
    """Read "k=v,k2=v2" into pairs, in their order; raise `UsageError` for anything else, and for a key given twice."""
    pairs = tuple(_pair(part.strip()) for part in text.split(","))
    keys = [key for key, _ in pairs]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise UsageError(f"label “{twice}” is there twice", hint="give each label once")
    return pairs


def _pair(part: str) -> tuple[str, str]:
    key, equals, value = part.partition("=")
    if not equals:
        raise UsageError(
            f"“{part[:80]}” is not a label", hint="type `key=value`, several joined by commas: `app=web,tier=front`"
        )
    return label_key(key), label_value(value)


def _is_name(text: str) -> bool:
    return len(text) <= LABEL_LENGTH and _NAME.fullmatch(text) is not None
