"""Socket Mode: up to ten websockets, each payload to any one of them.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode.
"""

import asyncio
import json
from collections import deque
from contextlib import suppress
from typing import Any, Literal
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.core.resources import Json
from bot.demo.chat.deliveries import Delivery, Kind
from bot.demo.chat.errors import SlackError
from bot.demo.chat.state import State

MOST_CONNECTIONS = 10
_CLOSING_TIME = 1.0
_HOST = {"host": "applink-demo"}


class Connection:
    """One open websocket, with ways to break it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request, keep: int | None = None) -> None:
        self._socket = socket
        self._request = request
        self.frozen = False
        """Deaf and silent while its TCP connection stays open: no pong, no acknowledgement heard."""
        self.received: deque[str] = deque(maxlen=keep)
        """The envelope ids that went this way, or the last `keep` of them."""

    async def send(self, message: Json) -> None:
        """Send one JSON message, unless frozen; ConnectionError where the other end is gone."""
        if not self.frozen:
            await self._socket.send_json(message)

    async def deliver(self, delivery: Delivery, envelope: str) -> None:
        """Send a delivery in an envelope, and note it."""
        await self.send(_enveloped(delivery, envelope))
        self.received.append(envelope)

    async def pong(self, data: bytes) -> None:
        """Answer a ping."""
        await self._socket.pong(data)

    async def announce_end(self, reason: Literal["warning", "refresh_requested"]) -> None:
        """Say that this connection will end soon; the app is expected to open another."""
        await self.send({"type": "disconnect", "reason": reason, "debug_info": _HOST})

    def drop(self) -> None:
        """Cut the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def close(self) -> None:
        """Close it in order; a frozen one is cut."""
        if self.frozen:
            self.drop()
        await self._socket.close()


class Sockets:
    """All open connections; a courier that takes them in turn."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._turn = 0
        self.connections: list[Connection] = []

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Let a websocket in by its ticket, and read it until it ends."""
        if request.query.get("ticket") not in self._state.tickets:
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(autoping=False, timeout=_CLOSING_TIME)
        await socket.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": _HOST})
            await socket.close()
            return socket
        connection = Connection(socket, request, self._state.keep.handed)
        self.connections.append(connection)
        try:
            await connection.send(self._hello())
            self._state.bell.ring()
            await self._read(socket, connection)
        finally:
            self.connections.remove(connection)
            self._state.bell.ring()
        return socket

    async def carry(self, delivery: Delivery) -> Json:
        """Send an envelope through one connection, and wait for its acknowledgement."""
        envelope = str(uuid4())
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope] = waiting
        try:
            await self._send(delivery, envelope)
            return await waiting
        finally:
            del self._waiting[envelope]

    async def _send(self, delivery: Delivery, envelope: str) -> None:
        """Take the next connection in turn; one that turns out to be gone has got nothing, so another is taken."""
        self._turn += 1
        turn = self._turn % max(1, len(self.connections))
        for connection in (*self.connections[turn:], *self.connections[:turn]):
            with suppress(ConnectionError):
                await connection.deliver(delivery, envelope)
                return
        raise SlackError("dispatch_failed")

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(connection.close() for connection in list(self.connections)))

    async def _read(self, socket: web.WebSocketResponse, connection: Connection) -> None:
        async for message in socket:
            if connection.frozen:
                continue
            if message.type is WSMsgType.PING:
                await connection.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._acknowledge(_read(message.data))

    def _acknowledge(self, message: Json) -> None:
        waiting = self._waiting.get(str(message.get("envelope_id")))
        if waiting is not None and not waiting.done():
            answer = message.get("payload")
            waiting.set_result(answer if isinstance(answer, dict) else {})

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {**_HOST, "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._state.workspace.app.id},
        }


def _read(said: str) -> Json:
    """Return a message, empty for what is no JSON object: that acknowledges nothing."""
    try:
        message: Any = json.loads(said)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _enveloped(delivery: Delivery, envelope: str) -> Json:
    retries = {"retry_attempt": delivery.retry, "retry_reason": delivery.retry_reason}
    return {
        "envelope_id": envelope,
        "type": delivery.kind.value,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.kind is not Kind.EVENT,
        **(retries if delivery.kind is Kind.EVENT else {}),
    }
