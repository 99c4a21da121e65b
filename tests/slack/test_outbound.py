"""Messages for all: posted, edited, removed, with their files."""

import asyncio

import aiohttp
import pytest

from bot.core.asks import MessageRef
from bot.core.errors import CannotPost, ChatError
from bot.core.replies import File, Reply
from bot.core.resources import Json
from bot.demo.chat.server import ChatServer
from bot.demo.chat.workspace import Channel
from bot.render.blocks import actions, button, section
from bot.slack.outbound import SlackChat
from tests.slack.clocks import PatientClock

DELETED = Reply("web-1 is deleted", (section("*web-1* is deleted"),))
STARTED: Json = {"event_type": "podbot_change", "event_payload": {"state": "started"}}
DONE: Json = {"event_type": "podbot_change", "event_payload": {"state": "done"}}
TOKEN = "xoxb-123456789012-123456789012-AbCdEfGhIjKlMnOpQrStUvWx"


async def test_posts_for_all(server: ChatServer, chat: SlackChat) -> None:
    """A message has a text, blocks and metadata, and unfolds no links."""
    message = await chat.post("C0TEAM", DELETED, metadata=STARTED)
    (posted,) = server.driver.messages("C0TEAM", seen_by="U0BOB")
    assert message == MessageRef("C0TEAM", posted.ts)
    assert (posted.text, posted.blocks, posted.metadata) == (DELETED.text, DELETED.blocks, STARTED)
    (call,) = server.calls("chat.postMessage")
    assert (call.arguments["unfurl_links"], call.arguments["unfurl_media"]) == (False, False)


async def test_posts_into_a_thread(server: ChatServer, chat: SlackChat) -> None:
    """A reply for a thread and its file both go there."""
    top = await chat.post("C0TEAM", Reply("top"))
    await chat.post("C0TEAM", Reply("below", file=File("web-1.log", "a line")), thread=top.ts)
    said = server.driver.messages("C0TEAM", thread=top.ts)
    assert [(one.text, len(one.files)) for one in said] == [("below", 0), ("", 1)]
    assert [(file.name, file.text, file.thread) for file in server.driver.files("C0TEAM")] == [
        ("web-1.log", "a line", top.ts)
    ]


async def test_a_file_goes_under_its_message(server: ChatServer, chat: SlackChat) -> None:
    """A file of a message in the channel is in the message's thread, even an empty one."""
    message = await chat.post("C0TEAM", Reply("logs", file=File("web-1.log", "")))
    (file,) = server.driver.files("C0TEAM")
    assert (file.text, file.thread, file.snippet_type) == ("\n", message.ts, "text")


@pytest.mark.parametrize("error", ["restricted_action_read_only_channel", "not_in_channel"])
async def test_cannot_post(server: ChatServer, chat: SlackChat, error: str) -> None:
    """A channel that podbot may not post in is said to be one."""
    server.fail("chat.postMessage", error=error)
    with pytest.raises(CannotPost) as caught:
        await chat.post("C0TEAM", DELETED)
    assert caught.value.code == error


@pytest.mark.parametrize(("channel", "code"), [("C0QUIET", "not_in_channel"), ("C0GONE", "channel_not_found")])
async def test_cannot_post_where_it_is_no_member(chat: SlackChat, channel: str, code: str) -> None:
    """Where podbot is no member, nothing is posted."""
    with pytest.raises(CannotPost, match=code):
        await chat.post(channel, DELETED)


async def test_cannot_post_in_an_archive(server: ChatServer, chat: SlackChat) -> None:
    """Nothing is posted in an archived channel."""
    server.workspace.add(Channel("C0OLD", "old", frozenset({"U0PODBOT"}), archived=True))
    with pytest.raises(CannotPost, match="is_archived"):
        await chat.post("C0OLD", DELETED)


async def test_edits_a_message(server: ChatServer, chat: SlackChat) -> None:
    """An edit replaces text, blocks and metadata; without metadata the old one stays."""
    message = await chat.post("C0TEAM", DELETED, metadata=STARTED)
    await chat.update(message, Reply("half"))
    (half,) = server.driver.messages("C0TEAM")
    await chat.update(message, Reply("done"), metadata=DONE)
    (done,) = server.driver.messages("C0TEAM")
    assert (half.text, half.blocks, half.metadata) == ("half", (), STARTED)
    assert (done.text, done.metadata) == ("done", DONE)


async def test_a_file_of_an_edit_goes_into_the_thread(server: ChatServer, chat: SlackChat) -> None:
    """The file of an edited reply goes into the thread that the message stands in, not under the message."""
    top = await chat.post("C0TEAM", Reply("top"))
    below = await chat.post("C0TEAM", Reply("below"), thread=top.ts)
    await chat.update(below, Reply("logs", file=File("web-1.log", "a line")))
    await chat.update(top, Reply("logs", file=File("web-2.log", "a line")))
    assert [file.thread for file in server.driver.files("C0TEAM")] == [top.ts, top.ts]


async def test_removes_a_message(server: ChatServer, chat: SlackChat) -> None:
    """A message is taken down; one that is gone already is no error."""
    message = await chat.post("C0TEAM", DELETED)
    await chat.remove(message)
    await chat.remove(message)
    assert server.driver.messages("C0TEAM") == ()


