"""Ephemeral containers."""

from typing import Any

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench, pod

DEBUGGER = {"name": "debugger", "image": "busybox:1.35", "command": ["sh", "-c", "echo looked; sleep 5"]}
PATH = f"{PODS}/web/ephemeralcontainers"


def patch(bench: Bench, *operations: Json, path: str = PATH) -> Any:
    """Patch a pod's ephemeral containers."""
    return bench.ask("PATCH", path, list(operations), headers={"Content-Type": "application/json-patch+json"})


def add(*containers: Json) -> Json:
    """Return the operation that adds ephemeral containers."""
    return {"op": "add", "path": "/spec/ephemeralContainers", "value": list(containers)}


async def test_a_container_is_added_to_a_running_pod(bench: Bench) -> None:
    """It runs beside the others, logs, ends and is not started again; the pod's being ready does not hang on it."""
    bench.pod("web")
    assert patch(bench, add(DEBUGGER)).status == 200
    await bench.wait(3)
    found = bench.get(f"{PODS}/web")
    (status,) = found["status"]["ephemeralContainerStatuses"]
    assert ("running" in status["state"], status["ready"], "started" in status) == (True, False, False)
    assert found["spec"]["ephemeralContainers"][0]["imagePullPolicy"] == "IfNotPresent"
    assert bench.row("web")[1:3] == ["1/1", "Running"]
    assert bench.log("web", container="debugger") == b"looked\n"
    paths = {event["involvedObject"].get("fieldPath") for event in bench.get("/api/v1/namespaces/shop/events")["items"]}
    assert "spec.ephemeralContainers{debugger}" in paths
    await bench.wait(30)
    (status,) = bench.get(PATH)["status"]["ephemeralContainerStatuses"]
    assert (status["state"]["terminated"]["exitCode"], status["restartCount"]) == (0, 0)
    assert bench.row("web")[2] == "Running"


def test_what_is_refused(bench: Bench) -> None:
    """None may be removed again, and none may be in a new pod; whatever else is patched stays as it was."""
    bench.pod("web")
    assert patch(bench, add(DEBUGGER), {"op": "replace", "path": "/spec/nodeName", "value": "x"}).status == 200
    assert bench.get(f"{PODS}/web")["spec"].get("nodeName") != "x"
    removed = patch(bench, {"op": "remove", "path": "/spec/ephemeralContainers"})
    assert (removed.status, "may not be removed" in removed.json()["message"]) == (422, True)
    assert patch(bench, add(), path=f"{PODS}/web").status == 422
    created = bench.ask("POST", PODS, pod("new", spec={"ephemeralContainers": [DEBUGGER]}))
    assert (created.status, created.json()["message"]) == (
        422,
        'Pod "new" is invalid: spec.ephemeralContainers: Forbidden: cannot be set on create',
    )
    assert bench.says("POST", PATH, {})[0] == 405
