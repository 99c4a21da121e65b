"""Why pods wait for a node."""

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench, claim, pod

_CLAIMS = "/api/v1/namespaces/shop/persistentvolumeclaims"


@pytest.mark.parametrize(("storage", "refused"), [({}, True), ({"storageClassName": "on-first-use"}, False)])
async def test_a_claim_is_waited_for(bench: Bench, storage: Json, *, refused: bool) -> None:
    """A pod waits until its claim is there and bound; one that binds on first use is bound for it."""
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    bench.create(PODS, pod("web", spec={"volumes": volumes}))
    await bench.wait(5)
    why = '0/1 nodes are available: persistentvolumeclaim "data" not found. not found'
    assert bench.events("web") == [("FailedScheduling", why)]
    bench.create(_CLAIMS, claim("data", **storage))
    await bench.wait(5)
    assert bench.status("web") == "Running"
    unbound = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"
    assert (("FailedScheduling", unbound) in bench.events("web")) == refused
    assert bench.get(f"{_CLAIMS}/data")["status"]["phase"] == "Bound"


async def test_a_claim_that_never_binds(bench: Bench) -> None:
    """A claim of an unknown class stays Pending, and one that was deleted binds to nothing."""
    for name, storage in (("odd", "nosuch"), ("gone", "on-first-use")):
        bench.create(_CLAIMS, claim(name, storageClassName=storage))
    bench.ask("DELETE", f"{_CLAIMS}/gone")
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "odd"}}]
    bench.create(PODS, pod("web", spec={"volumes": volumes}))
    await bench.wait(5)
    assert bench.get(f"{_CLAIMS}/odd")["status"] == {"phase": "Pending"}
    assert bench.ask("GET", f"{_CLAIMS}/gone").status == 404
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
