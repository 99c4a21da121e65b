"""Views of pods and containers over raw JSON."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.containers import Container, Running, Terminated, Waiting
from bot.core.pods import Condition, Owner, Pod, default_container
from bot.core.resources import Json
from bot.core.volume_sources import Volume
from tests.core.samples import CREATED, ended, raw_pod, ready, running

START = datetime(2026, 1, 2, 3, 0, 5, tzinfo=UTC)


def test_reads_a_whole_pod() -> None:
    """Every field of the view comes from where the API reference puts it."""
    raw = raw_pod(
        labels={"app": "web"},
        annotations={"who": "alice"},
        finalizers=["example.com/wait"],
        resourceVersion="7",
        ownerReferences=[
            {"kind": "Note", "name": "n"},
            {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "u", "controller": True},
        ],
        spec={
            "serviceAccountName": "web",
            "restartPolicy": "Always",
            "initContainers": [{"name": "log", "image": "busybox:1.35", "restartPolicy": "Always"}],
            "volumes": [
                {"name": "tmp", "emptyDir": {}},
                {"name": "data", "persistentVolumeClaim": {"claimName": "data-0"}},
                {"name": "conf", "configMap": {"name": "web-conf"}},
                {"name": "odd"},
            ],
        },
        status={
            "podIP": "10.0.0.7",
            "reason": "Odd",
            "message": "very",
            "conditions": [{**ready(), "reason": "r", "message": "m", "lastTransitionTime": CREATED}],
            "initContainerStatuses": [running("log")],
        },
    )
    assert Pod.of(raw) == Pod(
        name="web-1",
        namespace="shop",
        uid="uid-web-1",
        version="7",
        labels={"app": "web"},
        annotations={"who": "alice"},
        finalizers=("example.com/wait",),
        owner=Owner("apps/v1", "ReplicaSet", "web", "u"),
        created=START,
        phase="Running",
        reason="Odd",
        message="very",
        node="node-a",
        ip="10.0.0.7",
        service_account="web",
        restart_policy="Always",
        conditions=(Condition("Ready", "True", "r", "m", START),),
        volumes=(
            Volume("tmp", "emptyDir"),
            Volume("data", "persistentVolumeClaim", "data-0"),
            Volume("conf", "configMap", "web-conf"),
            Volume("odd", ""),
        ),
        containers=(Container("app", "nginx:1.22", Running(START), ready=True, started=True),),
        init_containers=(
            Container("log", "busybox:1.35", Running(START), ready=True, started=True, restart_policy="Always"),
        ),
    )


NULLS: Json = {
    "metadata": dict.fromkeys(("name", "labels", "finalizers", "ownerReferences", "deletionTimestamp")),
    "spec": dict.fromkeys(("containers", "volumes", "nodeName")),
    "status": dict.fromkeys(("conditions", "containerStatuses", "phase", "podIP")),
}
STRANGE: Json = {
    "metadata": {"name": 1, "labels": [], "creationTimestamp": 5, "deletionGracePeriodSeconds": True},
    "spec": {"containers": ["app", None], "volumes": {}},
    "status": [],
}


@pytest.mark.parametrize("raw", [{}, {"metadata": None, "spec": None, "status": None}, NULLS, STRANGE])
def test_reads_nothing_out_of_nulls(raw: Json) -> None:
    """Missing, null and strange values leave an empty view, and no error."""
    assert Pod.of(raw) == Pod(name="")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (None, None),
        ({"name": "app"}, Waiting()),
        ({"name": "app", "state": {"waiting": {"reason": "r", "message": "m"}}}, Waiting("r", "m")),
        ({"name": "app", "state": {"waiting": None, "running": {"startedAt": None}}}, Running()),
        (ended("app", 3, "Error"), Terminated(3, "Error")),
    ],
)
def test_reads_the_state_of_a_container(status: Any, state: object) -> None:
    """A container's state is one of three, and unknown where the kubelet has reported nothing."""
    pod = Pod.of(raw_pod(status={"containerStatuses": [status]}))
    assert pod.containers[0].state == state


def test_tells_when_a_pod_was_deleted() -> None:
    """The deletion began a grace period before the deletionTimestamp."""
    pod = Pod.of(raw_pod(deletionTimestamp=CREATED, deletionGracePeriodSeconds=30))
    assert pod.deleted == START - timedelta(seconds=30)
    assert Pod.of(raw_pod()).deleted is None


@pytest.mark.parametrize("seconds", [92_000_000_000, 10**15])
def test_a_grace_period_beyond_the_calendar_is_left_out(seconds: int) -> None:
    """The API server takes any number of seconds; where no date is that long before, the deletionTimestamp stands."""
    assert Pod.of(raw_pod(deletionTimestamp=CREATED, deletionGracePeriodSeconds=seconds)).deleted == START


@pytest.mark.parametrize(
    ("annotation", "chosen"), [("", "app"), ("log", "log"), ("not-there", "app"), ("setup", "setup")]
)
def test_chooses_the_container_that_kubectl_would(annotation: str, chosen: str) -> None:
    """The annotated container, where there is one of that name, else the first ordinary one."""
    spec = {"initContainers": [{"name": "setup"}], "containers": [{"name": "app"}, {"name": "log"}]}
    raw = raw_pod(spec=spec, annotations={"kubectl.kubernetes.io/default-container": annotation})
    container = default_container(Pod.of(raw))
    assert container is not None
    assert container.name == chosen


def test_a_pod_without_containers_has_no_default_one() -> None:
    """Without a container there is none to choose."""
    assert default_container(Pod("web-1")) is None
