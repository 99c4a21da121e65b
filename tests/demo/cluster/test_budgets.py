"""Evictions, and the budgets that forbid them."""

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench


async def test_an_eviction(bench: Bench) -> None:
    """An eviction ends a pod as a delete does, and says why in its conditions."""
    uid = bench.pod("web")["metadata"]["uid"]
    await bench.wait(5)
    body: Json = {
        "metadata": {"name": "web"},
        "deleteOptions": {"preconditions": {"uid": uid}, "gracePeriodSeconds": 5},
    }
    assert bench.ask("POST", f"{PODS}/web/eviction", body, query={"dryRun": "All"}).status == 201
    assert "deletionTimestamp" not in bench.get(f"{PODS}/web")["metadata"]
    assert bench.ask("POST", f"{PODS}/web/eviction", body).json()["status"] == "Success"
    assert bench.get(f"{PODS}/web")["status"]["conditions"][0]["type"] == "DisruptionTarget"
    await bench.wait(5)
    assert bench.ask("GET", f"{PODS}/web").status == 404


def test_an_eviction_of_another(bench: Bench) -> None:
    """An eviction must name its pod, which must be there and be the same."""
    bench.pod("web")
    wanted = (400, "name in URL does not match name in Eviction object")
    assert bench.says("POST", f"{PODS}/web/eviction", {"metadata": {"name": "api"}}) == wanted
    assert bench.says("POST", f"{PODS}/api/eviction", {}) == (404, 'pods "api" not found')
    body = {"deleteOptions": {"preconditions": {"uid": "x"}}}
    assert bench.ask("POST", f"{PODS}/web/eviction", body).status == 409


@pytest.mark.parametrize("spec", [{"minAvailable": 1}, {"maxUnavailable": 0}, {"minAvailable": "100%"}, {}])
async def test_a_budget_keeps_a_pod(bench: Bench, spec: Json) -> None:
    """A budget without room refuses an eviction, and says how many it needs."""
    bench.pod("web", metadata={"labels": {"app": "web"}})
    await bench.wait(5)
    selector = {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web"]}]}
    budgets = "/apis/policy/v1/namespaces/shop/poddisruptionbudgets"
    bench.create(budgets, {"metadata": {"name": "keep"}, "spec": {**spec, "selector": selector}})
    given = bench.ask("POST", f"{PODS}/web/eviction", {})
    assert given.json()["message"] == "Cannot evict pod as it would violate the pod's disruption budget."
    causes = given.json()["details"]["causes"]
    wanted = "The disruption budget keep needs 1 healthy pods and has 1 currently"
    assert (given.status, causes) == (429, [{"reason": "DisruptionBudget", "message": wanted}])
    assert bench.get(f"{budgets}/keep")["status"]["disruptionsAllowed"] == 0


async def test_several_budgets(bench: Bench) -> None:
    """A pod that two budgets keep can't be evicted at all; one that has not started can."""
    for name in ("one", "two"):
        body = {"metadata": {"name": name}, "spec": {"selector": {"matchLabels": {"app": "web"}}}}
        bench.create("/apis/policy/v1/namespaces/shop/poddisruptionbudgets", body)
    bench.pod("web", metadata={"labels": {"app": "web"}})
    bench.pod("new", metadata={"labels": {"app": "web"}})
    assert bench.ask("POST", f"{PODS}/new/eviction", {}).status == 201
    await bench.wait(5)
    code, message = bench.says("POST", f"{PODS}/web/eviction", {})
    assert (code, message.startswith("This pod has more than one PodDisruptionBudget")) == (500, True)
