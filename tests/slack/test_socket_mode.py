"""Sockets that end, fall silent or never open."""

import pytest

from bot.core.errors import ChatError
from bot.demo.chat.keeping import Recent
from bot.demo.chat.server import ChatServer
from bot.slack import socket_mode
from tests.slack.clocks import PatientClock
from tests.slack.rooms import Asked, running


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the package ping, and try again, without long waits."""
    monkeypatch.setattr(socket_mode, "PING_SECONDS", 0.1)


async def test_a_silent_socket_is_replaced(
    server: ChatServer, clock: PatientClock, asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    """A socket on which Slack was not heard for a minute is not ready, is reported, and is replaced."""
    async with running(server, clock, asked) as slack:
        (old,) = server.sockets.connections
        assert slack.connected()
        await clock.until_asleep(socket_mode.WATCH_SECONDS)
        clock.advance(120)
        assert not slack.connected()
        assert slack.socket_age() >= 60
        await server.driver.wait_for(lambda: server.sockets.connections and old not in server.sockets.connections)
        assert slack.connected()
        assert (await server.driver.slash("U0ALICE", "C0TEAM", "list")).acknowledged
        await asked.heard()
    assert any("Slack has been silent for 1" in message for message in caplog.messages)


async def test_a_replacement_is_tried_again(
    server: ChatServer, clock: PatientClock, asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    """Where Slack gives no new address, the old socket stays and the next look tries again."""
    async with running(server, clock, asked):
        (old,) = server.sockets.connections
        server.fail("apps.connections.open", error="internal_error")
        await clock.until_asleep(socket_mode.WATCH_SECONDS)
        clock.advance(120)
        await server.driver.wait_for(lambda: len(server.calls("apps.connections.open")) == 2)
        await clock.until_asleep(socket_mode.WATCH_SECONDS)
        clock.advance(socket_mode.WATCH_SECONDS)
        await server.driver.wait_for(lambda: server.sockets.connections and old not in server.sockets.connections)
    assert "no other socket could be opened: Slack said internal_error" in caplog.messages


async def test_a_frozen_socket_is_left(
    server: ChatServer, clock: PatientClock, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A socket that is open and deaf is left for another, although the package did not notice."""
    monkeypatch.setattr(socket_mode, "PING_SECONDS", 60)
    async with running(server, clock, asked) as slack:
        (old,) = server.sockets.connections
        old.frozen = True
        await clock.until_asleep(socket_mode.WATCH_SECONDS)
        clock.advance(120)
        await server.driver.wait_for(lambda: any(one is not old for one in server.sockets.connections))
        await clock.until_asleep(socket_mode.WATCH_SECONDS)
        assert slack.connected()


@pytest.mark.parametrize("how", ["dropped", "warned"])
async def test_a_socket_that_ends_is_followed_by_another(
    server: ChatServer, clock: PatientClock, asked: Asked, how: str
) -> None:
    """Where Slack ends a socket, with a warning or without, the package opens another."""
    async with running(server, clock, asked) as slack:
        (old,) = server.sockets.connections
        if how == "dropped":
            old.drop()
        else:
            await old.announce_end("warning")
        await server.driver.wait_for(lambda: server.sockets.connections and old not in server.sockets.connections)
        assert (await server.driver.slash("U0ALICE", "C0TEAM", "list")).acknowledged
        assert slack.connected()


async def test_a_socket_that_never_opens_is_an_error(
    server: ChatServer, clock: PatientClock, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the address that Slack gave leads nowhere, the start fails; the package would try for ever."""
    monkeypatch.setattr(socket_mode, "_OPEN_SECONDS", 0.3)
    monkeypatch.setattr(server.state, "tickets", Recent(0))
    with pytest.raises(ChatError, match="does not open"):
        async with running(server, clock, asked):
            pass
    assert server.sockets.connections == []
