"""Quotas at admission."""

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench, pod


@pytest.mark.parametrize(
    ("limits", "container", "why"),
    [
        ({"pods": "1"}, {}, "exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1"),
        ({"requests.cpu": "1"}, {}, "failed quota: q: must specify requests.cpu for: main"),
        (
            {"limits.cpu": "500m", "persistentvolumeclaims": "1"},
            {"resources": {"limits": {"cpu": "1500m"}}},
            "exceeded quota: q, requested: limits.cpu=1500m, used: limits.cpu=0, limited: limits.cpu=500m",
        ),
    ],
)
def test_quotas(bench: Bench, limits: Json, container: Json, why: str) -> None:
    """A quota without room refuses a pod and says what is used."""
    bench.pod("first")
    bench.create("/api/v1/namespaces/shop/resourcequotas", {"metadata": {"name": "q"}, "spec": {"hard": limits}})
    assert bench.says("POST", PODS, pod("second", **container)) == (403, f'pods "second" is forbidden: {why}')
    assert bench.get("/api/v1/namespaces/shop/resourcequotas/q")["status"]["hard"] == limits
