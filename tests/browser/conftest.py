"""One browser for all, one demo a cluster, one fresh page a test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.demonstration.show import opened
from tests.browser.visitor import Visitor, axe, chromium
from tests.real import kubeconfig


@pytest_asyncio.fixture(loop_scope="package", scope="package")
async def browser() -> AsyncIterator[Browser]:
    """Start one browser."""
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(
    loop_scope="package", scope="package", params=["simulated", pytest.param("real", marks=pytest.mark.cluster)]
)
async def url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """Run the demo."""
    async with opened(Path(kubeconfig()) if request.param == "real" else None) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="package")
async def visitor(browser: Browser, url: str) -> AsyncIterator[Visitor]:
    """Open a page, which must not have complained by the end."""
    context = await browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    yield Visitor(page, url)
    await context.close()
    assert [one for one in problems if not _is_expected(one)] == []


def _is_expected(problem: str) -> bool:
    """Whether Chromium tells of a refusal that a test is about: what nobody could do, and another origin."""
    return "409" in problem or "blocked by CORS policy" in problem or "net::ERR_FAILED" in problem


@pytest.fixture(scope="package")
def axe_source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return axe-core's source."""
    return axe(tmp_path_factory.mktemp("axe"))
