"""Paths that lead nowhere, and what tests may do to a simulation."""

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench


@pytest.mark.parametrize(
    ("method", "path", "code", "message"),
    [
        ("GET", "/api/v1/namespaces/shop/junk", 404, "the server could not find the requested resource"),
        ("GET", "/apis/apps/v1/things", 404, "the server could not find the requested resource"),
        ("GET", "/api/v1/namespaces/shop/nodes", 404, "the server could not find the requested resource"),
        ("GET", f"{PODS}/web/junk", 404, "the server could not find the requested resource"),
        ("GET", "/api/v1/namespaces/shop/status", 404, "the server could not find the requested resource"),
        ("PUT", PODS, 405, "the server does not allow this method on the requested resource"),
        ("POST", f"{PODS}/web", 405, "the server does not allow this method on the requested resource"),
        ("DELETE", PODS, 405, "the server does not allow this method on the requested resource"),
        ("DELETE", f"{PODS}/web/log", 405, "the server does not allow this method on the requested resource"),
        ("GET", "/apis/authentication.k8s.io/v1/selfsubjectreviews", 405, "the server does not allow this method on"),
    ],
)
def test_paths_that_lead_nowhere(bench: Bench, method: str, path: str, code: int, message: str) -> None:
    """An unknown resource is 404, and a method that a resource does not take is 405."""
    status, told = bench.says(method, path)
    assert (status, told.startswith(message)) == (code, True)


@pytest.mark.parametrize("path", ["/junk", "/apis/junk/v1/things", "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods"])
def test_a_path_without_an_api(bench: Bench, path: str) -> None:
    """A path outside the APIs that are served is 404 in plain words."""
    given = bench.ask("GET", path)
    assert (given.status, given.body) == (404, b"404 page not found\n")


def test_metrics_can_be_served(bench: Bench) -> None:
    """Once the metrics API is switched on, it has what was created in it."""
    bench.simulation.metrics = True
    path = "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods"
    bench.create(path, {"metadata": {"name": "web"}, "containers": []})
    assert [one["metadata"]["name"] for one in bench.get(path)["items"]] == ["web"]
    assert bench.says("GET", f"{path}/x") == (404, 'pods.metrics.k8s.io "x" not found')


def test_a_fresh_cluster(bench: Bench) -> None:
    """A node, namespaces with their accounts, and the rights of everyone are there from the beginning."""
    assert bench.get("/api/v1/nodes/local")["status"]["allocatable"]["cpu"] == "4"
    assert bench.get("/api/v1/namespaces/shop/serviceaccounts/default")["metadata"]["uid"]
    names = [item["metadata"]["name"] for item in bench.get("/api/v1/namespaces")["items"]]
    assert names == ["default", "kube-system", "shop"]


def test_objects_can_be_applied(bench: Bench) -> None:
    """What is applied is created, and replaced the next time."""
    role: Json = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "x"},
        "rules": [],
    }
    path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/x"
    bench.simulation.apply(role)
    uid = bench.get(path)["metadata"]["uid"]
    bench.simulation.apply({**role, "rules": [{"verbs": ["get"]}]})
    assert (bench.get(path)["metadata"]["uid"], bench.get(path)["rules"]) == (uid, [{"verbs": ["get"]}])
