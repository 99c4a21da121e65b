"""Which pods an alert names: in the labels of Alertmanager and Grafana, in kubectl's forms, or by a made name in prose.

What is found are names to look up, never pods: that one exists only the API server knows.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.core.names import is_label, is_subdomain
from bot.core.phones import undo

MOST: Final = 10
"""Names that are looked up."""

_READ = 12_000  # characters; Slack takes 40,000, and an alert that is longer has named its pods by then
_MENTION = re.compile(r"<[@#!][^<>]{0,200}>")
_ADDRESS = re.compile(r"\b[a-z]{2,10}://[^\s<>|]{1,2000}", re.IGNORECASE)
_NAME = r"[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?"
_WITHIN = rf"(?:(?P<namespace>[a-z0-9](?:[-a-z0-9]{{0,61}}[a-z0-9])?)/)?(?P<pod>{_NAME})(?![-\w])"
# What may stand between a label and its value: quotes and Slack's markup, an equals sign or a colon.
_IS = r"[\"'*_`]{0,3}\s{0,3}(?:=~?|:)[\"'*_`\s\[]{0,6}"
_LABEL = r"(?<![a-z0-9-])(?P<exported>exported_)?"
_PODS = re.compile(rf"{_LABEL}(?:kubernetes_|k8s_)?pod(?:[_ ]?name)?{_IS}{_WITHIN}", re.IGNORECASE)
_NAMESPACES = re.compile(
    rf"{_LABEL}(?:(?:kubernetes_|k8s_)?namespaces?|ns)(?:{_IS}|[\s/]{{1,3}}[`\"']?)(?P<name>[a-z0-9][-a-z0-9]{{0,62}})",
    re.IGNORECASE,
)
_PATHS = re.compile(rf"(?<![a-z0-9-])pods?/(?P<namespace>)(?P<pod>{_NAME})(?![-\w])", re.IGNORECASE)
_SPOKEN = re.compile(rf"(?<![a-z0-9-])pods?\s{{1,3}}(?P<quote>[`\"'*]?){_WITHIN}(?!/)", re.IGNORECASE)
_MADE = re.compile(rf"(?<![-\w./]){_WITHIN}(?!/)")
_LONG_DASH = re.compile(r"-{3,}")
_MARKUP = re.compile(r"[*~]")  # Slack's, and in no name


@dataclass(frozen=True, slots=True)
class Named:
    """A pod's name as an alert gives it; `namespace` is empty where it gives none."""

    pod: str
    namespace: str = ""

    @property
    def word(self) -> str:
        """The name as it is typed: `shop/web-1`, or `web-1`."""
        return f"{self.namespace}/{self.pod}" if self.namespace else self.pod


def named(texts: Iterable[str]) -> tuple[Named, ...]:
    """Return at most `MOST` names that a message's texts give: by labels, else by kubectl's forms, else in prose.

    A name without a namespace gets the one whose label stands nearest before it, else the first after it.
    """
    said = _plain("\n".join(texts))
    namespaces = _exported(list(_NAMESPACES.finditer(said)))
    found = _exported(list(_PODS.finditer(said))) or list(_spoken(said)) or list(_made(said))
    return tuple(dict.fromkeys(_named(one, namespaces) for one in found if is_subdomain(_pod(one))))[:MOST]


def looks_made(name: str) -> bool:
    """Whether a word looks like a name that a controller makes, `web-7d9c5b-x2x4k` or `db-0`, and not like prose."""
    return "-" in name and re.search(r"\d", name) is not None and re.search(r"[a-z]", name) is not None


def target(word: str) -> Named | None:
    """Read `shop/web-1` or `web-1`; None for what can be neither."""
    namespace, _, pod = word.rpartition("/")
    is_one = is_subdomain(pod) and (is_label(namespace) if "/" in word else True)
    return Named(pod, namespace) if is_one else None


def _plain(said: str) -> str:
    """Return a text without what only Slack reads: links, mentions, entities, characters that nobody sees."""
    short = _LONG_DASH.sub(
        "--", _MARKUP.sub("", _MENTION.sub(" ", said[:_READ]))
    )  # a rule of 10,000 dashes is slow to undo
    return _ADDRESS.sub(" ", undo(short))


def _exported(labels: list[re.Match[str]]) -> list[re.Match[str]]:
    """Prefer what Prometheus kept of the pod itself to what it says of the exporter that told it."""
    return [one for one in labels if one["exported"]] or labels


def _spoken(said: str) -> Iterator[re.Match[str]]:
    """Yield what stands after the word pod; a bare word there is a name only if it looks like one ("pod is down")."""
    yield from _PATHS.finditer(said)
    for one in _SPOKEN.finditer(said):
        if one["quote"] or one["namespace"] or looks_made(_pod(one)):
            yield one


def _made(said: str) -> Iterator[re.Match[str]]:
    return (one for one in _MADE.finditer(said) if looks_made(_pod(one)) and "." not in _pod(one))


def _pod(found: re.Match[str]) -> str:
    return found["pod"].lower()


def _named(found: re.Match[str], namespaces: list[re.Match[str]]) -> Named:
    if found["namespace"]:
        return Named(_pod(found), found["namespace"].lower())
    place = max(bisect_right(namespaces, found.start(), key=re.Match.start) - 1, 0)
    nearest = namespaces[place : place + 1]
    name = nearest[0]["name"].lower() if nearest else ""
    return Named(_pod(found), name if is_label(name) else "")
