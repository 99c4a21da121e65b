"""Reading what selects pods."""

from typing import Any

from bot.core.errors import Forbidden
from bot.core.pods import Pod
from bot.core.resources import Json
from bot.core.selecting import Selecting
from bot.steps.selecting import selecting
from tests.core.samples import raw_pod
from tests.fakes import FakeCluster

SERVICE: Json = {"metadata": {"name": "web", "uid": "s1"}, "spec": {"selector": {"app": "web"}}}
SET: Json = {"metadata": {"name": "web-7d9", "uid": "r1"}, "spec": {"selector": {"matchLabels": {"app": "web"}}}}
FOUND = (
    Selecting("Service", "web", "s1", {"app": "web"}),
    Selecting("ReplicaSet", "web-7d9", "r1", {"matchLabels": {"app": "web"}}),
)


def owned(name: str = "web-1", **owner: Any) -> Pod:
    """Return a pod with a controller."""
    reference = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-7d9", "uid": "r1", "controller": True}
    return Pod.of(raw_pod(name=name, ownerReferences=[{**reference, **owner}]))


async def test_an_owner_is_read_once() -> None:
    """Services are listed, and the controller of several pods is read once; no other controllers are."""
    cluster = FakeCluster({"list services": (SERVICE,), "get replicasets/web-7d9": SET})
    assert await selecting(cluster, [owned(), owned("web-2")]) == (FOUND, ())
    assert [call for call, _ in cluster.calls] == ["list services", "get replicasets/web-7d9"]


async def test_who_would_take_a_pod_without_a_controller() -> None:
    """For a pod without a controller the ReplicaSets are listed; what comes both ways is there once."""
    cluster = FakeCluster({"list services": (SERVICE,), "list replicasets": (SET,), "get replicasets/web-7d9": SET})
    assert await selecting(cluster, [owned(), Pod.of(raw_pod(name="alone"))]) == (FOUND, ())


async def test_every_kind_that_brings_pods_back_is_known() -> None:
    """Each kind of controller that Kubernetes ships is read at its own place in the API."""
    kinds = {
        "StatefulSet": ("apps/v1", "statefulsets"),
        "DaemonSet": ("apps/v1", "daemonsets"),
        "Job": ("batch/v1", "jobs"),
        "ReplicationController": ("v1", "replicationcontrollers"),
    }
    for kind, (version, plural) in kinds.items():
        cluster = FakeCluster({"list services": (), f"get {plural}/web-7d9": SET})
        (one,), unread = await selecting(cluster, [owned(kind=kind, apiVersion=version)])
        assert (one.kind, unread) == (kind, ())


async def test_what_may_not_be_read_is_said() -> None:
    """Each missing right is named, and the rest is read."""
    no = Forbidden("no")
    cluster = FakeCluster({"list services": no, "list replicasets": no, "get replicasets/web-7d9": SET})
    found, unread = await selecting(cluster, [owned(), Pod.of(raw_pod(name="alone"))])
    assert found == FOUND[1:]
    assert unread == (
        "Could not look at Services: the right to list services is missing.",
        "Could not look at ReplicaSets: the right to list replicasets is missing.",
    )
