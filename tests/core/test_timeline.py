"""A pod's life, read from its status and its events."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from bot.core.events import by_time, folded
from bot.core.pods import Pod
from bot.core.resources import Json
from bot.core.timeline import Moment, Step, moments, steps
from tests.core.hostile import hostile
from tests.core.samples import event, pending, raw_pod, ready, running, waiting

NOW = datetime(2026, 1, 2, 4, 0, tzinfo=UTC)
KEYS = ("metadata", "spec", "status", "conditions", "containerStatuses", "state", "lastState", "terminated", "name")


def at(minutes: int, seconds: int = 0) -> str:
    """Return a time after three o'clock, as the API server writes it."""
    return f"2026-01-02T03:{minutes:02d}:{seconds:02d}Z"


def when(minutes: int, seconds: int = 0) -> datetime:
    """Return that time."""
    return datetime(2026, 1, 2, 3, minutes, seconds, tzinfo=UTC)


def condition(kind: str, since: str) -> Json:
    """Return a condition that is true since then."""
    return {"type": kind, "status": "True", "lastTransitionTime": since}


def ended(started: str, finished: str, code: int = 1, reason: str = "Error") -> Json:
    """Return the state of a run that has ended."""
    return {"terminated": {"exitCode": code, "reason": reason, "startedAt": started, "finishedAt": finished}}


def lived(status: Json, **more: Any) -> Pod:
    """Return a pod that was scheduled within three seconds."""
    conditions = [condition("PodScheduled", at(0, 8)), *status.pop("conditions", ())]
    return Pod.of(raw_pod(status={"conditions": conditions, **status}, **more))


def test_a_life_that_goes_well() -> None:
    """What runs was created, scheduled, started and ready; its steps leave out the run itself."""
    app = running("app", state={"running": {"startedAt": at(0, 20)}})
    pod = lived({"containerStatuses": [app], "conditions": [condition("Ready", at(0, 25))]})
    assert moments(pod, ()) == (
        Moment(when(0, 5), "created"),
        Moment(when(0, 8), "scheduled to node-a"),
        Moment(when(0, 20), "started", "app"),
        Moment(when(0, 25), "ready"),
    )
    assert steps(pod, (), NOW) == (
        Step("scheduled", timedelta(seconds=3)),
        Step("until started", timedelta(seconds=12)),
        Step("until ready", timedelta(seconds=5)),
    )


def test_a_life_of_crashes() -> None:
    """The run before failed, and the container waits since; events of one reason are told once."""
    last = ended(at(50), at(50, 2))
    app = waiting("app", "CrashLoopBackOff", restartCount=4, lastState=last)
    events = folded(by_time([event("BackOff", "a", last=at(52)), event("BackOff", "b", last=at(53))]))
    pod = lived({"containerStatuses": [app]})
    assert moments(pod, events)[2:] == (
        Moment(when(50), "restarted", "app"),
        Moment(when(50, 2), "failed: Error, exit code 1", "app", trouble=True),
        Moment(when(53), "BackOff", trouble=True),
    )
    assert steps(pod, events, NOW) == (
        Step("scheduled", timedelta(seconds=3)),
        Step("earlier run app", timedelta(seconds=2)),
        Step("waited app", timedelta(minutes=9, seconds=58), going_on=True),
    )


def test_a_run_after_a_failed_one() -> None:
    """Where the first run is remembered, so is how long it took to begin; the wait between two runs is over."""
    again = {"running": {"startedAt": at(2, 0)}}
    app = running("app", restartCount=1, lastState=ended(at(1), at(1, 30), 137, "OOMKilled"), state=again)
    pod = lived({"containerStatuses": [app], "conditions": [condition("Ready", at(2, 1))]})
    assert [(one.label, one.span.total_seconds()) for one in steps(pod, (), NOW)] == [
        ("scheduled", 3),
        ("until started", 52),
        ("earlier run app", 30),
        ("waited app", 30),
        ("until ready", 1),
    ]
    assert [one.what for one in moments(pod, ())][2:] == [
        "started",
        "failed: OOMKilled, exit code 137",
        "restarted",
        "ready",
    ]


def test_init_containers_come_first() -> None:
    """An init container's run is a step before the others start."""
    spec = {"initContainers": [{"name": "prepare"}], "containers": [{"name": "app"}]}
    prepare = {"name": "prepare", "state": ended(at(0, 10), at(0, 30), 0, "Completed")}
    app = running("app", state={"running": {"startedAt": at(0, 33)}})
    pod = lived({"initContainerStatuses": [prepare], "containerStatuses": [app]}, spec=spec)
    assert [(one.label, one.span.total_seconds()) for one in steps(pod, (), NOW)] == [
        ("scheduled", 3),
        ("run prepare", 20),
        ("until started", 3),
    ]


def test_what_has_not_begun() -> None:
    """A pod without a node waits for one; one with a node is being started."""
    unscheduled = Pod.of(pending(spec={"nodeName": None}))
    assert [(one.label, one.going_on) for one in steps(unscheduled, (), NOW)] == [("waits for a node", True)]
    placed = Pod.of(pending({"conditions": [condition("PodScheduled", at(0, 8))]}))
    assert steps(placed, (), NOW)[-1] == Step("being started", NOW - when(0, 8), going_on=True)


@pytest.mark.parametrize(
    ("message", "seconds"),
    [
        ('Successfully pulled image "x" in 2.5s (2.5s including waiting). Image size: 7 bytes.', 2.5),
        ('Successfully pulled image "x" in 350ms (1m2s including waiting).', 0.35),
        ('Successfully pulled image "x" in 1m2.5s', 62.5),
        ('Successfully pulled image "x" in 1h0m2s', 3602),
        ('Container image "x" already present on machine', None),
        ("in 99999999999999999999s", None),
    ],
)
def test_a_pull_is_a_step(message: str, seconds: float | None) -> None:
    """How long a pull took is read from the kubelet's own words."""
    events = by_time([event("Pulled", message, "Normal")])
    found = [one.span.total_seconds() for one in steps(lived({}), events, NOW) if one.label == "pulled"]
    assert found == ([] if seconds is None else [seconds])


def test_clocks_that_differ_take_no_time() -> None:
    """Where one machine's clock is behind another's, a step takes no time, and not less."""
    app = running("app", state={"running": {"startedAt": at(0, 6)}})
    pod = lived({"containerStatuses": [app], "conditions": [{**ready(), "lastTransitionTime": None}]})
    assert steps(pod, (), NOW)[-1] == Step("until started", timedelta(0))


@given(hostile(KEYS), hostile(("reason", "message", "type", "lastTimestamp")))
def test_hostile_json_has_some_life(raw: Json, told: Json) -> None:
    """Whatever a pod and its events hold, they are read, and steps take no less than no time."""
    pod, events = Pod.of(raw), by_time([told])
    assert all(one.at for one in moments(pod, events))
    assert all(one.span >= timedelta(0) for one in steps(pod, events, NOW))
