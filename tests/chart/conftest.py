"""One release for the tests of its rights, and then those of its life."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.chart.installation import Installation, prepared


@pytest_asyncio.fixture(loop_scope="package", scope="package")
async def podbot() -> AsyncIterator[Installation]:
    """Install the chart."""
    async with prepared() as installation:
        said = await installation.install()
        assert "podbot check" in said.out
        await installation.connected()
        yield installation
