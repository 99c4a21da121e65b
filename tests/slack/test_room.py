"""The whole room: real Bolt over a real socket, from what people do to Asks."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from bot.core.asks import Ask, MessageRef, Via
from bot.core.errors import ChatError
from bot.core.replies import Reply
from bot.core.vitals import Load, Way
from bot.demo.chat.deliveries import Outcome
from bot.demo.chat.server import ChatServer
from bot.render.blocks import actions, button, section
from bot.slack.room import Slack
from tests.slack.clocks import PatientClock
from tests.slack.rooms import Asked, listening, running

BUTTON = Reply("sure?", (section("sure?"), actions(button("Yes", "podbot:confirm", "signed"))))


async def test_how_slack_reaches_podbot(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """A room tells its way in and its load, also before it is started."""
    idle = Slack(bot_token="xoxb-1", app_token="xapp-1", clock=clock)
    assert (idle.way(), idle.load()) == (Way("Socket Mode", connected=False, silent=0.0), Load())
    async with running(server, clock, asked, at_once=3, waiting=4) as slack:
        assert (slack.way().mode, slack.way().connected, slack.load()) == ("Socket Mode", True, Load(0, 3, 0, 4))
    async with listening(server, clock, asked) as slack:
        assert slack.way() == Way("HTTP", connected=True)


async def test_a_command_becomes_an_ask(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """A slash command is acknowledged and arrives with Slack's ids, and what the phone did to it undone."""
    async with running(server, clock, asked):
        delivery = await server.driver.slash("U0ALICE", "C0TEAM", "logs web-1 —tail 5 -l “app=web”")
        (ask,) = await asked.heard()
    assert delivery.acknowledged
    assert (ask.team, ask.user, ask.channel, ask.via) == ("T0ACME", "U0ALICE", "C0TEAM", Via.SLASH)
    assert (ask.words, ask.received) == ('logs web-1 --tail 5 -l "app=web"', clock.now())
    assert ask.key == f"slash:{delivery.payload['trigger_id']}"


