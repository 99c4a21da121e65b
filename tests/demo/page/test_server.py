"""The page's server, asked as a browser asks it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from bot.app import SystemClock
from bot.core.resources import Column, Row, Table
from bot.demo.chat.server import ChatServer
from bot.demo.page.panel import Panel
from bot.demo.page.server import PageServer
from bot.demo.witness import Witness
from tests.demo.test_witness import Silent
from tests.fakes import FakeCluster

PODS = Table(
    (Column("Name"), Column("Ready"), Column("IP", 1), Column("Status")), (Row(("web", "1/1", "x", "Running")),)
)


@pytest_asyncio.fixture
async def page() -> AsyncIterator[PageServer]:
    """Serve the page of a workspace in which nobody answers commands."""
    async with ChatServer(SystemClock(), patience=0.2) as chat:
        witness = Witness(Silent(), SystemClock(), chat.state.bell.ring)
        panel = Panel([FakeCluster({"table pods": PODS})], witness)
        async with PageServer(chat, panel, [("list", "List </script> pods")]) as server:
            yield server


async def _deed(page: PageServer, **asked: Any) -> tuple[int, str]:
    async with (
        ClientSession(headers={"Origin": page.url}) as session,
        session.post(f"{page.url}/deeds", json=asked) as answer,
    ):
        return answer.status, await answer.text()


async def _seen(page: PageServer, user: str, wanted: str) -> dict[str, Any]:
    """Read the stream until a sight holds `wanted`."""
    async with ClientSession() as session, session.get(f"{page.url}/sights", params={"user": user}) as stream:
        async for line in stream.content:
            if line.startswith(b"data: ") and wanted in line.decode():
                found: dict[str, Any] = json.loads(line[6:])
                return found
    pytest.fail(f"the stream ended without {wanted}")


async def test_the_page_holds_its_data_as_text(page: PageServer) -> None:
    """What a summary says cannot end the script that it stands in."""
    async with ClientSession() as session, session.get(page.url) as answer:
        said = await answer.text()
    assert "List </script>" not in said
    assert "U0ALICE" in said


async def test_what_is_written_is_seen(page: PageServer) -> None:
    """A message that somebody writes reaches the others' pages as it was typed."""
    status, _ = await _deed(page, deed="write", user="U0ALICE", channel="C0TEAM", text="<b>hello</b>")
    assert status == 200
    seen = await _seen(page, "U0BOB", "hello")
    assert seen["channels"][0]["messages"][0]["text"] == "<b>hello</b>"


async def test_a_command_that_nobody_answers_is_told_as_slack_does(page: PageServer) -> None:
    """A slash command without an app ends in Slack's own error, for the asker alone."""
    await _deed(page, deed="write", user="U0ALICE", channel="C0TEAM", text="/pod list")
    seen = await _seen(page, "U0ALICE", "failed with the error")
    assert seen["channels"][0]["messages"][0]["only_for_you"]


async def test_the_panel_shows_pods(page: PageServer) -> None:
    """The pods come in the server's own words, without what needs a wide screen."""
    seen = await _seen(page, "U0ALICE", "Running")
    assert seen["panel"]["pods"] == [{"namespace": "shop", "rows": [["web", "1/1", "Running"]]}]


@pytest.mark.parametrize(
    "asked",
    [
        {"deed": "fly", "user": "U0ALICE"},
        {"deed": "write", "user": "U0ALICE", "channel": "C0NOWHERE", "text": "x"},
        {"deed": "write", "user": "U0STRANGER", "channel": "C0ONCALL", "text": "/pod list"},
        {"deed": "write", "user": "U0ALICE", "channel": "C0TEAM", "text": "/pod list", "thread": "1.2"},
        {"deed": "press", "user": "U0ALICE", "channel": "C0TEAM", "ts": "1.2", "action": "podbot:share"},
        {"deed": "write", "user": "U0NOBODY", "channel": "C0TEAM", "text": "x"},
        {"deed": ["write"], "user": {}},
    ],
)
async def test_what_nobody_could_do(page: PageServer, asked: dict[str, Any]) -> None:
    """A deed that Slack has no place for is refused with words, and changes nothing."""
    status, said = await _deed(page, **asked)
    assert status == 409
    assert said


async def test_a_command_that_is_none(page: PageServer) -> None:
    """What begins with a slash and is no command is told so, as Slack does, and never said to the channel."""
    status, said = await _deed(page, deed="write", user="U0ALICE", channel="C0TEAM", text="/pods delete web")
    assert status == 409
    assert "/pods is not a command here, and nothing was sent; try /pod help" in said
    assert "/pods" not in json.dumps((await _seen(page, "U0ALICE", "Running"))["channels"])


async def test_no_json(page: PageServer) -> None:
    """A body that is no JSON is refused."""
    origin = {"Origin": page.url}
    async with ClientSession(headers=origin) as session, session.post(f"{page.url}/deeds", data=b"{") as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    "path", ["/sights?user=U0NOBODY", "/files/F1", "/static/../server.py", "/static/%2e%2e/server.py"]
)
async def test_what_is_not_there(page: PageServer, path: str) -> None:
    """Nobody's sights, no such file, and nothing outside the page's own folder."""
    async with ClientSession() as session, session.get(f"{page.url}{path}") as answer:
        assert answer.status in {403, 404}
