"""Socket Mode, seen by a bare websocket."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.resources import Json
from bot.demo.chat.deliveries import Delivery, Outcome
from bot.demo.chat.server import ChatServer

Socket = aiohttp.ClientWebSocketResponse


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a bare HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


async def connect(client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer) -> Socket:
    """Open a websocket as apps.connections.open says."""
    told = await client.apps_connections_open(app_token=server.workspace.app.app_token)
    return await session.ws_connect(told["url"], autoping=False)


async def greeted(client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer) -> Socket:
    """Open a websocket and hear its hello."""
    socket = await connect(client, session, server)
    assert (await hear(socket))["type"] == "hello"
    return socket


async def hear(socket: Socket) -> Json:
    """Receive one JSON message."""
    message: Json = await socket.receive_json(timeout=5)
    return message


async def acknowledge(socket: Socket, **payload: object) -> Json:
    """Receive an envelope and acknowledge it."""
    envelope = await hear(socket)
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": payload})
    return envelope


def command(server: ChatServer) -> "asyncio.Task[Delivery]":
    """Have Alice type a command."""
    return asyncio.create_task(server.driver.slash("U0ALICE", "C0TEAM", "list"))


async def test_says_hello(client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer) -> None:
    """The first message is hello, with the number of connections and the app's id."""
    sockets = [await connect(client, session, server) for _ in range(2)]
    hello = [await hear(socket) for socket in sockets][-1]
    assert (hello["type"], hello["num_connections"], hello["connection_info"]) == ("hello", 2, {"app_id": "A0PODBOT"})


async def test_a_websocket_needs_a_ticket(session: aiohttp.ClientSession, server: ChatServer) -> None:
    """Without a ticket from apps.connections.open there is no websocket."""
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await session.ws_connect(f"{server.state.origin}/link/?ticket=other")


async def test_an_envelope_is_acknowledged(
    client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer
) -> None:
    """A command's envelope goes out once and its acknowledgement settles the delivery."""
    socket = await greeted(client, session, server)
    typed = command(server)
    envelope = await acknowledge(socket)
    delivery = await typed
    assert (delivery.outcome, envelope["payload"]) == (Outcome.ACKNOWLEDGED, delivery.payload)
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)


async def test_an_acknowledgement_may_carry_words(
    client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer
) -> None:
    """What comes with a command's acknowledgement is shown to the asker alone."""
    socket = await greeted(client, session, server)
    typed = command(server)
    await acknowledge(socket, text="working on it")
    assert (await typed).answer == {"text": "working on it"}
    (message,) = server.driver.messages("C0TEAM")
    assert (message.text, message.only_for) == ("working on it", "U0ALICE")


async def test_connections_take_turns(
    client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer
) -> None:
    """Each of two connections gets every other envelope."""
    sockets = [await greeted(client, session, server) for _ in range(2)]
    typed = [command(server) for _ in range(4)]
    for socket in sockets * 2:
        await acknowledge(socket)
    assert [(await one).acknowledged for one in typed] == [True] * 4
    assert [len(connection.received) for connection in server.sockets.connections] == [2, 2]


async def test_an_unanswered_command_is_complained_of(
    client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer
) -> None:
    """Without an acknowledgement in time the asker alone sees operation_timeout, and a late one changes nothing."""
    socket = await greeted(client, session, server)
    server.driver.patience = 0.01
    delivery = await command(server)
    (message,) = server.driver.messages("C0TEAM")
    assert (delivery.outcome, message.error, message.only_for) == (Outcome.TIMED_OUT, "operation_timeout", "U0ALICE")
    assert message.text == "/pod failed with the error “operation_timeout”"

    await acknowledge(socket, text="sorry")
    await socket.ping(b"after it")
    assert (await socket.receive(timeout=5)).data == b"after it"
    assert server.driver.messages("C0TEAM") == (message,)


async def test_nobody_is_there(server: ChatServer) -> None:
    """Without a connection a command fails at once with dispatch_failed."""
    delivery = await command(server)
    assert delivery.outcome is Outcome.FAILED
    assert [message.error for message in server.driver.messages("C0TEAM")] == ["dispatch_failed"]


async def test_a_lost_event_is_not_complained_of(server: ChatServer) -> None:
    """Nobody is told of an event that did not arrive."""
    assert (await server.driver.mention("U0ALICE", "C0TEAM", "list")).outcome is Outcome.FAILED
    assert [message.error for message in server.driver.messages("C0TEAM")] == [""]


async def test_pings_are_answered(client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer) -> None:
    """A ping is answered with its own words."""
    socket = await greeted(client, session, server)
    await socket.ping(b"sdk-ping-pong:1")
    assert (await socket.receive(timeout=5)).data == b"sdk-ping-pong:1"


async def test_a_frozen_connection_is_silent(
    client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer
) -> None:
    """A frozen connection answers no ping and delivers nothing, until it thaws."""
    socket = await greeted(client, session, server)
    server.driver.patience = 0.01
    (connection,) = server.sockets.connections
    connection.frozen = True
    await socket.ping(b"lost")
    assert (await command(server)).outcome is Outcome.TIMED_OUT
    connection.frozen = False
    await socket.ping(b"heard")
    assert (await socket.receive(timeout=5)).data == b"heard"


async def test_a_frozen_connection_is_cut_in_the_end(
    client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer
) -> None:
    """The server does not wait for a frozen connection when it stops."""
    socket = await greeted(client, session, server)
    server.sockets.connections[0].frozen = True
    await server.stop()
    assert (await socket.receive(timeout=5)).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSE)


async def test_announces_its_end(client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer) -> None:
    """A disconnect message tells its reason."""
    socket = await greeted(client, session, server)
    await server.sockets.connections[0].announce_end("warning")
    told = await hear(socket)
    assert (told["type"], told["reason"]) == ("disconnect", "warning")


async def test_drops_a_connection(client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer) -> None:
    """A dropped connection ends without a close, and is counted no more."""
    socket = await greeted(client, session, server)
    server.sockets.connections[0].drop()
    assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSED
    await server.driver.wait_for(lambda: not server.sockets.connections)


async def test_a_connection_ends_under_an_envelope(
    client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer
) -> None:
    """An envelope that meets a connection just cut fails at once."""
    socket = await greeted(client, session, server)
    server.sockets.connections[0].drop()
    assert (await server.driver.slash("U0ALICE", "C0TEAM", "list")).outcome is Outcome.FAILED
    assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSED


async def test_ten_connections(client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer) -> None:
    """The eleventh connection is turned away."""
    sockets = [await greeted(client, session, server) for _ in range(10)]
    eleventh = await connect(client, session, server)
    assert (await hear(eleventh))["reason"] == "too_many_websockets"
    assert len(server.sockets.connections) == len(sockets)


async def test_an_event_is_redelivered(
    client: AsyncWebClient, session: aiohttp.ClientSession, server: ChatServer
) -> None:
    """A redelivered event has the same event_id, and says which attempt it is."""
    socket = await greeted(client, session, server)
    first, envelope = await asyncio.gather(server.driver.mention("U0ALICE", "C0TEAM", "list"), acknowledge(socket))
    _, again = await asyncio.gather(server.driver.redeliver(first, 2, "timeout"), acknowledge(socket))
    assert (envelope["retry_attempt"], again["retry_attempt"], again["retry_reason"]) == (0, 2, "timeout")
    assert envelope["payload"] == again["payload"]
    assert envelope["envelope_id"] != again["envelope_id"]
