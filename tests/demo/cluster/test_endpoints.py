"""The simulated cluster's EndpointSlices."""

from bot.core.resources import Json
from tests.demo.cluster.bench import Bench

_SERVICES = "/api/v1/namespaces/shop/services"
_SLICES = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices"


def _slices(bench: Bench) -> list[Json]:
    found: list[Json] = bench.get(_SLICES)["items"]
    return found


def _service(bench: Bench, selector: Json | None) -> None:
    spec = {"ports": [{"port": 80}], **({"selector": selector} if selector else {})}
    bench.create(_SERVICES, {"metadata": {"name": "web"}, "spec": spec})


async def test_a_service_that_selects_nothing() -> None:
    """It has one slice, whose endpoints are null."""
    bench = Bench()
    _service(bench, {"app": "web"})
    await bench.wait(1)
    (found,) = _slices(bench)
    assert found["metadata"]["labels"]["kubernetes.io/service-name"] == "web"
    assert found["endpoints"] is None


async def test_a_service_without_a_selector() -> None:
    """Nobody makes slices for it."""
    bench = Bench()
    _service(bench, None)
    await bench.wait(1)
    assert _slices(bench) == []


async def test_pods_come_and_go() -> None:
    """A pod that runs is a ready endpoint; one that is not ready is told as such; one that has gone is left out."""
    bench = Bench()
    _service(bench, {"app": "web"})
    bench.pod("one", metadata={"labels": {"app": "web"}})
    probe = {"exec": {"command": ["false"]}, "periodSeconds": 1}
    bench.pod("two", metadata={"labels": {"app": "web"}}, readinessProbe=probe)
    await bench.wait(30)
    ends = {end["targetRef"]["name"]: end["conditions"]["ready"] for end in _slices(bench)[0]["endpoints"]}
    assert ends == {"one": True, "two": False}
    for name in ("one", "two"):
        bench.ask("DELETE", f"/api/v1/namespaces/shop/pods/{name}", {"gracePeriodSeconds": 0})
    await bench.wait(5)
    assert _slices(bench)[0]["endpoints"] is None


async def test_slices_go_with_their_service() -> None:
    """They are the Service's own."""
    bench = Bench()
    _service(bench, {"app": "web"})
    await bench.wait(1)
    bench.ask("DELETE", f"{_SERVICES}/web")
    await bench.wait(1)
    assert _slices(bench) == []
