"""What pods use, from a metrics API that is there or is not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from bot.core.errors import NotFound, TooMany
from bot.core.resources import Json
from tests.contract.sites import pod
from tests.e2e.world import ALICE, BOB, ONCALL, TEAM, World, words
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")

_DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_NAME = "pods.metrics.k8s.io"
_ANY = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
_DEFINITION: Json = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": _NAME, "annotations": {"api-approved.kubernetes.io": "unapproved, test"}},
    "spec": {
        "group": "metrics.k8s.io",
        "scope": "Namespaced",
        "names": {"plural": "pods", "singular": "pod", "kind": "PodMetrics", "listKind": "PodMetricsList"},
        "versions": [{"name": "v1beta1", "served": True, "storage": True, "schema": _ANY}],
    },
}
_MISSING = "Nothing in this cluster tells what pods use"


def _path(world: World) -> str:
    return f"/apis/metrics.k8s.io/v1beta1/namespaces/{world.shop}/pods"


@asynccontextmanager
async def _metrics(world: World) -> AsyncIterator[None]:
    """Serve the metrics API: in the simulation by its switch, on a real cluster by a definition of the test's own."""
    if world.simulation:
        world.simulation.metrics = True
        yield
        world.simulation.metrics = False
        return

    async def answered(*, there: bool) -> bool:
        try:
            await world.admin.call("GET", _path(world))
        except NotFound:
            return not there
        except TooMany:  # its storage is being made
            return False
        return there

    await world.admin.make(_DEFINITIONS, _DEFINITION)
    try:
        await until(partial(answered, there=True), "the metrics API served")
        yield
    finally:
        await world.admin.remove(f"{_DEFINITIONS}/{_NAME}")
        await until(partial(answered, there=False), "the metrics API gone")


async def _measure(world: World, name: str, cpu: str, memory: str) -> None:
    """Make a pod, and what is measured of it."""
    body = pod(name, labels={"measured": "yes"})
    body["spec"]["containers"][0]["resources"] = {
        "requests": {"cpu": "10m", "memory": "16Mi"},
        "limits": {"memory": "32Mi"},
    }
    await world.make(body)
    await world.admin.running(world.shop, name)
    await world.admin.make(
        _path(world),
        {
            "apiVersion": "metrics.k8s.io/v1beta1",
            "kind": "PodMetrics",
            "metadata": {"name": name, "labels": {"measured": "yes"}},
            "timestamp": "2026-01-02T03:04:05Z",
            "window": "15s",
            "containers": [{"name": "main", "usage": {"cpu": cpu, "memory": memory}}],
        },
    )


async def test_a_cluster_without_metrics(world: World) -> None:
    """Where nothing measures, that is said, with whom to ask; who may not read metrics is told that first."""
    await world.make(pod("unmeasured"))
    for line in ("top", "top unmeasured"):
        answer = words(await world.say(ALICE, TEAM, line))
        assert _MISSING in answer
        assert "#platform" in answer
    said = words(await world.say(BOB, ONCALL, "top"))
    assert ("pods.metrics.k8s.io is forbidden" in said) == (world.form == "constrained")


async def test_use_is_shown_beside_requests_and_limits(world: World) -> None:
    """A pod's use stands beside what it requests and may use, by pod and by container, the greatest first if asked."""
    async with _metrics(world):
        await _measure(world, "busy", "5m", "30Mi")
        await _measure(world, "calm", "1500000n", "4Mi")
        answer = words(await world.say(ALICE, TEAM, "top -l measured=yes --sort-by memory"))
        assert "*7m* of CPU and *34Mi* of memory are used by *2 pods*" in answer
        for part in ("5m", "50% of 10m", "30Mi", "188% of 16Mi", "94% of 32Mi", "2m", "12% of 32Mi"):
            assert part in answer.splitlines(), part
        assert answer.splitlines().index("busy") < answer.splitlines().index("calm")
        assert "`busy` at 94%" in answer
        one = words(await world.mention(ALICE, TEAM, "top calm --containers"))
        assert {"calm", "main", "4Mi"} <= set(one.splitlines())
        await world.make(pod("fresh"))
        assert "has no metrics yet" in words(await world.say(ALICE, TEAM, "top fresh"))
        assert "not found" in words(await world.say(ALICE, TEAM, "top absent"))
        said = words(await world.say(BOB, ONCALL, "top busy"))
        assert ("forbidden" in said) == (world.form == "constrained")
