"""One namespace of pods in every state, and another; built once for all."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.differential.sides import Sides, both_sides


@pytest_asyncio.fixture(loop_scope="package", scope="package")
async def sides(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sides]:
    """Prepare the objects, kubectl and podbot."""
    async with both_sides(tmp_path_factory.mktemp("sides")) as prepared:
        yield prepared
