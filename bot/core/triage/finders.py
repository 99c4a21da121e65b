"""What most rules are made of: a reason, a pattern over the message, and a cause that takes the pattern's groups.

A cause is podbot's own text; `{name}` stands for a group of the pattern, `{container}` and `{image}` for the
container's. What is put in is text from the cluster, and is never a pattern or a template itself.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.core.containers import Container
from bot.core.events import Event
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.looking import condition_proof, event_proof, is_being_made, matching, waits
from bot.core.triage.next_steps import Next, describe
from bot.core.triage.snapshot import Snapshot

Finder = Callable[[Snapshot], Iterator[Finding]]
While = Callable[[Snapshot], bool]


def always(_: Snapshot) -> bool:
    """Whatever the snapshot is like."""
    return True


@dataclass(frozen=True, slots=True)
class Cause:
    """How a rule says what it has found: `words` with places for what the message held, then what to do."""

    words: str
    advice: str = ""
    step: Next = describe
    sureness: Sureness = Sureness.CERTAIN

    def found(
        self,
        seen: Snapshot,
        proofs: Iterable[Evidence],
        *,
        groups: Mapping[str, str | None] | None = None,
        container: Container | None = None,
        weight: int = 0,
    ) -> Finding:
        """Return the finding."""
        name = container.name if container else ""
        known = {"container": name, "image": container.image if container else "", "pod": seen.pod.name}
        told = {key: value or "" for key, value in (groups or {}).items()}
        words = " ".join(self.words.format_map({**known, **told}).split())
        step = self.step(seen, name)
        return Finding(words, tuple(proofs), name, self.sureness, step, self.advice, weight)


def waiting(reasons: Collection[str], cause: Cause, pattern: str = "") -> Finder:
    """Return a rule over the reason, and the message, that containers wait for."""

    def find(seen: Snapshot) -> Iterator[Finding]:
        for one in waits(seen, reasons, pattern):
            groups = _groups(pattern, one.said)
            yield cause.found(seen, (one.proof,), groups=groups, container=one.container)

    return find


def happened(
    reasons: Collection[str], cause: Cause, pattern: str = "", *, during: While = is_being_made, kind: str = ""
) -> Finder:
    """Return a rule over the newest event of these reasons: the pod's own, or those of objects of a kind."""

    def find(seen: Snapshot) -> Iterator[Finding]:
        if not during(seen):
            return
        events = [one for one in seen.all_events if one.kind == kind] if kind else seen.events
        for event in list(matching(events, reasons, pattern))[:1]:
            container = _named(seen, event)
            yield cause.found(seen, (event_proof(event),), groups=_groups(pattern, event.message), container=container)

    return find


def conditioned(kind: str, cause: Cause, *, reasons: Collection[str] = (), status: str = "True") -> Finder:
    """Return a rule over a condition of the pod's."""

    def find(seen: Snapshot) -> Iterator[Finding]:
        found = seen.pod.condition(kind)
        if found and found.status == status and (not reasons or found.reason in reasons):
            yield cause.found(seen, (condition_proof(found),))

    return find


def ended_as(reasons: Collection[str], cause: Cause, pattern: str = "") -> Finder:
    """Return a rule over the reason for which a whole pod failed, and the message."""

    def find(seen: Snapshot) -> Iterator[Finding]:
        pod = seen.pod
        if pod.reason in reasons and re.search(pattern, pod.message, re.IGNORECASE):
            proof = Evidence("status.reason", ": ".join(filter(None, (pod.reason, pod.message))))
            yield cause.found(seen, (proof,), groups=_groups(pattern, pod.message))

    return find


def either(*finders: Finder) -> Finder:
    """Return a rule of several ways to see the same: what the first that finds anything finds."""

    def find(seen: Snapshot) -> Iterator[Finding]:
        for one in finders:
            found = list(one(seen))
            if found:
                yield from found
                return

    return find


def _groups(pattern: str, message: str) -> Mapping[str, str | None]:
    found = re.search(pattern, message, re.IGNORECASE)
    return found.groupdict() if found else {}


def _named(seen: Snapshot, event: Event) -> Container | None:
    return next((one for one in seen.pod.all_containers if one.name == event.container), None)
