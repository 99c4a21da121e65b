"""What the chart makes, checked by a real API server, which makes nothing of it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.core.resources import Json
from tests.chart.cases import MATRIX, made
from tests.chart.charts import PATHS
from tests.real import Real

ELSEWHERE = {"ServiceMonitor", "PrometheusRule"}
"""Kinds that the Prometheus Operator brings; `test_rendering` looks at their shape."""
STRICT = (("dryRun", "All"), ("fieldValidation", "Strict"))

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def place() -> AsyncIterator[tuple[Real, str]]:
    """Give an administrator and a namespace in which only restricted pods may run."""
    async with Real.opened() as admin, admin.namespace("podbot-chart-dry") as namespace:
        labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
        path = f"/api/v1/namespaces/{namespace}"
        found = await admin.call("GET", path)
        await admin.call("PUT", path, {**found, "metadata": {**found["metadata"], "labels": labels}})
        yield admin, namespace


@pytest.mark.parametrize("case", MATRIX)
async def test_the_api_server_takes_every_object(place: tuple[Real, str], case: str) -> None:
    """A dry run with strict field validation finds nothing unknown, doubled or wrong in any object."""
    admin, namespace = place
    for one in made(case):
        if one["kind"] not in ELSEWHERE:
            path, body = _placed(one, namespace)
            await admin.call("POST", path, body, STRICT)


async def test_a_restricted_namespace_takes_the_pods(place: tuple[Real, str]) -> None:
    """Where only restricted pods may run, podbot's may."""
    admin, namespace = place
    template = next(one for one in made("minimal") if one["kind"] == "Deployment")["spec"]["template"]
    spec = {**template["spec"], "serviceAccountName": "default"}
    body = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "podbot"}, "spec": spec}
    await admin.call("POST", f"/api/v1/namespaces/{namespace}/pods", body, STRICT)


def _placed(one: Json, namespace: str) -> tuple[str, Json]:
    """Return where an object is made, and the object in the tests' namespace."""
    metadata = {key: value for key, value in one["metadata"].items() if key != "namespace"}
    return PATHS[one["kind"]].format(namespace), {**one, "metadata": metadata}
