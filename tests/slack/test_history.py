"""Looking for a message by its metadata."""

from datetime import timedelta

import pytest

from bot.core.errors import ChatError
from bot.core.replies import Reply
from bot.core.tellings import metadata
from bot.demo.chat.server import ChatServer
from bot.slack.outbound import SlackChat
from tests.slack.clocks import PatientClock

CHANNEL = "C0TEAM"


async def test_a_message_is_found_by_its_metadata(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """Among many, that with this event and id is found; another id, or another channel, is not."""
    since = clock.now()
    for number in range(3):
        await chat.post(CHANNEL, Reply(f"incident {number}"), metadata=metadata(str(number)))
    await chat.post(CHANNEL, Reply("another"))
    posted = server.driver.messages(CHANNEL)
    found = await chat.find(CHANNEL, metadata("1"), since=since)
    assert found is not None
    assert found.ts == posted[-3].ts
    assert await chat.find(CHANNEL, metadata("9"), since=since) is None
    assert await chat.find("C0ONCALL", metadata("1"), since=since) is None
    assert await chat.find(CHANNEL, metadata("1"), since=since + timedelta(hours=1)) is None


async def test_a_reply_is_found_in_its_thread(chat: SlackChat, clock: PatientClock) -> None:
    """A reply is looked for in the thread, and is not among the channel's messages."""
    since = clock.now()
    root = await chat.post(CHANNEL, Reply("incident"), metadata=metadata("1"))
    reply = await chat.post(CHANNEL, Reply("proof"), thread=root.ts, metadata=metadata("1.proof"))
    assert await chat.find(CHANNEL, metadata("1.proof"), since=since, thread=root.ts) == reply
    assert await chat.find(CHANNEL, metadata("1.proof"), since=since) is None


async def test_pages_are_read_on(chat: SlackChat, clock: PatientClock) -> None:
    """A message behind two hundred newer ones is found."""
    since = clock.now()
    first = await chat.post(CHANNEL, Reply("incident"), metadata=metadata("1"))
    for number in range(205):
        await chat.post(CHANNEL, Reply(f"talk {number}"))
    assert await chat.find(CHANNEL, metadata("1"), since=since) == first


async def test_a_missing_scope_is_said(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """Where the app may not read what is said, the error has Slack's word for that."""
    server.fail("conversations.history", error="missing_scope")
    with pytest.raises(ChatError) as caught:
        await chat.find(CHANNEL, metadata("1"), since=clock.now())
    assert caught.value.code == "missing_scope"
