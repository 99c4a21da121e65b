"""Endpoints of Services and owners in lists, which triage reads: alike on the simulation and on a real cluster."""

import pytest

from bot.core.resources import PODS, Json
from tests.contract.sites import Site, pod
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_service_and_what_stands_behind_it(site: Site) -> None:
    """A Service that selects nothing has a slice without endpoints; a pod that runs becomes a ready one."""
    spec = {"selector": {"app": "behind"}, "ports": [{"port": 80}]}
    path = f"/api/v1/namespaces/{site.namespace}/services"
    await site.admin.make(path, {"metadata": {"name": "front"}, "spec": spec})
    slices = f"/apis/discovery.k8s.io/v1/namespaces/{site.namespace}/endpointslices"

    async def made() -> list[Json]:
        query = (("labelSelector", "kubernetes.io/service-name=front"),)
        items: list[Json] = (await site.admin.call("GET", slices, None, query))["items"]
        return items

    async def ready() -> bool:
        ends = [end for one in await made() for end in one.get("endpoints") or []]
        return any(end["conditions"]["ready"] and end["targetRef"]["name"] == "behind" for end in ends)

    assert not [end for one in await until(made, "a slice") for end in one.get("endpoints") or []]
    pods = f"/api/v1/namespaces/{site.namespace}/pods"
    await site.admin.make(pods, pod("behind", labels={"app": "behind"}))
    await until(ready, "a ready endpoint")
    await site.admin.remove(f"{pods}/behind")
    await site.admin.remove(f"{path}/front")


async def test_whose_pods_a_table_lists(site: Site) -> None:
    """Where labels are asked for, each row has its controller too."""
    labels = {"app": "owned"}
    template = {"metadata": {"labels": labels}, "spec": pod("x")["spec"]}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    path = f"/apis/apps/v1/namespaces/{site.namespace}/replicasets"
    await site.admin.make(path, {"metadata": {"name": "owning"}, "spec": spec})

    async def owner() -> tuple[str, str] | None:
        table = await site.cluster.table(PODS, selector="app=owned", labels=True)
        return table.rows[0].owner if table.rows else None

    assert await until(owner, "the pod of a ReplicaSet") == ("ReplicaSet", "owning")
    await site.admin.remove(f"{path}/owning")
