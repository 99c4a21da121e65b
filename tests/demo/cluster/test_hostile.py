"""Bodies and patches that nobody would send: each is refused or taken, and nothing breaks."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.demo.cluster.bench import PODS, Bench, pod

SHOP = "/api/v1/namespaces/shop"
PATHS = (
    *(PODS, f"{SHOP}/services", f"{SHOP}/persistentvolumeclaims", f"{SHOP}/limitranges", f"{SHOP}/resourcequotas"),
    *(f"{SHOP}/configmaps", f"{SHOP}/events", f"{SHOP}/podtemplates", "/apis/apps/v1/namespaces/shop/replicasets"),
    *("/api/v1/namespaces", "/api/v1/persistentvolumes", "/apis/storage.k8s.io/v1/storageclasses"),
)
KEYS = (
    *("apiVersion", "kind", "metadata", "spec", "name", "labels", "containers", "volumes", "limits", "template"),
    *("selector", "matchLabels", "ports", "port", "type", "hard", "resources", "requests", "env", "valueFrom", "image"),
    *("finalizers", "ownerReferences", "volumeMounts", "livenessProbe", "httpGet", "accessModes", "involvedObject"),
)
LEAVES = st.none() | st.booleans() | st.integers(-5, 70_000) | st.floats(allow_nan=False) | st.sampled_from(("", "1Gi"))
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
)
QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(path=st.sampled_from(PATHS), spec=VALUES, metadata=VALUES)
def test_any_body(path: str, spec: Any, metadata: Any) -> None:
    """Whatever the body is, the answer is a new object or a refusal."""
    about = {"name": "x", **metadata} if isinstance(metadata, dict) else metadata
    body = {"metadata": about, "spec": spec, "template": spec, "involvedObject": spec}
    given = Bench().ask("POST", path, body, query={"dryRun": "All"})
    assert given.status in (201, 400, 403, 404, 409, 422, 500), given.body
    json.loads(given.body)


@QUIET
@given(key=st.sampled_from(KEYS), value=VALUES)
def test_any_patch(key: str, value: Any) -> None:
    """Whatever is put anywhere into a pod, the answer is the pod or a refusal."""
    bench = Bench()
    bench.create(PODS, pod("web"))
    for path in (f"/{key}", f"/metadata/{key}", f"/spec/{key}", f"/spec/containers/0/{key}"):
        body = [{"op": "add", "path": path, "value": value}]
        headers = {"Content-Type": "application/json-patch+json"}
        given = bench.ask("PATCH", f"{PODS}/web", body, headers=headers, query={"dryRun": "All"})
        assert given.status in (200, 400, 404, 409, 422), given.body


@pytest.mark.parametrize("path", ["/metadata", "/spec", "/kind", "/status", "/spec/containers"])
async def test_parts_that_are_taken_away(bench: Bench, path: str) -> None:
    """A pod without one of its parts is refused, or is as it was."""
    bench.create(PODS, pod("web"))
    headers = {"Content-Type": "application/json-patch+json"}
    given = bench.ask("PATCH", f"{PODS}/web", [{"op": "remove", "path": path}], headers=headers)
    assert given.status in (200, 400, 422)
    await bench.wait(5)
    assert bench.status("web") == "Running"
