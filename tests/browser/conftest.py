"""One browser for all, one demo a cluster, one fresh page a test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from bot.demonstration.show import opened
from tests.browser.visitor import NETWORK_CHANGED, Visitor, axe, chromium
from tests.real import kubeconfig


@pytest_asyncio.fixture(loop_scope="package", scope="package")
async def browser() -> AsyncIterator[Browser]:
    """Start one browser."""
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(
    loop_scope="package", scope="package", params=["simulated", pytest.param("real", marks=pytest.mark.cluster)]
)
async def url(request: pytest.FixtureRequest, browser: Browser) -> AsyncIterator[str]:  # noqa: ARG001  # no demo without a browser
    """Run the demo."""
    async with opened(Path(kubeconfig()) if request.param == "real" else None) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="package")
async def window(browser: Browser) -> AsyncIterator[BrowserContext]:
    """Open a window, whose pages must not have complained by the end."""
    context = await browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    yield context
    await context.close()
    assert [one for one in problems if not _is_expected(one)] == []


@pytest_asyncio.fixture(loop_scope="package")
async def visitor(window: BrowserContext, url: str) -> AsyncIterator[Visitor]:
    """Open a page, on which nothing may stand at the end that it could not draw; forms of other tests are closed."""
    await _close_forms(window, url)
    page = await window.new_page()
    yield Visitor(page, url)
    assert await page.locator(".unknown").all_text_contents() == []


async def _close_forms(window: BrowserContext, url: str) -> None:
    """Close Alice's forms, one after the other, until there is none to close."""
    deed = '{"deed": "close", "user": "U0ALICE"}'
    while (await window.request.post(f"{url}/deeds", headers={"Origin": url}, data=deed)).ok:
        pass


def _is_expected(problem: str) -> bool:
    """Whether Chromium tells of a refusal that a test is about, or of a network that pods on this machine change."""
    refusals = ("409", "403", "blocked by CORS policy", "net::ERR_FAILED")
    return any(words in problem for words in (*refusals, NETWORK_CHANGED))


@pytest.fixture(scope="package")
def axe_source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return axe-core's source."""
    return axe(tmp_path_factory.mktemp("axe"))
