"""A view of events, whichever of the two event APIs wrote them.

The old one fills lastTimestamp and count, the new one eventTime and series, each leaving the other's fields null.
Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.core.ages import moment
from bot.core.reading import mapping, number, text
from bot.core.resources import Json

# What the kubelet tells of one container; its newer messages do not name it:
# https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/container/ref.go
_CONTAINER = re.compile(r"spec\.(?:containers|initContainers|ephemeralContainers)\{([^{}]{1,63})\}")
_READ = 8_192  # characters of a message, far beyond those that are shown; the newer API takes 1,024
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened `count` times, lastly at `last` (UTC, None where no field says when).

    `container` is the one of the pod that it is about, where it is about one.
    """

    type: str
    reason: str
    message: str = ""
    count: int = 1
    last: datetime | None = None
    source: str = ""
    kind: str = ""
    name: str = ""
    uid: str = ""
    container: str = ""

    @property
    def warning(self) -> bool:
        """Whether it tells of trouble."""
        return self.type == "Warning"

    @classmethod
    def of(cls, raw: Json) -> "Event":
        """Read an event's raw JSON."""
        about, series = mapping(raw.get("involvedObject") or raw.get("regarding")), mapping(raw.get("series"))
        container = _CONTAINER.fullmatch(text(about.get("fieldPath")))
        return cls(
            type=text(raw.get("type")),
            reason=text(raw.get("reason")),
            message=(text(raw.get("message")) or text(raw.get("note")))[:_READ],
            count=number(series.get("count")) or number(raw.get("count")) or 1,
            last=_last(raw),
            source=text(mapping(raw.get("source")).get("component")) or text(raw.get("reportingComponent")),
            kind=text(about.get("kind")),
            name=text(about.get("name")),
            uid=text(about.get("uid")),
            container=container[1] if container else "",
        )


def of_object(raws: Iterable[Json], uid: str) -> tuple[Json, ...]:
    """Return the events of one object out of those of all that had its name; those that name no UID may be its own."""
    return tuple(raw for raw in raws if _uid(raw) in {uid, ""})


def by_time(raws: Iterable[Json]) -> tuple[Event, ...]:
    """Return events, the newest last and those without a time first; the API server's own order is by name.

    Those of one second come as they were written, for the old API's times are no finer and the new one's are.
    """
    return tuple(map(Event.of, sorted(raws, key=_order)))


def folded(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return those that say the same of the same object as one: in the last one's place, with their counts added.

    What is told of one of its containers is another thing than what is told of another.
    """
    told: dict[tuple[str, ...], Event] = {}
    for event in events:
        about = (event.kind, event.name, event.uid, event.container)
        same = (event.type, event.reason, *about, event.message)
        earlier = told.pop(same, None)
        told[same] = replace(event, count=event.count + earlier.count) if earlier else event
    return tuple(told.values())


def _uid(raw: Json) -> str:
    return text(mapping(raw.get("involvedObject") or raw.get("regarding")).get("uid"))


def _order(raw: Json) -> tuple[datetime, int, str, datetime]:
    """Return what to sort by; a version is compared as the number that it is, whatever its length.

    Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions.
    """
    last = _last(raw) or _LONG_AGO
    version = text(mapping(raw.get("metadata")).get("resourceVersion"))
    return last.replace(microsecond=0), len(version), version, last


def _last(raw: Json) -> datetime | None:
    times = (
        mapping(raw.get("series")).get("lastObservedTime"),
        raw.get("lastTimestamp"),
        raw.get("eventTime"),
        raw.get("firstTimestamp"),
        mapping(raw.get("metadata")).get("creationTimestamp"),
    )
    return next(filter(None, map(moment, times)), None)
