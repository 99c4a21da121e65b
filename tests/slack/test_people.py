"""Members and usergroups, as Slack says."""

import asyncio

import pytest

from bot.core.asks import Member
from bot.core.errors import ChatError
from bot.core.resources import Json
from bot.demo.chat.methods import METHODS
from bot.demo.chat.server import ChatServer
from bot.slack.outbound import SlackChat
from tests.slack.clocks import PatientClock


@pytest.mark.parametrize(
    ("user", "says"),
    [
        ("U0ALICE", {"timezone": "Europe/Amsterdam"}),
        ("U0GUEST", {"is_guest": True}),
        ("U0SINGLE", {"is_guest": True}),
        ("U0STRANGER", {"team": "T0OTHER", "is_stranger": True}),
        ("U0GONE", {"is_deleted": True}),
        ("U0ALERTS", {"is_bot": True}),
    ],
)
async def test_tells_members_apart(chat: SlackChat, user: str, says: Json) -> None:
    """A member is what users.info says: whose, and of which kind."""
    assert await chat.member(user) == Member(**{"user": user, "team": "T0ACME", "timezone": "Europe/Amsterdam", **says})


async def test_a_member_is_remembered_for_a_minute(server: ChatServer, chat: SlackChat, clock: PatientClock) -> None:
    """Slack is asked once for many, and again when what it said is too old."""
    first = await asyncio.gather(*(chat.member("U0ALICE") for _ in range(5)))
    clock.advance(59)
    assert {await chat.member("U0ALICE"), *first} == {first[0]}
    assert len(server.calls("users.info")) == 1
    clock.advance(1)
    await chat.member("U0ALICE")
    assert len(server.calls("users.info")) == 2


async def test_a_usergroup_is_remembered_for_half_a_minute(
    server: ChatServer, chat: SlackChat, clock: PatientClock
) -> None:
    """Somebody who leaves a usergroup is out of it half a minute later."""
    assert await chat.usergroup("S0ONCALL") == {"U0ALICE"}
    server.workspace.usergroups["S0ONCALL"] = frozenset()
    assert await chat.usergroup("S0ONCALL") == {"U0ALICE"}
    clock.advance(30)
    assert await chat.usergroup("S0ONCALL") == frozenset()
    assert await chat.usergroup("S0ONCALL") == frozenset()
    assert len(server.calls("usergroups.users.list")) == 2


async def test_an_error_is_not_remembered(server: ChatServer, chat: SlackChat) -> None:
    """Where Slack does not say, nothing is guessed, and the next one asks again."""
    server.fail("users.info", error="fatal_error")
    with pytest.raises(ChatError, match="fatal_error"):
        await chat.member("U0ALICE")
    assert (await chat.member("U0ALICE")).team == "T0ACME"


async def test_an_unknown_usergroup_is_an_error(chat: SlackChat) -> None:
    """A usergroup that is not there has no members that could be granted anything."""
    with pytest.raises(ChatError) as caught:
        await chat.usergroup("S0GONE")
    assert caught.value.code == "no_such_subteam"


@pytest.mark.parametrize("user", [{}, {"id": "U0BOB", "team_id": "T0ACME"}, {"id": "U0ALICE", "team_id": None}])
async def test_half_an_answer_is_an_error(
    server: ChatServer, chat: SlackChat, monkeypatch: pytest.MonkeyPatch, user: Json
) -> None:
    """An answer about somebody else, or without a team, says nothing."""
    monkeypatch.setitem(METHODS, "users.info", lambda *_: {"user": user})
    with pytest.raises(ChatError, match="did not say"):
        await chat.member("U0ALICE")
    assert len(server.calls("users.info")) == 1


async def test_slackbot_is_a_bot(chat: SlackChat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's own bot is one, although Slack does not mark it."""
    slackbot = {"id": "USLACKBOT", "team_id": "T0ACME", "is_bot": False}
    monkeypatch.setitem(METHODS, "users.info", lambda *_: {"user": slackbot})
    assert await chat.member("USLACKBOT") == Member("USLACKBOT", "T0ACME", is_bot=True)
