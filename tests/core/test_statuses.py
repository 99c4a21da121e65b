"""The STATUS and READY columns of kubectl."""

import pytest

from bot.core.pods import Pod
from bot.core.resources import Json
from bot.core.statuses import ready_word, status_word
from tests.core.samples import CREATED, ended, pending, raw_pod, ready, running, waiting

TWO = {"containers": [{"name": "app"}, {"name": "log"}]}
INIT = {"initContainers": [{"name": "one"}, {"name": "two"}]}
SIDECAR = {"initContainers": [{"name": "log", "restartPolicy": "Always"}]}


def statuses(*containers: Json, **more: object) -> Json:
    """Return a pod's status with these statuses of ordinary containers."""
    return {"containerStatuses": list(containers), **more}


def init(*containers: Json) -> Json:
    """Return a pod's status with these statuses of init containers."""
    return {"initContainerStatuses": list(containers)}


@pytest.mark.parametrize(
    ("word", "raw"),
    [
        ("Running", raw_pod()),
        ("Unknown", {"metadata": {"name": "web-1"}}),
        ("ContainerCreating", pending()),
        ("Pending", pending({"containerStatuses": None})),
        ("Evicted", raw_pod(status=statuses(phase="Failed", reason="Evicted"))),
        ("CrashLoopBackOff", raw_pod(status=statuses(waiting("app", "CrashLoopBackOff")))),
        ("OOMKilled", raw_pod(status=statuses(ended("app", 137, "OOMKilled")))),
        ("ExitCode:3", raw_pod(status=statuses(ended("app", 3)))),
        ("Signal:9", raw_pod(status=statuses({"name": "app", "state": {"terminated": {"signal": 9}}}))),
        ("Completed", raw_pod(status=statuses(ended("app", 0, "Completed"), phase="Succeeded"))),
        ("Running", raw_pod(spec=TWO, status=statuses(ended("app", 0, "Completed"), running("log")))),
        (
            "NotReady",
            raw_pod(
                spec=TWO, status=statuses(ended("app", 0, "Completed"), running("log"), conditions=[ready("False")])
            ),
        ),
        ("Terminating", raw_pod(deletionTimestamp=CREATED)),
        ("Unknown", raw_pod(deletionTimestamp=CREATED, status={"reason": "NodeLost"})),
        (
            "Completed",
            raw_pod(
                deletionTimestamp=CREATED,
                status=statuses(ended("app", 0, "Completed"), phase="Succeeded"),
            ),
        ),
        (
            "SchedulingGated",
            pending(
                {
                    "containerStatuses": [],
                    "conditions": [{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}],
                }
            ),
        ),
        ("Init:0/2", pending(init(running("one"), waiting("two", "PodInitializing")), spec=INIT)),
        ("Init:1/2", pending(init(ended("one", 0), waiting("two", "PodInitializing")), spec=INIT)),
        ("Init:Error", pending(init(ended("one", 1, "Error"), waiting("two")), spec=INIT)),
        ("Init:ExitCode:1", pending(init(ended("one", 1), waiting("two")), spec=INIT)),
        ("Init:ImagePullBackOff", pending(init(waiting("one", "ImagePullBackOff"), waiting("two")), spec=INIT)),
        ("Init:0/1", pending(init(waiting("log", "PodInitializing")), spec=SIDECAR)),
        ("ContainerCreating", pending(init(running("log")), spec=SIDECAR)),
        (
            "ContainerCreating",
            pending(
                {
                    **init(waiting("log", "CrashLoopBackOff")),
                    "conditions": [{"type": "Initialized", "status": "True"}],
                },
                spec=SIDECAR,
            ),
        ),
    ],
)
def test_prints_the_status_as_kubectl_does(word: str, raw: Json) -> None:
    """The word is the one of kubectl's STATUS column."""
    assert status_word(Pod.of(raw)) == word


@pytest.mark.parametrize(
    ("word", "raw"),
    [
        ("1/1", raw_pod()),
        ("0/1", pending()),
        ("1/2", raw_pod(spec=TWO)),
        ("2/2", raw_pod(spec=SIDECAR, status=init(running("log")))),
        ("1/2", raw_pod(spec=SIDECAR, status=init(running("log", ready=False)))),
        ("1/1", raw_pod(spec=INIT, status=init(ended("one", 0), ended("two", 0)))),
    ],
)
def test_counts_ready_containers_as_kubectl_does(word: str, raw: Json) -> None:
    """Ordinary containers and native sidecars count, other init containers do not."""
    assert ready_word(Pod.of(raw)) == word
