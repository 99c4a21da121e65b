"""Answers to the asker alone, by the first way that works."""

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.core.asks import Ask
from bot.core.errors import ChatError
from bot.core.ports import Clock
from bot.core.replies import File, Reply
from bot.demo.chat.methods import METHODS
from bot.demo.chat.server import ChatServer
from bot.render.blocks import actions, button, section
from bot.slack.outbound import SlackChat
from tests.slack.asks import mentioned, typed
from tests.slack.clocks import PatientClock

PODS = Reply("2 pods", (section("web-1, web-2"),))
LOGS = replace(PODS, file=File("web-1.log", "a line"))
LINK = "https://slack.com/app_redirect?channel=D0ALICE&team=T0ACME"
SENDING = ("response_url", "chat.postEphemeral", "chat.postMessage")


def sent(server: ChatServer) -> list[str]:
    """Return the calls that send something, in order."""
    return [call.method for call in server.calls() if call.method in SENDING]


async def test_answers_through_the_response_url(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """A command is answered through its response URL: the asker alone sees it."""
    await chat.whisper(typed(server, clock), PODS)
    (answer,) = server.driver.messages("C0TEAM")
    assert (answer.text, answer.blocks, answer.only_for) == (PODS.text, PODS.blocks, "U0ALICE")
    assert sent(server) == ["response_url"]


async def test_answers_where_podbot_is_no_member(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """A response URL works in a channel that podbot cannot post in."""
    await chat.whisper(typed(server, clock, channel="C0QUIET"), PODS)
    assert [message.only_for for message in server.driver.messages("C0QUIET")] == ["U0ALICE"]


async def test_the_sixth_answer_goes_another_way(
    server: ChatServer, chat: SlackChat, clock: PatientClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A response URL is used five times; the sixth answer is an ephemeral message, and that is logged."""
    caplog.set_level(logging.INFO, "podbot.slack")
    ask = typed(server, clock)
    for _ in range(6):
        await chat.whisper(ask, PODS)
    assert sent(server) == ["response_url"] * 5 + ["chat.postEphemeral"]
    assert [message.only_for for message in server.driver.messages("C0TEAM")] == ["U0ALICE"] * 6
    assert "request r1 is answered another way: Slack said used_url" in caplog.messages


async def test_an_old_url_is_not_tried(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """Half an hour after the command its response URL is not used any more."""
    ask = typed(server, clock)
    clock.advance(30 * 60)
    await chat.whisper(ask, PODS)
    assert sent(server) == ["chat.postEphemeral"]


async def test_an_expired_url_is_given_up(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """A response URL that Slack has let expire gives way to an ephemeral message."""
    ask = typed(server, clock)
    server.expire_response_urls()
    await chat.whisper(ask, PODS)
    assert sent(server) == ["response_url", "chat.postEphemeral"]
    assert [message.only_for for message in server.driver.messages("C0TEAM")] == ["U0ALICE"]


@pytest.mark.parametrize("how", ["drop", "status"])
async def test_a_broken_url_is_given_up(server: ChatServer, chat: SlackChat, clock: PatientClock, how: str) -> None:
    """A response URL that does not answer, or with an error, gives way to an ephemeral message."""
    server.fail("response_url", drop=how == "drop", status=500, error="oops")
    await chat.whisper(typed(server, clock), PODS)
    assert sent(server) == ["response_url", "chat.postEphemeral"]


async def test_the_last_way_is_a_direct_message(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """Where neither a response URL nor an ephemeral message works, the asker gets a direct message."""
    ask = typed(server, clock, channel="C0QUIET")
    server.expire_response_urls()
    await chat.whisper(ask, PODS)
    assert sent(server) == ["response_url", "chat.postEphemeral", "chat.postMessage"]
    assert [message.text for message in server.driver.direct_messages("U0ALICE")] == ["2 pods"]


async def test_no_way_at_all_is_an_error(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """Where no way works, the last one's error is raised."""
    for method in SENDING:
        server.fail(method, error="fatal_error", status=500)
    with pytest.raises(ChatError, match="fatal_error"):
        await chat.whisper(typed(server, clock), PODS)


async def test_no_direct_message_is_an_error(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """Somebody who cannot have a direct message cannot be answered by one."""
    ask = replace(typed(server, clock, channel="C0QUIET"), user="U0ALERTS", response_url="")
    with pytest.raises(ChatError, match="cannot_dm_bot"):
        await chat.whisper(ask, PODS)


async def test_a_direct_message_without_an_id_is_an_error(
    server: ChatServer, chat: SlackChat, clock: PatientClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that names no direct message is an error."""
    monkeypatch.setitem(METHODS, "conversations.open", lambda *_: {"channel": {}})
    with pytest.raises(ChatError, match="named no channel"):
        await chat.whisper(replace(typed(server, clock, channel="C0QUIET"), response_url=""), PODS)


async def test_a_mention_is_answered_in_its_thread(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """A whisper to a mention is an ephemeral message in its thread."""
    ask = mentioned(server, clock)
    await chat.whisper(ask, PODS)
    (answer,) = server.driver.messages("C0TEAM", thread=ask.thread)
    assert (answer.text, answer.only_for) == ("2 pods", "U0ALICE")


async def test_a_press_in_a_thread_is_answered_there(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """Where the asker pressed in a thread, the response URL's answer goes there, and replaces nothing."""
    top = await chat.post("C0TEAM", Reply("top"))
    ask = replace(typed(server, clock), thread=top.ts)
    await chat.whisper(ask, PODS)
    await chat.whisper(ask, PODS)
    assert len(server.driver.messages("C0TEAM", thread=top.ts)) == 2


async def test_a_file_goes_to_the_direct_message(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """A file for one person goes to the direct message, and the answer links there, above its buttons."""
    share = actions(button("Share", "podbot:share", "signed"))
    await chat.whisper(typed(server, clock), replace(LOGS, blocks=(*LOGS.blocks, share)))
    assert [(file.name, file.text) for file in server.driver.files("D0ALICE")] == [("web-1.log", "a line")]
    (answer,) = server.driver.messages("C0TEAM")
    assert [block["type"] for block in answer.blocks] == ["section", "context", "actions"]
    assert f"<{LINK}|your messages with podbot>" in str(answer.blocks[1])


async def test_a_direct_message_is_opened_once(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """The next file goes to the direct message that is known, without asking Slack for it again."""
    for _ in range(3):
        await chat.whisper(typed(server, clock), LOGS)
    assert len(server.driver.files("D0ALICE")) == 3
    assert len(server.calls("conversations.open")) == 1


async def test_an_answer_survives_its_file(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """Where the file is not taken, the answer comes all the same, and says so."""
    server.fail("conversations.open", error="user_disabled")
    await chat.whisper(typed(server, clock), LOGS)
    (answer,) = server.driver.messages("C0TEAM")
    assert "Slack did not take the file" in str(answer.blocks)


Make = Callable[[ChatServer, Clock], Ask]


@pytest.mark.parametrize(("make", "method"), [(typed, "response_url"), (mentioned, "chat.postEphemeral")])
async def test_too_much_becomes_a_file(
    server: ChatServer, chat: SlackChat, clock: PatientClock, make: Make, method: str
) -> None:
    """What Slack finds too much is sent again the same way as text, with all of it in the direct message."""
    server.fail(method, error="msg_blocks_too_long")
    await chat.whisper(make(server, clock), PODS)
    assert sent(server)[:2] == [method, method]
    answer = server.driver.messages("C0TEAM")[-1]
    assert (answer.only_for, answer.blocks) == ("U0ALICE", ())
    assert answer.text.endswith("the whole is in the file `message.txt`.")
    assert [(file.name, file.text) for file in server.driver.files("D0ALICE")] == [("message.txt", "web-1, web-2\n")]
