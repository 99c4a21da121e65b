"""slack_sdk's two clients, unmodified, call every method that there is."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.resources import Json
from bot.demo.chat.methods import METHODS
from bot.demo.chat.server import ChatServer

DIVIDER: Json = {"type": "divider"}
MODAL: Json = {"type": "modal", "title": {"type": "plain_text", "text": "A form"}, "blocks": [DIVIDER]}
HOME: Json = {"type": "home", "blocks": [DIVIDER]}
METADATA: Json = {"event_type": "started", "event_payload": {"request": "1"}}

Call = Callable[..., Awaitable[Mapping[str, Any]]]


@pytest.fixture(params=["async", "sync"])
def call(request: pytest.FixtureRequest, server: ChatServer, client: AsyncWebClient) -> Call:
    """Return what calls a method of one of the clients by its name; the synchronous one runs in a thread."""
    blocking = WebClient(token=server.workspace.app.bot_token, base_url=server.base_url)

    async def called(name: str, **arguments: Any) -> Mapping[str, Any]:
        if request.param == "async":
            answer = await getattr(client, name)(**arguments)
        else:
            answer = await asyncio.to_thread(getattr(blocking, name), **arguments)
        assert answer["ok"] is True
        data: Mapping[str, Any] = answer.data
        return data

    return called


EASY: Mapping[str, tuple[Json, str]] = {
    "auth.test": ({}, "user_id"),
    "users.info": ({"user": "U0ALICE"}, "user"),
    "users.list": ({}, "members"),
    "usergroups.list": ({"include_users": True}, "usergroups"),
    "usergroups.users.list": ({"usergroup": "S0ONCALL"}, "users"),
    "conversations.open": ({"users": ["U0ALICE"]}, "channel"),
    "conversations.info": ({"channel": "C0TEAM"}, "channel"),
    "conversations.list": ({"types": ["public_channel", "private_channel"]}, "channels"),
    "conversations.members": ({"channel": "C0TEAM"}, "members"),
    "conversations.join": ({"channel": "C0QUIET"}, "channel"),
    "conversations.history": ({"channel": "C0TEAM", "limit": 10, "include_all_metadata": True}, "messages"),
    "chat.postMessage": ({"channel": "C0TEAM", "text": "hi", "blocks": [DIVIDER], "metadata": METADATA}, "ts"),
    "chat.postEphemeral": ({"channel": "C0TEAM", "user": "U0ALICE", "text": "psst"}, "message_ts"),
    "files.getUploadURLExternal": ({"filename": "a.log", "length": 3}, "upload_url"),
    "views.publish": ({"user_id": "U0ALICE", "view": HOME}, "view"),
    "apps.connections.open": ({"app_token": "xapp-demo"}, "url"),
}
"""Methods that need nothing before them: their arguments, and what their answer has beside `ok`."""

TOLD_IN_STORIES = {
    "chat.delete",
    "chat.getPermalink",
    "chat.update",
    "conversations.replies",
    "files.completeUploadExternal",
    "views.open",
    "views.update",
}


def test_every_method_is_called_here() -> None:
    """A method without a test in this module is noticed."""
    assert METHODS.keys() == EASY.keys() | TOLD_IN_STORIES


@pytest.mark.parametrize("method", EASY)
async def test_calls(call: Call, method: str) -> None:
    """The method takes the client's own arguments, in the client's own encoding, and answers."""
    arguments, has = EASY[method]
    assert has in await call(method.replace(".", "_"), **arguments)


async def test_the_life_of_a_message(server: ChatServer, call: Call) -> None:
    """A message is posted, found by its link, answered in its thread, read, edited and taken down."""
    posted = await call("chat_postMessage", channel="C0TEAM", text="a", metadata=METADATA)
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    await call("chat_postMessage", channel="C0TEAM", text="below", thread_ts=posted["ts"])
    link = await call("chat_getPermalink", channel="C0TEAM", message_ts=posted["ts"])
    assert link["permalink"] == f"https://acme.slack.com/archives/C0TEAM/p{posted['ts'].replace('.', '')}"
    thread = await call("conversations_replies", **where, include_all_metadata=True)
    assert [(one["text"], one.get("metadata")) for one in thread["messages"]] == [("a", METADATA), ("below", None)]
    changed = await call("chat_update", **where, text="b", blocks=[DIVIDER])
    assert (changed["text"], changed["message"]["metadata"]) == ("b", METADATA)
    await call("chat_delete", **where)
    assert [message.text for message in server.driver.messages("C0TEAM")] == ["below"]


async def test_the_life_of_a_form(server: ChatServer, call: Call) -> None:
    """A form is opened by a trigger, and updated."""
    opened = await call("views_open", trigger_id=server.state.triggers.issue("U0ALICE"), view=MODAL)
    changed = {**MODAL, "title": {"type": "plain_text", "text": "Another"}}
    await call("views_update", view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=changed)
    seen = server.driver.view("U0ALICE")
    assert (seen and seen.title, server.driver.view("U0BOB")) == ("Another", None)


async def test_files_in_one_message(server: ChatServer, call: Call) -> None:
    """files_upload_v2 brings several files, text and bytes, with a comment into a thread."""
    root = await call("chat_postMessage", channel="C0TEAM", text="root")
    uploads = [
        {"filename": "a.log", "title": "The log", "content": "é\n"},
        {"filename": "b.bin", "file": b"\x00\xff"},
    ]
    told = await call(
        "files_upload_v2", channel="C0TEAM", thread_ts=root["ts"], initial_comment="look", file_uploads=uploads
    )
    assert [file["title"] for file in told["files"]] == ["The log", "b.bin"]
    assert [file.content for file in server.driver.files("C0TEAM")] == ["é\n".encode(), b"\x00\xff"]
    (message,) = server.driver.messages("C0TEAM", thread=root["ts"])
    assert (message.text, len(message.files)) == ("look", 2)


async def test_a_file_for_nobody_yet(server: ChatServer, call: Call) -> None:
    """A file that is uploaded without a channel is in none."""
    await call("files_upload_v2", filename="a.log", content="x")
    assert (server.driver.files(), list(server.state.board)) == ((), [])
