"""A server that runs for long keeps the latest only."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.files import Files
from bot.demo.chat.keeping import Keep, Recent
from bot.demo.chat.server import ChatServer
from bot.demo.page.sights import sight
from tests.demo.chat.clocks import HandClock


@pytest.fixture
async def small(clock: HandClock) -> AsyncIterator[ChatServer]:
    """Run a server that keeps three of everything, and ten bytes of files."""
    async with ChatServer(clock, keep=Keep(calls=3, messages=3, handed=3, file_bytes=10)) as server:
        yield server


@pytest.fixture
def client(small: ChatServer) -> AsyncWebClient:
    """Return Slack's own client of that server."""
    return AsyncWebClient(token=small.workspace.app.bot_token, base_url=small.base_url)


async def test_the_oldest_messages_go(small: ChatServer, client: AsyncWebClient) -> None:
    """Beyond the limit the oldest message is gone, an edited one keeps its place, and calls are the last ones."""
    first, second = [(await client.chat_postMessage(channel="C0TEAM", text=text))["ts"] for text in "ab"]
    await client.chat_postMessage(channel="C0TEAM", text="c")
    await client.chat_update(channel="C0TEAM", ts=first, text="A")
    await client.chat_postMessage(channel="C0TEAM", text="d")
    assert [message.text for message in small.driver.messages("C0TEAM")] == ["b", "c", "d"]
    assert [call.method for call in small.calls()] == ["chat.postMessage", "chat.update", "chat.postMessage"]
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel="C0TEAM", ts=first, text="again")
    assert (await client.chat_update(channel="C0TEAM", ts=second, text="B"))["ok"]


async def test_files_go_with_their_messages(small: ChatServer, client: AsyncWebClient) -> None:
    """A file beyond the bytes that are kept says so, and is forgotten with its message; what is left can be shown."""
    for name in "abcd":
        await client.files_upload_v2(channel="C0TEAM", filename=name, content=f"{name}......")
    assert [(file.name, file.text) for file in small.driver.files()] == [
        ("b", "This file is not kept any more.\n"),
        ("c", "This file is not kept any more.\n"),
        ("d", "d......"),
    ]
    assert sight(small.state, "U0ALICE")["channels"][0]["messages"][-1]["files"][0]["preview"] == "d......"


def test_a_file_that_is_too_large_alone_is_kept() -> None:
    """The newest file is whole, however large it is."""
    files = Files(most=1)
    file = files.put(files.announce("a", 3, ""))
    assert files.find(file.id) == file


async def test_old_urls_and_triggers_are_not_known(small: ChatServer) -> None:
    """A response URL, a trigger and a ticket are forgotten once enough others were handed out after them."""
    await small.driver.slash("U0ALICE", "C0TEAM", "one")
    urls = [small.state.urls.issue("C0TEAM", "U0ALICE") for _ in range(4)]
    triggers = [small.state.triggers.issue("U0ALICE") for _ in range(4)]
    with pytest.raises(Exception, match="expired_url"):
        small.state.urls.use(urls[0])
    with pytest.raises(Exception, match="invalid_trigger_id"):
        small.state.triggers.exchange(triggers[0])
    assert small.state.urls.use(urls[-1]).uses == 1
    assert small.state.triggers.exchange(triggers[-1]) == "U0ALICE"
    assert len({*urls, *triggers}) == 8


async def test_nothing_grows_in_a_long_play(small: ChatServer, client: AsyncWebClient) -> None:
    """However much is typed, answered and asked, each thing that piles up stays within its limit."""
    for number in range(20):
        await small.driver.slash("U0ALICE", "C0TEAM", str(number))
        await client.chat_postMessage(channel="C0TEAM", text="hi")
        await client.apps_connections_open(app_token=small.workspace.app.app_token)
        await client.views_open(trigger_id=small.state.triggers.issue("U0ALICE"), view=_MODAL)
        with pytest.raises(SlackApiError):
            await client.api_call(f"no.such{number}")
    state = small.state
    kept = (state.calls, state.unknown_methods, state.tickets, list(state.board), _inner(state.urls, "_urls"))
    more = (_inner(state.triggers, "_issued"), _inner(state.views, "_open"))
    assert [len(one) for one in (*kept, *more)] == [3] * 7


def test_all_is_kept_unless_asked() -> None:
    """Without a limit nothing is forgotten."""
    recent: Recent[int, int] = Recent(None)
    for number in range(5000):
        recent[number] = number
    assert len(recent) == 5000


_MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "A"}, "blocks": [{"type": "divider"}]}


def _inner(thing: object, name: str) -> dict[str, object]:
    found: dict[str, object] = getattr(thing, name)
    return found