async def test_removes_nobody_elses(server: ChatServer, chat: SlackChat) -> None:
    """Another's message stays, and that is an error."""
    theirs = server.state.write("C0TEAM", "U0BOB", "hi")
    with pytest.raises(ChatError, match="cant_delete_message"):
        await chat.remove(MessageRef("C0TEAM", theirs.ts))


@pytest.mark.parametrize("code", ["msg_blocks_too_long", "invalid_blocks", "msg_too_long"])
async def test_too_much_is_posted_as_a_file(
    server: ChatServer, chat: SlackChat, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    """What Slack finds too much is posted again as text, with all of it in a file of the thread, and logged."""
    server.fail("chat.postMessage", error=code)
    reply = Reply("2 pods", (section("web-1 &amp; web-2"),), file=File("pods.txt", "all of them"))
    message = await chat.post("C0TEAM", reply, metadata=STARTED)
    posted, *_ = server.driver.messages("C0TEAM")
    assert posted.text == "2 pods\nSlack took no more of this message; the whole is in the file `message.txt`."
    assert (posted.blocks, posted.metadata) == ((), STARTED)
    assert [(file.name, file.text, file.thread) for file in server.driver.files("C0TEAM")] == [
        ("pods.txt", "all of them", message.ts),
        ("message.txt", "web-1 & web-2\n", message.ts),
    ]
    assert f"Slack refused a message ({code}), which is sent again as text and a file" in caplog.messages


async def test_too_much_is_edited_as_a_file(server: ChatServer, chat: SlackChat) -> None:
    """What Slack finds too much in an edit becomes text and a file, without its buttons, and says so."""
    message = await chat.post("C0TEAM", Reply("sure?"))
    server.fail("chat.update", error="msg_blocks_too_long")
    await chat.update(message, Reply("sure?", (section("sure?"), actions(button("Yes", "podbot:confirm", "v")))))
    edited, *_ = server.driver.messages("C0TEAM")
    assert edited.text.endswith("Its buttons are missing: type the command again.")
    assert [file.name for file in server.driver.files("C0TEAM")] == ["message.txt"]


async def test_too_much_twice_is_an_error(server: ChatServer, chat: SlackChat) -> None:
    """What Slack does not even take as text is an error, not a loop."""
    server.fail("chat.postMessage", error="invalid_blocks", times=2)
    with pytest.raises(ChatError, match="invalid_blocks"):
        await chat.post("C0TEAM", DELETED)
    assert len(server.calls("chat.postMessage")) == 2


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
async def test_a_missing_file_is_told_of(server: ChatServer, chat: SlackChat, method: str) -> None:
    """A message whose file Slack does not take stands, and says that the file is missing."""
    server.fail(method, error="file_uploads_disabled", status=500)
    await chat.post("C0TEAM", Reply("logs", (section("logs"),), file=File("web-1.log", "x")), metadata=STARTED)
    (posted,) = server.driver.messages("C0TEAM")
    assert [block["type"] for block in posted.blocks] == ["section", "context"]
    assert "Slack did not take the file" in str(posted.blocks[-1])
    assert posted.metadata == STARTED


async def test_a_missing_file_that_cannot_be_told_of_fails_nothing(
    server: ChatServer, chat: SlackChat, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the message cannot be edited either, that is only logged: it has been posted."""
    server.fail("upload", status=500)
    server.fail("chat.update", error="fatal_error")
    await chat.post("C0TEAM", Reply("logs", file=File("web-1.log", "x")))
    assert [message.text for message in server.driver.messages("C0TEAM")] == ["logs"]
    assert "a message does not say that its file is missing: Slack said fatal_error" in caplog.messages


@pytest.mark.parametrize("late", [False, True])
async def test_never_posts_twice(server: ChatServer, chat: SlackChat, *, late: bool) -> None:
    """Where the connection is cut after a message was sent, it is not sent again, whether it arrived or not."""
    server.fail("chat.postMessage", drop=True, late=late)
    with pytest.raises(ChatError) as caught:
        await chat.post("C0TEAM", DELETED)
    assert not isinstance(caught.value, CannotPost)
    assert isinstance(caught.value.__cause__, aiohttp.ClientError)
    assert len(server.calls("chat.postMessage")) == 1
    assert len(server.driver.messages("C0TEAM")) == int(late)


async def test_waits_as_a_429_says(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """A message waits as long as Slack says, and is posted once."""
    server.fail("chat.postMessage", retry_after=7)
    posting = asyncio.create_task(chat.post("C0TEAM", DELETED))
    await clock.until_asleep(7)
    clock.advance(7)
    await posting
    assert [call.status for call in server.calls("chat.postMessage")] == [429, 200]
    assert len(server.driver.messages("C0TEAM")) == 1


async def test_masks_and_fits(server: ChatServer, chat: SlackChat) -> None:
    """What leaves is masked and within Slack's limits, and what was cut is in a masked file."""
    await chat.post("C0TEAM", Reply("token", (section(f"{TOKEN} {'word ' * 600}{TOKEN}"),)))
    posted, *_ = server.driver.messages("C0TEAM")
    (file,) = server.driver.files("C0TEAM")
    assert "123456789012" not in f"{posted}{file.text}"
    assert len(posted.blocks[0]["text"]["text"]) <= 3000
    assert len(file.text) > 3000
