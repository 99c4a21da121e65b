"""The simulation as podbot's transport: `wire.Transport` without a network, with faults where a test plans them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.core.errors import ServerFault, TooSlow, Unreachable
from bot.core.wire import Rejected, Request
from bot.demo.cluster.answers import Answer, Session
from bot.demo.cluster.faults import Fault, How
from bot.demo.cluster.simulation import Simulation

_LOOK = 0.1  # seconds between two looks at what a stream has


class SimulatedTransport:
    """Sends requests to a simulation, signed in by a token; the first fault that meets a request counts."""

    def __init__(self, simulation: Simulation, token: str) -> None:
        self.faults: list[Fault] = []
        self._simulation = simulation
        self._token = token

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncIterator["SimulatedResponse"]:
        """Send a request and give its answer."""
        await asyncio.sleep(0)
        fault = self._fault(request)
        given = self._answer(request, fault)
        yield SimulatedResponse(self._simulation, given, torn=fault is not None and fault.how is How.TORN)

    @asynccontextmanager
    async def connect(self, request: Request, protocols: Sequence[str]) -> AsyncIterator["SimulatedSocket"]:
        """Open a websocket; a refusal is raised as `Rejected`."""
        await asyncio.sleep(0)
        upgrade = (("Upgrade", "websocket"), ("Sec-WebSocket-Protocol", ", ".join(protocols)))
        opening = replace(request, headers=(*request.headers, *upgrade))
        fault = self._fault(opening)
        given = self._answer(opening, fault)
        if given.session is None:
            raise Rejected(given.status, given.body)
        yield SimulatedSocket(self._simulation, given.session, torn=fault is not None)

    async def close(self) -> None:
        """Do nothing: there is no connection."""

    def _fault(self, request: Request) -> Fault | None:
        return next((one for one in self.faults if one.meets(request)), None)

    def _answer(self, request: Request, fault: Fault | None) -> Answer:
        own = () if request.signed else (("Authorization", f"Bearer {self._token}"),)
        signed = replace(request, headers=(*request.headers, *own))
        if fault is None or fault.how is How.TORN:
            return self._simulation.respond(signed)
        if fault.how is How.REFUSED:
            raise Unreachable("no connection to the API server: connection refused")
        if fault.done:
            self._simulation.respond(signed)
        if fault.how is How.SLOW:
            raise TooSlow("the API server did not answer in time")
        if fault.how is How.CUT:
            raise ServerFault("the connection ended before an answer came")
        return fault.answer()


class SimulatedResponse:
    """An answer; a stream goes on as the simulation's clock does."""

    def __init__(self, simulation: Simulation, given: Answer, *, torn: bool = False) -> None:
        self.status = given.status
        self.headers: Mapping[str, str] = {
            "content-type": given.content,
            **{name.lower(): value for name, value in given.headers},
        }
        self._simulation = simulation
        self._answer = given
        self._torn = torn
        self._begun = False

    def chunks(self) -> "SimulatedResponse":
        """Yield the body as it comes."""
        return self

    def __aiter__(self) -> "SimulatedResponse":
        return self

    async def __anext__(self) -> bytes:
        body = self._answer.body
        if not self._begun and body:
            self._begun = True
            return body[: len(body) // 2] if self._torn else body
        if self._torn:
            raise ServerFault("the answer of the API server broke off")
        return await self._next()

    async def _next(self) -> bytes:
        stream = self._answer.stream
        while stream is not None:
            self._simulation.settle()
            chunk = stream.read()
            if chunk is None:
                break
            if chunk:
                return chunk
            await asyncio.sleep(0)  # a clock of tests does not wait, and others must get their turn
            await self._simulation.clock.sleep(_LOOK)
        raise StopAsyncIteration


class SimulatedSocket:
    """A command's websocket: its output, its end, and nothing more."""

    def __init__(self, simulation: Simulation, session: Session, *, torn: bool = False) -> None:
        self._simulation = simulation
        self._session = session
        self._torn = torn

    async def frames(self) -> AsyncIterator[bytes]:
        """Yield the frames, the last one when the command ends."""
        for frame in self._session.output:
            yield frame
        if self._torn:
            raise ServerFault("the websocket broke")
        if self._session.seconds is None:
            await asyncio.get_running_loop().create_future()  # for ever: whoever asked has a deadline
        elif self._session.seconds:
            await self._simulation.clock.sleep(self._session.seconds)
        yield self._session.end

    async def send(self, frame: bytes) -> None:
        """Take a frame; no program here reads its input."""
