"""Every contract test runs at every site."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.contract.sites import POD, SITES, Site, pod


@pytest_asyncio.fixture(
    loop_scope="package",
    scope="package",
    params=[pytest.param(name, marks=pytest.mark.cluster if name.startswith("real") else ()) for name in SITES],
)
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    """Prepare a site with one running pod."""
    async with SITES[request.param]() as prepared:
        started = pod(POD, "echo ready; echo once more; sleep 3600", labels={"app": "web"})
        await prepared.admin.make(f"/api/v1/namespaces/{prepared.namespace}/pods", started)
        await prepared.admin.running(prepared.namespace, POD)
        yield prepared
