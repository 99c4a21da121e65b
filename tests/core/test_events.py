"""Events of both event APIs."""

from datetime import UTC, datetime

import pytest

from bot.core.events import Event, by_time, folded
from bot.core.resources import Json

EARLY, LATE = "2026-01-02T03:00:00Z", "2026-01-02T04:00:00.123456Z"
LATE_TIME = datetime(2026, 1, 2, 4, 0, 0, 123456, tzinfo=UTC)


def test_reads_an_event_of_the_old_api() -> None:
    """The old API counts in `count` and dates in `lastTimestamp`."""
    raw = {
        "type": "Warning",
        "reason": "BackOff",
        "message": "Back-off restarting",
        "count": 7,
        "eventTime": None,
        "firstTimestamp": EARLY,
        "lastTimestamp": LATE,
        "source": {"component": "kubelet"},
        "involvedObject": {"kind": "Pod", "name": "web-1", "uid": "u"},
    }
    event = Event.of(raw)
    assert event == Event(
        "Warning", "BackOff", "Back-off restarting", 7, LATE_TIME, "kubelet", kind="Pod", name="web-1", uid="u"
    )
    assert event.warning


def test_reads_an_event_of_the_new_api() -> None:
    """The new API counts in `series`, dates in `eventTime`, and leaves the old fields null."""
    raw = {
        "type": "Normal",
        "reason": "Scheduled",
        "note": "Successfully assigned",
        "eventTime": EARLY,
        "lastTimestamp": None,
        "count": None,
        "series": {"count": 3, "lastObservedTime": LATE},
        "reportingComponent": "default-scheduler",
        "source": {},
        "regarding": {"kind": "Pod", "name": "web-1"},
    }
    event = Event.of(raw)
    assert event == Event(
        "Normal", "Scheduled", "Successfully assigned", 3, LATE_TIME, "default-scheduler", kind="Pod", name="web-1"
    )
    assert not event.warning


@pytest.mark.parametrize("raw", [{}, dict.fromkeys(("type", "series", "count", "source", "involvedObject", "message"))])
def test_reads_nothing_out_of_nulls(raw: Json) -> None:
    """Missing and null fields leave an empty event that happened once."""
    assert Event.of(raw) == Event("", "")


def test_puts_the_newest_last() -> None:
    """Events are ordered by whichever time they have; one without any comes first."""
    raws: list[Json] = [
        {"reason": "c", "eventTime": LATE},
        {"reason": "a", "lastTimestamp": None},
        {"reason": "b", "metadata": {"creationTimestamp": EARLY}},
    ]
    assert [event.reason for event in by_time(raws)] == ["a", "b", "c"]


def test_folds_what_was_said_again() -> None:
    """Events that say the same of the same object are one, in the last one's place, with all their counts."""
    first = Event("Warning", "BackOff", "restarting", count=3, name="web", uid="1")
    other = Event("Normal", "Pulled", "here", name="web", uid="1")
    again = Event("Warning", "BackOff", "restarting", count=2, last=LATE_TIME, name="web", uid="1")
    namesake = Event("Warning", "BackOff", "restarting", name="web", uid="2")
    whole = Event("Warning", "BackOff", "restarting", count=5, last=LATE_TIME, name="web", uid="1")
    assert folded((first, other, again, namesake)) == (other, whole, namesake)


@pytest.mark.parametrize(
    ("path", "container"),
    [
        ("spec.containers{app}", "app"),
        ("spec.initContainers{prepare}", "prepare"),
        ("spec.ephemeralContainers{debugger-x}", "debugger-x"),
        ("spec.containers{}", ""),
        ("metadata.name", ""),
        (None, ""),
    ],
)
@pytest.mark.parametrize("key", ["involvedObject", "regarding"])
def test_names_the_container(key: str, path: str | None, container: str) -> None:
    """What is told of one container names it, by the field that both event APIs have for it."""
    assert Event.of({key: {"kind": "Pod", "fieldPath": path}}).container == container


def test_containers_are_not_folded_together() -> None:
    """The same words of two containers are two things that happened."""
    app, helper = (Event("Normal", "Started", "Container started", name="web", container=one) for one in ("a", "b"))
    assert folded((app, helper, app)) == (
        helper,
        Event("Normal", "Started", "Container started", 2, name="web", container="a"),
    )


def test_orders_one_second_as_it_was_written() -> None:
    """A fine time does not come after a coarse one of the same second that was written later."""
    scheduled = {"reason": "Scheduled", "eventTime": "2026-01-02T03:00:00.900000Z"}
    pulled = {"reason": "Pulled", "lastTimestamp": EARLY}
    raws = [{**pulled, "metadata": {"resourceVersion": "100"}}, {**scheduled, "metadata": {"resourceVersion": "99"}}]
    assert [event.reason for event in by_time(raws)] == ["Scheduled", "Pulled"]
    assert [event.reason for event in by_time([scheduled, pulled])] == ["Pulled", "Scheduled"]


def test_a_message_without_end_is_cut() -> None:
    """The old API takes a message of any length; podbot keeps more of it than it will ever show."""
    assert len(Event.of({"message": "x" * 1_000_000}).message) == 8_192
