"""How causes and their proofs are worded."""

import pytest

from bot.core.events import Event
from bot.core.triage.judging import judge
from bot.core.triage.looking import event_proof
from bot.core.triage.snapshot import Snapshot
from tests.core.samples import event, raw_pod
from tests.fakes import NOW

SHORT = "0/1 nodes are available: 1 Insufficient {}."


def _unscheduled(resource: str, size: str) -> Snapshot:
    condition = {
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": SHORT.format(resource),
    }
    spec = {
        "nodeName": "",
        "containers": [{"name": "app", "image": "app:1", "resources": {"requests": {resource: size}}}],
    }
    return Snapshot(
        NOW, raw_pod(spec=spec, status={"phase": "Pending", "conditions": [condition], "containerStatuses": []})
    )


@pytest.mark.parametrize(
    ("resource", "size", "asked"),
    [
        ("cpu", "64", "64 cores"),
        ("cpu", "1", "1 core"),
        ("cpu", "1500m", "1500m"),
        ("memory", "1073741824", "1073741824 bytes"),
        ("memory", "8Gi", "8Gi"),
        ("example.com/gpu", "2", "2"),
    ],
)
def test_what_is_short_has_its_unit(resource: str, size: str, asked: str) -> None:
    """A request that is written as a bare number is told with its unit; the condition that proves it names itself."""
    found = judge(_unscheduled(resource, size)).first
    assert found
    assert found.cause.endswith(f": app asks for {asked}")
    assert found.evidence[0].quote == f"PodScheduled is False, Unschedulable: {SHORT.format(resource)}"


def test_an_event_that_says_nothing_more() -> None:
    """What ends in a blank, as a probe's does that printed nothing, is told without it."""
    told = Event.of({**event("Unhealthy", "Readiness probe failed: "), "count": 22})
    assert event_proof(told).quote == "Readiness probe failed: (22 times)"
