"""From pods in trouble to incidents, folded by owner and cause: when one opens, gets worse, is over, and comes again.

All of it is a function of what was known, what is seen and the time. An observation must be whole: that a pod is not
among the troubles says something too.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things must last.

    `grace`: a pod in trouble, before anybody is told, for a rollout that goes well has pods that fail once. `calm`: no
    trouble, before it is over, for a pod that crashes runs between two crashes. `again`: what comes again within that
    time after its end is the same incident.
    """

    grace: timedelta = timedelta(seconds=30)
    calm: timedelta = timedelta(seconds=60)
    again: timedelta = timedelta(minutes=10)


PATIENCE: Final = Patience()

Kind = tuple[str, str]
"""An owner and the rule that names the cause: what is alike in both is one incident."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A pod that does not stand well; `owner` as people know it ("Deployment api"), `rule` the cause's id or empty."""

    pod: str
    owner: str
    rule: str

    @property
    def kind(self) -> Kind:
        """What it is folded by."""
        return self.owner, self.rule


@dataclass(frozen=True, slots=True)
class Incident:
    """What was opened. `cause` is a sentence; `pods` are those last seen in trouble, `last` when that was.

    `first` is how many there were when it opened, `peak` the most at once. `recovered` is when it ended, None while it
    goes on; `times` is how often it has come. `at_least`: there may have been more pods than were counted.
    """

    owner: str
    rule: str
    cause: str
    opened: datetime
    last: datetime
    pods: tuple[str, ...]
    first: int
    peak: int
    recovered: datetime | None = None
    times: int = 1
    at_least: bool = False

    @property
    def kind(self) -> Kind:
        """What it is folded by."""
        return self.owner, self.rule

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.recovered is None


@dataclass(frozen=True, slots=True)
class Span:
    """Since when a pod has been in trouble, and when it was seen so last."""

    since: datetime
    last: datetime


Pending = Mapping[Kind, Mapping[str, Span]]
"""Pods in trouble that nobody has been told of, by what they would be folded by."""


@dataclass(frozen=True, slots=True)
class Ripe:
    """An incident that should open: its pods, and since when the first of them has been in trouble."""

    kind: Kind
    pods: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """What is known after an observation: incidents in their order, what is pending, and what of that is ripe."""

    incidents: tuple[Incident, ...]
    pending: Pending
    ripe: tuple[Ripe, ...] = field(default=())


def step(
    known: Sequence[Incident],
    pending: Pending,
    seen: Collection[Trouble],
    now: datetime,
    patience: Patience = PATIENCE,
    *,
    is_cut: bool = False,
) -> Step:
    """Return what an observation makes of what was known; `is_cut`: some pods were left out of it.

    A pod that is part of an open incident stays its part, whatever the cause looks like meanwhile.
    """
    owned, free = _assigned(known, seen)
    incidents = tuple(_gone_on(one, owned[place], now, patience) for place, one in enumerate(known))
    waiting = _waiting(pending, free, now, patience)
    ripe = tuple(_ripe(waiting, now, patience))
    again = {one.kind: one for one in ripe}
    back = {one.kind for one in incidents if one.kind in again and _may_come_again(one, now, patience)}
    reopened = tuple(
        _come_again(one, again[one.kind], now) if one.kind in back and _may_come_again(one, now, patience) else one
        for one in incidents
    )
    counted = tuple(replace(one, at_least=True) if is_cut and one.is_open else one for one in reopened)
    return Step(counted, without(waiting, back), tuple(one for one in ripe if one.kind not in back))


def opened(ripe: Ripe, cause: str, now: datetime, *, is_cut: bool = False) -> Incident:
    """Return the incident that something ripe becomes."""
    owner, rule = ripe.kind
    many = len(ripe.pods)
    return Incident(owner, rule, cause, ripe.since, now, ripe.pods, many, many, at_least=is_cut)


def without(pending: Pending, kinds: Collection[Kind]) -> Pending:
    """Return what is pending but for these, which have been opened."""
    return {kind: spans for kind, spans in pending.items() if kind not in kinds}


def adopted(one: Incident, since: datetime) -> Incident:
    """Return an incident that is seen again `since` then: whether it went on meanwhile nobody saw, so it did.

    Another replica knew it until then, or this one did and could not look.
    """
    return replace(one, last=max(one.last, since)) if one.is_open else one


def is_over(incidents: Iterable[Incident], now: datetime, patience: Patience = PATIENCE) -> bool:
    """Whether all of them ended so long ago that what comes now is something new."""
    return all(one.recovered is not None and now - one.last >= patience.again for one in incidents)


def allotted(items: Sequence[Item], left: int) -> tuple[tuple[Item, ...], ...]:
    """Return what goes into each of at most `left` messages: one each, and what is too much all in the last."""
    if left <= 0 or not items:
        return ()
    if len(items) <= left:
        return tuple((one,) for one in items)
    return (*((one,) for one in items[: left - 1]), tuple(items[left - 1 :]))


def _assigned(
    known: Sequence[Incident], seen: Collection[Trouble]
) -> tuple[Mapping[int, tuple[str, ...]], tuple[Trouble, ...]]:
    """Return the pods of each open incident, by its place, and the troubles that belong to none."""
    by_pod = {(one.owner, pod): place for place, one in enumerate(known) if one.is_open for pod in one.pods}
    by_kind = {one.kind: place for place, one in enumerate(known) if one.is_open}
    owned: dict[int, tuple[str, ...]] = dict.fromkeys(range(len(known)), ())
    free = []
    for trouble in sorted(seen, key=lambda one: one.pod):
        place = by_pod.get((trouble.owner, trouble.pod), by_kind.get(trouble.kind))
        if place is None:
            free.append(trouble)
        else:
            owned[place] = (*owned[place], trouble.pod)
    return owned, tuple(free)


def _gone_on(one: Incident, pods: tuple[str, ...], now: datetime, patience: Patience) -> Incident:
    if not one.is_open:
        return one
    if pods:
        return replace(one, pods=pods, peak=max(one.peak, len(pods)), last=now)
    if now - one.last >= patience.calm:
        return replace(one, recovered=one.last)
    return one  # its pods stay known: one of them may be running between two crashes


def _waiting(pending: Pending, free: Iterable[Trouble], now: datetime, patience: Patience) -> Pending:
    spans: dict[Kind, dict[str, Span]] = {}
    for kind, pods in pending.items():
        spans[kind] = {pod: span for pod, span in pods.items() if now - span.last < patience.calm}
    for trouble in free:
        known = spans.setdefault(trouble.kind, {})
        known[trouble.pod] = Span(known[trouble.pod].since if trouble.pod in known else now, now)
    return {kind: pods for kind, pods in spans.items() if pods}


def _ripe(waiting: Pending, now: datetime, patience: Patience) -> Iterator[Ripe]:
    for kind, spans in waiting.items():
        here = {pod: span for pod, span in spans.items() if span.last == now}
        if any(now - span.since >= patience.grace for span in here.values()):
            yield Ripe(kind, tuple(sorted(here)), min(span.since for span in here.values()))


def _may_come_again(one: Incident, now: datetime, patience: Patience) -> bool:
    return not one.is_open and now - one.last < patience.again


def _come_again(one: Incident, ripe: Ripe, now: datetime) -> Incident:
    peak = max(one.peak, len(ripe.pods))
    return replace(one, pods=ripe.pods, peak=peak, last=now, recovered=None, times=one.times + 1)
