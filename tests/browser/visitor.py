"""A visitor of the page: types, presses, looks; and waits for what it should show."""

import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.async_api import Browser, Error, Locator, Page, async_playwright, expect

REBOUND = "rebound.example"  # a foreign name that leads to this machine
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1",
)
_AXE = "axe-core@4.11.0"
NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED"
"""What Chromium says of a request that it dropped because a pod on this machine came or went with an interface."""
_LOADS = 5
PATIENCE = 60_000  # milliseconds that a real cluster may take
expect.set_options(timeout=PATIENCE)


def required(command: str) -> str:
    """Return a program's path; without it skip, or fail where REQUIRE_BROWSER=1."""
    return shutil.which(command) or _missing(f"{command} is not installed: the page is tested in a real browser")


def _missing(what: str) -> NoReturn:
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"REQUIRE_BROWSER=1, but {what}")
    pytest.skip(what)


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
    try:
        subprocess.run(command, check=True, timeout=120)  # noqa: S603  # a fixed command
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        _missing(f"npm could not fetch axe-core: {error}")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text()


class Visitor:
    """One open page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    @property
    def messages(self) -> Locator:
        """The messages of the channel that is open."""
        return self.page.locator("#messages article")

    @property
    def words(self) -> Locator:
        """Where one types."""
        return self.page.locator("#words")

    @property
    def dialog(self) -> Locator:
        """The open form."""
        return self.page.locator("#dialog[open]")

    async def enter(self, person: str = "U0ALICE", channel: str = "C0ONCALL", theme: str = "light") -> None:
        """Open the page as somebody, in a channel."""
        address = f"{self.url}/?person={person}&channel={channel}&theme={theme}"
        for _ in range(_LOADS):
            if await self._opens(address):
                break
        await expect(self.page.locator("#place")).not_to_be_empty()

    async def _opens(self, address: str) -> bool:
        try:
            await self.page.goto(address)
        except Error as error:
            if not any(words in str(error) for words in (NETWORK_CHANGED, "interrupted by another navigation")):
                raise
            return False
        return True

    async def type(self, line: str) -> None:
        """Type a line and send it."""
        await self.words.fill(line)
        await self.words.press("Enter")

    async def say(self, line: str) -> Locator:
        """Type a line, and return the message that answers it."""
        known = await self.messages.count()
        await self.type(line)
        answer = self.messages.nth(known)
        await expect(answer).to_be_visible()
        return answer

    def last(self) -> Locator:
        """Return the newest message."""
        return self.messages.last

    async def press(self, message: Locator, label: str) -> None:
        """Press a button of a message."""
        await message.get_by_role("button", name=label, exact=True).click()

    async def ask(self, line: str) -> Locator:
        """Type a line that asks by a button first, press it, and return the message once it is done."""
        question = await self.say(line)
        await self.press(question, "Do it")
        await expect(question).to_contain_text("Done")
        return question

    async def form(self, line: str) -> Locator:
        """Type a line that opens a form, and return it once it can be sent."""
        await self.type(line)
        await expect(self.dialog.locator("button[type=submit]")).to_be_visible()
        return self.dialog

    def field(self, label: str) -> Locator:
        """Return a field of the open form."""
        return self.dialog.get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$"))

    async def make(self, pod: str) -> None:
        """Make sure that there is a pod of this name, with one container that serves a page."""
        await self.type(f"/pod create single {pod} cpu=10m")
        made = self.messages.filter(has_text=re.compile(rf"create pod {pod}\b.*template single", re.DOTALL)).last
        await expect(made).to_contain_text("Done")
