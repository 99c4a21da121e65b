"""A visitor of the page: types, presses, looks; and waits for what it should show."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_AXE = "axe-core@4.11.0"
PATIENCE = 60_000  # milliseconds that a real cluster may take
expect.set_options(timeout=PATIENCE)


def required(command: str) -> str:
    """Return a program's path; without it skip, or fail where REQUIRE_BROWSER=1."""
    if path := shutil.which(command):
        return path
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"REQUIRE_BROWSER=1, but {command} is not installed")
    pytest.skip(f"{command} is not installed")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start Debian's Chromium."""
    path = required("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


def axe(folder: Path) -> str:
    """Return axe-core's source, fetched by npm into `folder`."""
    command = [required("npm"), "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), _AXE]
    subprocess.run(command, check=True, timeout=120)  # noqa: S603  # a fixed command
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text()


class Visitor:
    """One open page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url

    async def enter(self, person: str = "U0ALICE", channel: str = "C0ONCALL", theme: str = "light") -> None:
        """Open the page as somebody, in a channel."""
        await self.page.goto(f"{self._url}/?person={person}&channel={channel}&theme={theme}")
        await expect(self.page.locator("#place")).not_to_be_empty()

    async def say(self, line: str) -> Locator:
        """Type a line, and return the message that answers it."""
        known = await self.page.locator("#messages article").count()
        await self.page.locator("#words").fill(line)
        await self.page.locator("#words").press("Enter")
        answer = self.page.locator("#messages article").nth(known)
        await expect(answer).to_be_visible()
        return answer

    def last(self) -> Locator:
        """Return the newest message."""
        return self.page.locator("#messages article").last

    async def press(self, message: Locator, label: str) -> None:
        """Press a button of a message."""
        await message.get_by_role("button", name=label, exact=True).click()
