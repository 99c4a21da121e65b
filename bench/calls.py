"""The requests that a line makes of the API server, recorded so that a bare client can make the very same."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from bot.core.wire import Request, Response, Socket, Transport
from bot.kube.credentials import open_transport
from tests.direct import ALICE_ON_CALL, Person
from tests.e2e.world import World


class Recorder:
    """A transport that remembers what it sends."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.requests: list[Request] = []

    def send(self, request: Request) -> AbstractAsyncContextManager[Response]:
        """Send it."""
        self.requests.append(request)
        return self._transport.send(request)

    def connect(self, request: Request, protocols: Sequence[str]) -> AbstractAsyncContextManager[Socket]:
        """Open a websocket, which no line of the bench does."""
        return self._transport.connect(request, protocols)

    async def close(self) -> None:
        """Close idle connections."""
        await self._transport.close()


async def calls_of(world: World, line: str) -> list[Request]:
    """Return what the line, typed by Alice, asks of the API server."""
    recorder = Recorder(await open_transport(kubeconfig=world.environment["KUBECONFIG"]))
    try:
        await Person(recorder, ALICE_ON_CALL, (world.shop,)).read(line)
    finally:
        await recorder.close()
    return recorder.requests
