"""Why a pod does not run."""

import pytest

from bot.core.diagnosis import Finding, Stage, stage, why_not_running
from bot.core.events import Event
from bot.core.pods import Pod
from bot.core.resources import Json
from tests.core.samples import CREATED, ended, event, pending, raw_pod, ready, running, waiting

PULL = 'Failed to pull image "nginx:9": not found'


def of(*containers: Json, **status: object) -> Json:
    """Return a pod that is not ready, with these statuses of containers."""
    return pending({"containerStatuses": list(containers), **status})


def unscheduled(message: str, reason: str = "Unschedulable") -> Json:
    """Return a pod that no node has taken."""
    scheduled = {"type": "PodScheduled", "status": "False", "reason": reason, "message": message}
    return of(conditions=[scheduled])


@pytest.mark.parametrize(
    "raw",
    [
        raw_pod(),
        pending(),
        of(ended("app", 0), phase="Succeeded"),
        of(running("app"), phase="Running", conditions=[ready("False")]),
        of(conditions=[{"type": "PodScheduled", "status": "True"}]),
    ],
)
def test_finds_nothing_wrong_with_a_pod_that_is_well(raw: Json) -> None:
    """A pod that runs, has completed or just takes time has no finding."""
    assert why_not_running(Pod.of(raw)) is None


IMAGE = "the image nginx:1.22 of container app cannot be pulled"
IMAGE_HINT = "Check the image's name and tag, and that the cluster may pull it"
LOGS, PREVIOUS = ("logs web-1 -c app",), ("logs web-1 -c app -p",)
FAR = {"lastState": ended("app", 137, "OOMKilled")["state"], "restartCount": 4}
NEAR = {"lastState": ended("app", 2, "Error")["state"], "restartCount": 1}


@pytest.mark.parametrize(
    ("raw", "finding"),
    [
        (raw_pod(deletionTimestamp=CREATED), Finding("it is being deleted", stuck=True)),
        (
            of(phase="Failed", reason="Evicted", message="The node was low on memory"),
            Finding("it failed: Evicted", "The node was low on memory", stuck=True),
        ),
        (of(phase="Failed", message="odd"), Finding("it failed", "odd", stuck=True)),
        (
            of(phase="Failed", reason="DeadlineExceeded", message="Pod was active"),
            Finding("its time to live is over", "Pod was active", stuck=True),
        ),
        (
            of(ended("app", 3, "Error"), phase="Failed"),
            Finding("container app ended with exit code 3", lines=LOGS, stuck=True),
        ),
        (of(ended("app", 3, "Error")), Finding("container app ended with exit code 3", lines=LOGS)),
        (
            of({"name": "app", "state": {"terminated": {"exitCode": 137, "signal": 9, "message": "bye"}}}),
            Finding("container app ended with signal 9", "bye", lines=LOGS),
        ),
        (
            of(waiting("app", "CrashLoopBackOff", **FAR)),
            Finding(
                "container app ran out of memory with exit code 137, after 4 restarts",
                hint="Give it more memory",
                lines=PREVIOUS,
                stuck=True,
            ),
        ),
        (
            of(running("app", ready=False, **NEAR)),
            Finding("container app ended with exit code 2", lines=PREVIOUS),
        ),
        (of(waiting("app", "ErrImagePull", PULL)), Finding(f"{IMAGE} (ErrImagePull)", PULL, IMAGE_HINT)),
        (
            of(waiting("app", "ImagePullBackOff", "Back-off")),
            Finding(f"{IMAGE} (ImagePullBackOff)", "Back-off", IMAGE_HINT, stuck=True),
        ),
        (
            of(waiting("app", "CreateContainerConfigError", 'secret "db" not found')),
            Finding(
                "container app cannot be made (CreateContainerConfigError)",
                'secret "db" not found',
                "Make or mend what it names",
                stuck=True,
            ),
        ),
        (
            unscheduled("0/1 nodes are available: 1 Insufficient cpu."),
            Finding(
                "no node can take it now",
                "0/1 nodes are available: 1 Insufficient cpu.",
                "Ask for less, or free some",
            ),
        ),
        (
            unscheduled('persistentvolumeclaim "data" not found'),
            Finding(
                "its claim data does not exist",
                'persistentvolumeclaim "data" not found',
                "Make the claim first",
                ("volumes web-1",),
            ),
        ),
        (
            unscheduled("pod has unbound immediate PersistentVolumeClaims."),
            Finding(
                "a claim of it is not bound to a volume yet",
                "pod has unbound immediate PersistentVolumeClaims.",
                lines=("volumes web-1",),
            ),
        ),
        (
            unscheduled("gated", "SchedulingGated"),
            Finding("its scheduling gates are not removed yet", "gated"),
        ),
    ],
)
def test_finds_the_reason_in_the_status(raw: Json, finding: Finding) -> None:
    """Each trouble that a pod's status tells of has its own words."""
    assert why_not_running(Pod.of(raw)) == finding


def test_a_failed_init_container_is_the_reason() -> None:
    """Init containers are looked at before those that wait for them."""
    init = {"initContainerStatuses": [ended("setup", 1)]}
    raw = pending(init, spec={"initContainers": [{"name": "setup"}]})
    found = why_not_running(Pod.of(raw))
    assert found == Finding("container setup ended with exit code 1", lines=("logs web-1 -c setup",))


def test_takes_the_pulls_own_words_from_an_event() -> None:
    """A back-off says less of a failed pull than the event of the pull."""
    events = [Event.of(event("Failed", PULL)), Event.of(event("BackOff", "Back-off"))]
    found = why_not_running(Pod.of(of(waiting("app", "ImagePullBackOff", "Back-off"))), events)
    assert found is not None
    assert found.said == PULL


def test_takes_the_newest_trouble_from_events_where_the_status_says_nothing() -> None:
    """A volume that cannot be mounted is told by events alone."""
    events = [
        Event.of(event("FailedScheduling", "old")),
        Event.of(event("FailedMount", 'secret "tls" not found')),
        Event.of(event("Pulled", "well", kind="Normal")),
        Event.of(event("Unheard", "of")),
    ]
    found = why_not_running(Pod.of(pending()), events)
    assert found == Finding("a volume cannot be mounted", 'secret "tls" not found')


@pytest.mark.parametrize(
    ("raw", "reached"),
    [
        (raw_pod(), Stage.RUNNING),
        (of(running("app", ready=False), phase="Running", conditions=[ready("False")]), Stage.STARTING),
        (pending(), Stage.STARTING),
        (of(waiting("app", "ErrImagePull")), Stage.STARTING),
        (of(waiting("app", "ImagePullBackOff")), Stage.STUCK),
        (raw_pod(deletionTimestamp=CREATED), Stage.STUCK),
        (of(ended("app", 0), phase="Succeeded"), Stage.COMPLETED),
        (of(ended("app", 1), phase="Failed"), Stage.FAILED),
    ],
)
def test_tells_how_far_a_pod_has_come(raw: Json, reached: Stage) -> None:
    """Running means ready, and stuck means that waiting does not help."""
    pod = Pod.of(raw)
    assert stage(pod, why_not_running(pod)) is reached
