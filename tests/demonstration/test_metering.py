"""What the demo's metrics API tells of the pods that run."""

from bot.core.resources import Json
from bot.demonstration.metering import measure
from tests.handlers.shop import Shop

METRICS = "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods"


def told(shop: Shop) -> dict[str, Json]:
    """Measure, and return what is told of each pod."""
    shop.simulation.metrics = True
    measure(shop.simulation)
    return {one["metadata"]["name"]: one for one in shop.get(METRICS)["items"]}


async def test_what_runs_is_measured_anew() -> None:
    """Pods of which a container runs are measured, every 15 seconds; one that is gone or has ended is not."""
    shop = Shop()
    shop.pod("web", metadata={"labels": {"app": "cart"}})
    shop.pod("ended", "exit 1", spec={"restartPolicy": "Never"})
    await shop.wait(30)
    first = told(shop)
    assert list(first) == ["web"]
    assert first["web"]["containers"] == [{"name": "main", "usage": {"cpu": "3m", "memory": "2Mi"}}]
    shop.pod("new")
    await shop.wait(5)
    second = told(shop)
    assert list(second) == ["new", "web"]
    assert second["web"] == first["web"]
    await shop.wait(10)
    assert told(shop)["web"]["timestamp"] > first["web"]["timestamp"]
    shop.ask("DELETE", "/api/v1/namespaces/shop/pods/web", query={"gracePeriodSeconds": "0"})
    assert "web" not in told(shop)
