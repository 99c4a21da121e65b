"""Lists as the server prints them."""

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, TABLE, Bench, pod

_TEMPLATE = {"metadata": {"labels": {"app": "x"}}, "spec": pod("")["spec"]}
_SHOP = "/api/v1/namespaces/shop"


def _table(bench: Bench, path: str, include: str = "None") -> Json:
    given = bench.ask("GET", path, headers=TABLE, query={"includeObject": include})
    assert given.status == 200, given.body
    return given.json()


async def test_pods(bench: Bench) -> None:
    """Pods have kubectl's columns, and one that ended says so beside its row."""
    bench.create(PODS, pod("job", "false", spec={"restartPolicy": "Never"}))
    await bench.wait(3)
    table = _table(bench, PODS)
    columns = [(column["name"], column["priority"]) for column in table["columnDefinitions"]]
    narrow = [(name, 0) for name in ("Name", "Ready", "Status", "Restarts", "Age")]
    assert columns == [*narrow, *((name, 1) for name in ("IP", "Node", "Nominated Node", "Readiness Gates"))]
    condition = {"type": "Completed", "status": "True", "reason": "Failed", "message": "The pod failed."}
    cells = ["job", "0/1", "Error", "0", "3s", "10.244.0.2", "local", "<none>", "<none>"]
    assert table["rows"] == [{"cells": cells, "conditions": [condition], "object": None}]


def test_how_much_of_the_objects(bench: Bench) -> None:
    """A row brings its object, its metadata or nothing."""
    bench.pod("web", metadata={"labels": {"app": "web"}})
    for include in ("", "Metadata"):
        item = _table(bench, PODS, include)["rows"][0]["object"]
        assert (item["kind"], item["metadata"]["labels"], "spec" in item) == (
            "PartialObjectMetadata",
            {"app": "web"},
            False,
        )
    assert _table(bench, PODS, "Object")["rows"][0]["object"]["kind"] == "Pod"
    code, message = bench.says("GET", PODS, headers=TABLE, query={"includeObject": "Foo"})
    wanted = "includeObject: Invalid value: \"Foo\": must be 'Metadata', 'Object', 'None', or empty"
    assert (code, message) == (400, f"Unable to convert to Table as requested: {wanted}")


def test_a_table_in_pages(bench: Bench) -> None:
    """A table has pages as a list does."""
    for name in "ab":
        bench.pod(name)
    given = bench.ask("GET", PODS, headers=TABLE, query={"limit": "1"}).json()
    assert given["metadata"]["remainingItemCount"] == 1


@pytest.mark.parametrize(
    ("path", "body", "cells"),
    [
        (
            f"{_SHOP}/services",
            {"spec": {"selector": {"app": "web"}, "clusterIP": "10.96.0.5", "ports": [{"port": 80}]}},
            ["x", "ClusterIP", "10.96.0.5", "<none>", "80/TCP", "0s", "app=web"],
        ),
        (f"{_SHOP}/configmaps", {"data": {}}, ["x", 0, "0s"]),
        (
            "/apis/apps/v1/namespaces/shop/replicasets",
            {"spec": {"replicas": 0, "selector": {"matchLabels": {"app": "x"}}, "template": _TEMPLATE}},
            ["x", 0, 0, 0, "0s", "main", "busybox:1.35", "app=x"],
        ),
    ],
)
def test_other_kinds(bench: Bench, path: str, body: Json, cells: list[object]) -> None:
    """Each kind has its own cells; what is not known has name and age."""
    bench.create(path, {"metadata": {"name": "x"}, **body})
    assert _table(bench, path)["rows"][-1]["cells"] == cells


async def test_events(bench: Bench) -> None:
    """Events tell when, what and about whom, from the scheduler and from the kubelet."""
    bench.pod("web")
    await bench.wait(5)
    rows = {row["cells"][2]: row["cells"] for row in _table(bench, f"{_SHOP}/events")["rows"]}
    assert rows["Scheduled"][:7] == [
        *("4s", "Normal", "Scheduled", "pod/web", "", "default-scheduler"),
        "Successfully assigned shop/web to local",
    ]
    assert rows["Started"][:7] == [
        *("5s", "Normal", "Started", "pod/web", "spec.containers{main}", "kubelet, local"),
        "Container started",
    ]
