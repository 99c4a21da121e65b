"""Paths that lead nowhere, and what tests may do to a simulation."""

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench


@pytest.mark.parametrize(
    ("method", "path", "code", "message"),
    [
        ("GET", "/api/v1/namespaces/shop/junk", 404, "the server could not find the requested resource"),
        ("GET", "/apis/junk/v1/things", 404, "the server could not find the requested resource"),
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


def test_a_path_without_an_api(bench: Bench) -> None:
    """A path outside the APIs is 404 in plain words."""
    given = bench.ask("GET", "/junk")
    assert (given.status, given.body) == (404, b"404 page not found\n")


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
