"""Names that are safe as path segments of the Kubernetes API.

An empty name, `.` or `..` would turn a call on one pod into one on all pods or on the namespace itself, so every
name is checked here before it reaches a path. Source: RFC 1123 and
https://kubernetes.io/docs/concepts/overview/working-with-objects/names/.
"""

import re
from typing import NewType

from bot.core.errors import UsageError

PodName = NewType("PodName", str)
Namespace = NewType("Namespace", str)
ContainerName = NewType("ContainerName", str)

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_DNS_LABEL = re.compile(_LABEL)
SUBDOMAIN_LENGTH = 253
LABEL_LENGTH = 63


def is_subdomain(text: str) -> bool:
    """Whether `text` is an RFC 1123 subdomain of at most 253 characters."""
    return len(text) <= SUBDOMAIN_LENGTH and _SUBDOMAIN.fullmatch(text) is not None


def is_label(text: str) -> bool:
    """Whether `text` is an RFC 1123 label of at most 63 characters."""
    return len(text) <= LABEL_LENGTH and _DNS_LABEL.fullmatch(text) is not None


def pod_name(text: str) -> PodName:
    """Return `text` as a pod's name, or raise `UsageError`."""
    if not is_subdomain(text):
        raise UsageError(f"“{_short(text)}” is not a pod name", hint=_meant(text) or _SUBDOMAIN_HINT)
    return PodName(text)


def _meant(text: str) -> str:
    """Return what to type for a pod that is named as a keyboard, kubectl or podbot's own answers name it."""
    before, _, name = text.lower().rpartition("/")
    if not is_subdomain(name):
        return ""
    if before in {"", "pod", "pods", "po"}:
        return f"type `{name}`"
    return f"type `{name} -n {before}`" if is_label(before) else ""


def namespace(text: str) -> Namespace:
    """Return `text` as a namespace's name, or raise `UsageError`."""
    if not is_label(text):
        raise UsageError(f"“{_short(text)}” is not a namespace", hint=_LABEL_HINT)
    return Namespace(text)


def container_name(text: str) -> ContainerName:
    """Return `text` as a container's name, or raise `UsageError`."""
    if not is_label(text):
        raise UsageError(f"“{_short(text)}” is not a container name", hint=_LABEL_HINT)
    return ContainerName(text)


_LABEL_HINT = "use 1 to 63 of `a-z`, `0-9` and `-`, with a letter or digit first and last"
_SUBDOMAIN_HINT = "use 1 to 253 of `a-z`, `0-9`, `-` and `.`, with a letter or digit first and last"


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[:most] + "…"
