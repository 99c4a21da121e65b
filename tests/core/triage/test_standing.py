"""How a pod stands before any rule is asked."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.resources import Json
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.standing import Standing, standing
from tests.core.samples import ended, pending, raw_pod, ready, running, waiting
from tests.fakes import NOW

_RECENT = "2026-01-02T03:04:00Z"
_CHECK = {"exec": {"command": ["x"]}, "periodSeconds": 30, "failureThreshold": 20}
_CHECKED: Json = {"containers": [{"name": "app", "readinessProbe": _CHECK}]}
_MOST = 2**31 - 1  # of either; the API server takes it, and their product is beyond any calendar
_ENDLESS: Json = {
    "containers": [{"name": "app", "readinessProbe": {**_CHECK, "periodSeconds": _MOST, "failureThreshold": _MOST}}]
}


def _running_unready(since: str = "2026-01-02T03:00:05Z") -> Json:
    state = {"running": {"startedAt": since}}
    return {"conditions": [ready("False")], "containerStatuses": [{"name": "app", "state": state}]}


@pytest.mark.parametrize(
    ("raw", "stands"),
    [
        ({}, Standing.ABSENT),
        (raw_pod(), Standing.HEALTHY),
        (raw_pod(status={"phase": "Succeeded"}), Standing.FINISHED),
        (raw_pod(status={"phase": "Failed"}), Standing.TROUBLED),
        (pending(creationTimestamp=_RECENT), Standing.STARTING),
        (pending(), Standing.TROUBLED),
        (raw_pod(deletionTimestamp="2026-01-02T03:04:00Z"), Standing.ENDING),
        (raw_pod(deletionTimestamp="2026-01-02T03:03:00Z"), Standing.TROUBLED),
        (raw_pod(deletionTimestamp="9999-12-31T23:59:59Z"), Standing.ENDING),
        (raw_pod(status=_running_unready(), creationTimestamp=_RECENT), Standing.STARTING),
        (raw_pod(status=_running_unready()), Standing.TROUBLED),
        (raw_pod(status=_running_unready(), spec=_CHECKED), Standing.STARTING),
        (raw_pod(status=_running_unready(), spec=_ENDLESS), Standing.STARTING),
        (raw_pod(status={"containerStatuses": [ended("app", 1)]}), Standing.TROUBLED),
        (
            raw_pod(status={"containerStatuses": [waiting("app", "Error", restartCount=1)]}),
            Standing.TROUBLED,
        ),
        (raw_pod(status={"containerStatuses": [running("app", restartCount=9)]}), Standing.HEALTHY),
    ],
)
def test_how_a_pod_stands(raw: dict[str, Any], stands: Standing) -> None:
    """Well, finished, beginning, ending, or in trouble."""
    assert standing(Snapshot(NOW, raw)) is stands


def test_a_start_takes_only_so_long() -> None:
    """What has just begun is in trouble when it has not come further after a while."""
    raw = pending(creationTimestamp=_RECENT)
    assert standing(Snapshot(NOW + timedelta(minutes=2), raw)) is Standing.TROUBLED
