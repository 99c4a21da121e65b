"""What pods use, beside what they request and may use."""

from decimal import Decimal
from typing import Any

from bot.core.consumption import Figure, measured
from bot.core.resources import Json
from tests.core.samples import CREATED, raw_pod

MI = 2**20


def resources(name: str, **kinds: Any) -> Json:
    """Return a container with these requests and limits."""
    return {"name": name, "image": "x", "resources": kinds}


def usage(*containers: tuple[str, str, str]) -> Json:
    """Return a PodMetrics of web-1 with each container's CPU and memory."""
    used = [{"name": name, "usage": {"cpu": cpu, "memory": memory}} for name, cpu, memory in containers]
    return {"metadata": {"name": "web-1"}, "timestamp": CREATED, "window": "15s", "containers": used}


def test_a_pods_use_is_the_sum_of_its_containers() -> None:
    """Sidecars count with the ordinary containers, init containers that have ended do not."""
    init = [
        resources("prepare", requests={"cpu": "4"}),
        {**resources("proxy", requests={"cpu": "50m"}, limits={"memory": "64Mi"}), "restartPolicy": "Always"},
    ]
    app = resources("app", requests={"cpu": "100m", "memory": "32Mi"}, limits={"memory": "64Mi"})
    pod = raw_pod(spec={"initContainers": init, "containers": [app]})
    found = measured(pod, usage(("proxy", "10m", "16Mi"), ("app", "290123456n", "32Mi")))
    assert found.whole.cpu == Figure(Decimal("0.300123456"), Decimal("0.15"), None)
    assert found.whole.memory == Figure(Decimal(48 * MI), Decimal(32 * MI), Decimal(128 * MI))
    assert found.whole.memory.of_limit == Decimal("0.375")
    assert [(one.container, one.cpu.request) for one in found.containers] == [
        ("proxy", Decimal("0.05")),
        ("app", Decimal("0.1")),
    ]
    assert (found.at and found.at.isoformat(), found.window) == ("2026-01-02T03:00:05+00:00", "15s")


def test_a_limit_of_some_containers_is_none_of_the_pod() -> None:
    """Where one container has no limit, the pod has none, and that is told."""
    containers = [resources("app", limits={"cpu": "1"}), resources("helper")]
    found = measured(raw_pod(spec={"containers": containers}), usage(("app", "1m", "1Mi"), ("helper", "1m", "1Mi")))
    assert found.whole.cpu == Figure(Decimal("0.002"), None, None, partial=True)
    assert not found.whole.memory.partial


def test_what_the_pod_itself_says_counts_first() -> None:
    """Resources of the pod as a whole stand above those of its containers."""
    whole = {"requests": {"cpu": "2"}, "limits": {"cpu": "3"}}
    spec = {"containers": [resources("app", limits={"cpu": "1"}), resources("helper")], "resources": whole}
    found = measured(raw_pod(spec=spec), usage(("app", "1", "1Mi")))
    assert found.whole.cpu == Figure(Decimal(1), Decimal(2), Decimal(3))


def test_what_is_odd_is_nothing() -> None:
    """A pod that went meanwhile, nulls and junk for quantities leave zeros and no limit."""
    odd: Json = {"metadata": {"name": "web-1"}, "containers": [{"name": "app", "usage": {"cpu": "NaN"}}, None]}
    found = measured({}, odd)
    assert found.whole.cpu == found.whole.memory == Figure()
    assert [one.container for one in found.containers] == ["app"]
    assert found.whole.cpu.of_limit is None
    assert measured({}, {"containers": None}).containers == ()
