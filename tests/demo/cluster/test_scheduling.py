"""Why pods wait for a node."""

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench, pod

_CLAIMS = "/api/v1/namespaces/shop/persistentvolumeclaims"


@pytest.mark.parametrize("storage", [{}, {"storageClassName": "on-first-use"}])
async def test_a_claim_is_waited_for(bench: Bench, storage: Json) -> None:
    """A pod waits until its claim is there and bound."""
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    bench.create(PODS, pod("web", spec={"volumes": volumes}))
    await bench.wait(5)
    why = '0/1 nodes are available: persistentvolumeclaim "data" not found. not found'
    assert bench.events("web") == [("FailedScheduling", why)]
    bench.create(_CLAIMS, {"metadata": {"name": "data"}, "spec": storage})
    await bench.wait(5)
    assert bench.status("web") == "Running"
    assert "unbound immediate PersistentVolumeClaims" in bench.events("web")[1][1]


async def test_a_claim_that_never_binds(bench: Bench) -> None:
    """A claim of an unknown class stays as it is, and one that was deleted binds to nothing."""
    for name, storage in (("odd", "nosuch"), ("gone", "on-first-use")):
        bench.create(_CLAIMS, {"metadata": {"name": name}, "spec": {"storageClassName": storage}})
    bench.ask("DELETE", f"{_CLAIMS}/gone")
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "odd"}}]
    bench.create(PODS, pod("web", spec={"volumes": volumes}))
    await bench.wait(5)
    assert "status" not in bench.get(f"{_CLAIMS}/odd")
    condition = bench.get(f"{PODS}/web")["status"]["conditions"][0]
    assert (condition["type"], condition["status"], condition["reason"]) == ("PodScheduled", "False", "Unschedulable")


async def test_a_node_without_room(bench: Bench) -> None:
    """A pod that asks for more than is left waits until another goes."""
    bench.pod("first", resources={"requests": {"cpu": "3", "memory": "1Gi"}})
    await bench.wait(1)
    bench.pod("second", resources={"requests": {"cpu": "2", "memory": "8Gi"}})
    await bench.wait(1)
    short = "1 Insufficient cpu, 1 Insufficient memory."
    tail = "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
    assert bench.events("second") == [("FailedScheduling", f"0/1 nodes are available: {short} {tail}")]
    bench.ask("DELETE", f"{PODS}/first", {"gracePeriodSeconds": 0})
    await bench.wait(2)
    assert bench.status("second") == "Running"


async def test_a_node_that_does_not_fit(bench: Bench) -> None:
    """A pod that wants another kind of node is not scheduled."""
    bench.create(PODS, pod("web", spec={"nodeSelector": {"disk": "fast"}}))
    await bench.wait(1)
    assert "didn't match Pod's node affinity/selector" in bench.events("web")[0][1]
