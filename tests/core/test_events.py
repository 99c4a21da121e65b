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


def test_folds_no_two_containers() -> None:
    """What the kubelet says of one container and of another in the same words stays two events, and each is named."""
    paths = ("spec.containers{app}", "spec.containers{app}", "spec.initContainers{setup}", "spec.volumes", None)
    raws: list[Json] = [{"message": "Container created", "involvedObject": {"fieldPath": path}} for path in paths]
    told = folded(map(Event.of, raws))
    assert [(event.words, event.count) for event in told] == [
        ("app: Container created", 2),
        ("setup: Container created", 1),
        ("Container created", 2),
    ]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Back-off restarting failed container app in pod web", "Back-off restarting failed container app in pod web"),
        ("Started container: app", "Started container: app"),
        ("Pulled my-app", "app: Pulled my-app"),
        ("", "app: "),
    ],
)
def test_names_a_container_once(message: str, words: str) -> None:
    """A message that names its container already is left as it is; a longer name that holds it is another."""
    assert Event("Normal", "X", message, container="app").words == words


def test_orders_one_second_as_it_was_written() -> None:
    """A fine time does not come after a coarse one of the same second that was written later."""
    scheduled = {"reason": "Scheduled", "eventTime": "2026-01-02T03:00:00.900000Z"}
    pulled = {"reason": "Pulled", "lastTimestamp": EARLY}
    raws = [{**pulled, "metadata": {"resourceVersion": "100"}}, {**scheduled, "metadata": {"resourceVersion": "99"}}]
    assert [event.reason for event in by_time(raws)] == ["Scheduled", "Pulled"]
    assert [event.reason for event in by_time([scheduled, pulled])] == ["Pulled", "Scheduled"]