async def test_a_mention_becomes_an_ask(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """A mention is answered in a thread under it, and one that Slack delivers again has the same key."""
    async with running(server, clock, asked):
        delivery = await server.driver.mention("U0ALICE", "C0TEAM", "list &amp; <http://a.b|a.b>")
        await server.driver.redeliver(delivery)
        first, again = await asked.heard(2)
    assert (first.words, first.via, first.from_bot) == ("list & a.b", Via.MENTION, False)
    assert first.thread == delivery.payload["event"]["ts"]
    assert first.key == again.key == f"event:{delivery.payload['event_id']}"
    assert first.request_id != again.request_id


@pytest.mark.parametrize("user", ["", "U0ALERTS"])
async def test_a_bot_is_known_as_one(server: ChatServer, clock: PatientClock, asked: Asked, user: str) -> None:
    """A mention by a webhook or a bot user says that it is a bot's."""
    async with running(server, clock, asked):
        await server.driver.bot_mention("C0TEAM", "delete web-1", user=user)
        (ask,) = await asked.heard()
    assert ask.from_bot


async def test_a_press_in_the_channel_becomes_an_ask(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """A press brings the button's value and the message that it stands on."""
    async with running(server, clock, asked) as slack:
        where = await slack.chat.post("C0TEAM", BUTTON)
        (message,) = server.driver.messages("C0TEAM")
        delivery = await server.driver.press("U0BOB", message, "podbot:confirm")
        (ask,) = await asked.heard()
    assert delivery.acknowledged
    assert ask.press is not None
    assert (ask.user, ask.team, ask.via, ask.press.value) == ("U0BOB", "T0ACME", Via.BUTTON, "signed")
    assert ask.press.message == where == MessageRef("C0TEAM", message.ts)


async def test_a_press_on_an_ephemeral_message_names_none(
    server: ChatServer, clock: PatientClock, asked: Asked
) -> None:
    """A press on an answer for one person has no message that could be edited, and can be answered all the same."""
    async with running(server, clock, asked) as slack:
        await server.driver.slash("U0ALICE", "C0TEAM", "list")
        (typed,) = await asked.heard()
        await slack.chat.whisper(typed, BUTTON)
        (message,) = server.driver.messages("C0TEAM", seen_by="U0ALICE")
        await server.driver.press("U0ALICE", message, "podbot:confirm")
        pressed = (await asked.heard(2))[1]
        await slack.chat.whisper(pressed, Reply("shared"))
    assert pressed.press is not None
    assert pressed.press.message is None
    assert [one.text for one in server.driver.messages("C0TEAM", seen_by="U0ALICE")] == ["sure?", "shared"]


async def test_acknowledges_before_the_work(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """Work that never ends is acknowledged all the same, before any call to Slack."""
    asked.hold = True
    async with running(server, clock, asked):
        before = len(server.calls())
        assert (await server.driver.slash("U0ALICE", "C0TEAM", "list")).acknowledged
        assert (await server.driver.mention("U0ALICE", "C0TEAM", "list")).acknowledged
        await asked.heard(2)
        assert len(server.calls()) == before


async def test_turns_away_what_is_too_much(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """More than may run and wait is acknowledged and turned away."""
    asked.hold = True
    async with running(server, clock, asked, at_once=2, waiting=1):
        typed = [await server.driver.slash("U0ALICE", "C0TEAM", f"list {index}") for index in range(4)]
        await asked.heard(3)
        assert [one.acknowledged for one in typed] == [True] * 4
        assert [ask.words for ask in asked.asks] == ["list 0", "list 1"]
        assert [ask.words for ask in asked.away] == ["list 3"]


async def test_drains_ten_in_flight(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """A drain ends with each of ten asks finished or told, and what comes meanwhile is turned away."""
    asked.hold = True
    async with running(server, clock, asked, at_once=8) as slack:
        for index in range(10):
            await server.driver.slash("U0ALICE", "C0TEAM", str(index))
        await asked.heard(8)
        drain = asyncio.create_task(slack.drain(0.05))
        assert (await server.driver.slash("U0ALICE", "C0TEAM", "late")).acknowledged
        await drain
    assert sorted(ask.words for ask in asked.cancelled) == [str(index) for index in range(8)]
    assert sorted(ask.words for ask in asked.away) == ["8", "9", "late"]


async def test_two_replicas_share_the_work(server: ChatServer, clock: PatientClock) -> None:
    """Of two replicas each command reaches one."""
    one, two = Asked(), Asked()
    async with AsyncExitStack() as stack:
        for asked in (one, two):
            await stack.enter_async_context(running(server, clock, asked))
        for index in range(6):
            await server.driver.slash("U0ALICE", "C0TEAM", str(index))
        await one.heard(3)
        await two.heard(3)
    assert sorted(ask.words for ask in one.asks + two.asks) == [str(index) for index in range(6)]


async def test_knows_its_own_user(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """Once started, the room knows podbot's own user id, and needs no auth.test for a payload."""
    async with running(server, clock, asked) as slack:
        await server.driver.slash("U0ALICE", "C0TEAM", "list")
        await asked.heard()
        assert slack.bot_user == "U0PODBOT"
    assert len(server.calls("auth.test")) == 1


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
async def test_a_refused_token_ends_the_start(
    server: ChatServer, clock: PatientClock, asked: Asked, method: str
) -> None:
    """A token that Slack refuses is an error at the start, not a silent loop."""
    server.fail(method, error="invalid_auth")
    with pytest.raises(ChatError, match="invalid_auth"):
        async with running(server, clock, asked):
            pass


async def test_is_nothing_before_it_starts(clock: PatientClock) -> None:
    """A room that was not started is not connected, and can be drained and closed."""
    slack = Slack(bot_token="xoxb-1", app_token="xapp-1", clock=clock)
    await slack.drain(1)
    await slack.close()
    assert (slack.connected(), slack.socket_age(), slack.port) == (False, 0.0, 0)


def test_needs_a_way_in(clock: PatientClock) -> None:
    """Without an app token and a signing secret Slack could not reach it."""
    with pytest.raises(ValueError, match="app token or a signing secret"):
        Slack(bot_token="xoxb-1", clock=clock)


async def test_another_command_name(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """The command's name is the one that it was given."""
    async with running(server, clock, asked, command="/kube"):
        delivery = await server.driver.slash("U0ALICE", "C0TEAM", "list", command="/kube")
        asks: list[Ask] = await asked.heard()
    assert (delivery.outcome, [ask.words for ask in asks]) == (Outcome.ACKNOWLEDGED, ["list"])
