"""Whose logs are meant, and why a followed one has ended."""

from typing import Any

import pytest

from bot.core.errors import UsageError
from bot.core.logs import Source
from bot.core.logsources import sources_of, sources_of_all, why_over
from bot.core.names import ContainerName, PodName
from bot.core.pods import Pod
from bot.core.resources import Json

SOURCE = Source(PodName("web-1"), "uid-1", ContainerName("app"), restarts=1)
RUNNING: Json = {"running": {}}
ENDED: Json = {"terminated": {"exitCode": 3, "reason": "Error"}}


def pod(state: Json, *, uid: str = "uid-1", meta: Json | None = None, **more: Any) -> Pod:
    """Return a pod of one container in this state."""
    status = {"name": "app", "state": state, "restartCount": 1, **more}
    metadata = {"name": "web-1", "uid": uid, **(meta or {})}
    spec = {"containers": [{"name": "app"}]}
    return Pod.of({"metadata": metadata, "spec": spec, "status": {"containerStatuses": [status]}})


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (None, "the pod was deleted"),
        (pod(RUNNING, uid="uid-2"), "the pod was deleted"),
        (pod(RUNNING, meta={"deletionTimestamp": "2026-01-02T03:04:05Z"}), "the pod was deleted"),
        (Pod("web-1", uid="uid-1"), "the container is gone"),
        (pod(RUNNING, restartCount=2), "it was restarted; type it again to follow the new run"),
        (pod(ENDED), "it ended with exit code 3 (Error)"),
        (pod({"waiting": {}}, lastState=ENDED), "it ended with exit code 3 (Error)"),
        (pod(RUNNING, lastState=ENDED), ""),
    ],
)
def test_why_over(now: Pod | None, why: str) -> None:
    """The end of a log is told by what the pod is now; one that still runs tells nothing yet."""
    assert why_over(now, SOURCE) == why


@pytest.mark.parametrize(
    ("state", "more", "waits"),
    [
        (RUNNING, {}, ""),
        (ENDED, {}, ""),
        ({"waiting": {"reason": "CrashLoopBackOff"}}, {"lastState": ENDED}, ""),
        ({"waiting": {"reason": "ContainerCreating", "message": "soon"}}, {}, "ContainerCreating"),
        ({}, {}, "Pending"),
    ],
)
def test_a_source(state: Json, more: Json, waits: str) -> None:
    """A container that has run has a log; one that has not says what it waits for."""
    [source] = sources_of(pod(state, **more), None, every=False)
    assert (source.pod, source.uid, source.container, source.restarts) == ("web-1", "uid-1", "app", 1)
    assert source.waits == waits
    assert bool(source.why_missing) == bool(waits)
    assert source.prefix == "[pod/web-1/app]"


def test_sources_of_several() -> None:
    """Of several pods those count that have the container; where none has, that is said."""
    pods = [pod(RUNNING), Pod("bare", uid="uid-2")]
    assert [source.pod for source in sources_of_all(pods, ContainerName("app"), every=False)] == ["web-1"]
    with pytest.raises(UsageError, match="none of these pods has a container “no”"):
        sources_of_all(pods, ContainerName("no"), every=False)
