"""Which pods are in trouble, and whose they are."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.incidents import Trouble
from bot.core.pods import Pod
from bot.core.resources import Json
from bot.core.unwell import LONGEST, may_be_unwell, owner_of, packed, slim, trouble_of, unpacked
from tests.fakes import NOW


def pod(phase: str = "Running", state: Json | None = None, *, ready: bool = False, **meta: Any) -> Json:
    """Return a pod of one container that was made an hour ago."""
    made = (NOW - timedelta(hours=1)).isoformat()
    status = {"name": "main", "ready": ready, "state": state or {"running": {"startedAt": made}}, "restartCount": 3}
    conditions = [{"type": "Ready", "status": str(ready), "lastTransitionTime": made}]
    return {
        "metadata": {"name": "web", "namespace": "shop", "creationTimestamp": made, **meta},
        "spec": {"containers": [{"name": "main", "image": "busybox"}]},
        "status": {"phase": phase, "conditions": conditions, "containerStatuses": [status]},
    }


def owned(kind: str, name: str, **labels: str) -> Json:
    """Return the metadata of a pod with a controller."""
    return {"labels": labels, "ownerReferences": [{"kind": kind, "name": name, "controller": True}]}


def ended(minutes: float) -> Json:
    """Return the state of a container that failed so long ago."""
    return {"terminated": {"exitCode": 3, "finishedAt": (NOW - timedelta(minutes=minutes)).isoformat()}}


CRASHES = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}}


def test_a_pod_that_crashes_is_in_trouble() -> None:
    """It is told by its owner and by the rule that names the cause."""
    trouble = trouble_of(pod(state=CRASHES, **owned("Job", "sync")), NOW)
    assert trouble is not None
    assert (trouble.pod, trouble.owner, bool(trouble.rule)) == ("web", "Job sync", True)


@pytest.mark.parametrize(
    "raw",
    [
        pod(ready=True),
        pod("Succeeded", {"terminated": {"exitCode": 0}}),
        pod("Pending", {"waiting": {"reason": "ContainerCreating"}}, creationTimestamp=NOW.isoformat())
        | {"status": {}},
        pod(state=CRASHES, deletionTimestamp=NOW.isoformat()),
        pod("Failed", ended(11)),
    ],
    ids=["runs well", "has finished", "has just been made", "is ending", "failed long ago"],
)
def test_what_is_no_trouble(raw: Json) -> None:
    """What runs well, has finished, starts, ends, or is history is no incident."""
    assert trouble_of(raw, NOW) is None


def test_a_pod_that_failed_counts_for_ten_minutes() -> None:
    """Then its controller has made another one, or has given up."""
    failed = pod("Failed", ended(9))
    for condition in failed["status"]["conditions"]:
        condition["lastTransitionTime"] = (NOW - timedelta(minutes=9)).isoformat()
    assert isinstance(trouble_of(failed, NOW), Trouble)
    assert trouble_of(failed, NOW + timedelta(minutes=2)) is None


def test_what_must_be_looked_at_again() -> None:
    """Only what is well, or has finished, can be left until it changes."""
    assert not may_be_unwell(pod(ready=True), NOW)
    assert not may_be_unwell(pod("Succeeded"), NOW)
    assert may_be_unwell(pod("Pending", creationTimestamp=NOW.isoformat()), NOW)
    assert may_be_unwell(pod(state=CRASHES), NOW)


@pytest.mark.parametrize(
    ("meta", "owner"),
    [
        (owned("ReplicaSet", "api-5d8f7c9b64", **{"pod-template-hash": "5d8f7c9b64"}), "Deployment api"),
        (owned("ReplicaSet", "api-5d8f7c9b64"), "ReplicaSet api-5d8f7c9b64"),
        (owned("ReplicaSet", "api", **{"pod-template-hash": "5d8f7c9b64"}), "ReplicaSet api"),
        (owned("StatefulSet", "db"), "StatefulSet db"),
        ({}, "Pod web"),
    ],
)
def test_whose_a_pod_is(meta: Json, owner: str) -> None:
    """Of a Deployment's pods it is the Deployment, so that two releases are one owner."""
    assert owner_of(Pod.of(pod(**meta))) == owner


def test_what_nobody_reads_is_not_kept() -> None:
    """Managed fields go, and annotations but for the one that names the main container; the pod is not changed."""
    main = {"kubectl.kubernetes.io/default-container": "main"}
    raw = pod(managedFields=[{"manager": "kubelet"}], annotations={**main, "long": "x" * 1000})
    assert "managedFields" not in slim(raw)["metadata"]
    assert slim(raw)["metadata"]["annotations"] == main
    assert "annotations" not in slim(pod(annotations={"long": "x"}))["metadata"]
    assert "managedFields" in raw["metadata"]
    assert slim({"metadata": None}) == {"metadata": {}}


def test_a_packed_pod_comes_back_slim() -> None:
    """What is kept is small, and what is judged is the whole of it."""
    raw = pod(state=CRASHES, managedFields=[{}], labels={"a": "ä\ud800"})
    assert unpacked(packed(raw)) == slim(raw)
    assert trouble_of(unpacked(packed(raw)), NOW) == trouble_of(raw, NOW)


def test_an_owner_takes_no_more_room_than_a_name() -> None:
    """One pod's made-up owner must not fill the place where all watches are kept."""
    assert len(owner_of(Pod.of(pod(**owned("K" * 2_000_000, "n"))))) == LONGEST
