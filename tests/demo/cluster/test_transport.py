"""The simulation as podbot's transport, and its faults."""

import asyncio
import json

import pytest

from bot.core.errors import ServerFault, TooSlow, Unreachable
from bot.core.wire import Rejected, Request
from bot.demo.cluster.faults import Fault, How, refusing
from bot.demo.cluster.transport import SimulatedTransport
from tests.demo.cluster.bench import PODS, Bench, pod

_LIST = Request("GET", PODS)
_CREATE = Request("POST", PODS, body=json.dumps(pod("web")).encode())


@pytest.fixture
def transport(bench: Bench) -> SimulatedTransport:
    """Return an administrator's transport."""
    return SimulatedTransport(bench.simulation, "root")


async def _body(transport: SimulatedTransport, request: Request) -> tuple[int, bytes]:
    async with transport.send(request) as response:
        return response.status, b"".join([chunk async for chunk in response.chunks()])


async def test_a_request(transport: SimulatedTransport) -> None:
    """A request is signed in and answered."""
    async with transport.send(_LIST) as response:
        assert (response.status, response.headers["content-type"]) == (200, "application/json")
        assert [json.loads(chunk)["kind"] async for chunk in response.chunks()] == ["PodList"]
    await transport.close()


async def test_a_watch_goes_on(bench: Bench, transport: SimulatedTransport) -> None:
    """A watch lives by the simulation's clock, sees what happens by itself, and ends in time."""
    bench.pod("web")
    query = (("watch", "true"), ("timeoutSeconds", "5"))
    _, body = await _body(transport, Request("GET", PODS, query))
    events = [json.loads(line) for line in body.splitlines()]
    assert events[0]["type"] == "ADDED"
    assert events[-1]["object"]["status"]["phase"] == "Running"


@pytest.mark.parametrize(
    ("how", "error"), [(How.REFUSED, Unreachable), (How.SLOW, TooSlow), (How.CUT, ServerFault), (How.TORN, ServerFault)]
)
async def test_faults(bench: Bench, transport: SimulatedTransport, how: How, error: type[Exception]) -> None:
    """A fault meets the requests that it is for, as often as it says, and nothing is carried out."""
    transport.faults.append(Fault(how, method="POST", path="/pods$"))
    assert (await _body(transport, _LIST))[0] == 200
    with pytest.raises(error):
        await _body(transport, _CREATE)
    assert bench.ask("GET", f"{PODS}/web").status == (200 if how is How.TORN else 404)
    assert (await _body(transport, _CREATE))[0] == (409 if how is How.TORN else 201)


async def test_a_change_that_happens_all_the_same(bench: Bench, transport: SimulatedTransport) -> None:
    """A change can be carried out although its answer is lost."""
    transport.faults.append(Fault(How.CUT, done=True, times=None))
    for _ in range(2):
        with pytest.raises(ServerFault):
            await _body(transport, _CREATE)
    assert bench.ask("GET", f"{PODS}/web").status == 200


async def test_something_else_answers(transport: SimulatedTransport) -> None:
    """Anything can be answered instead: a Status, a redirect."""
    transport.faults.append(refusing(429, "TooManyRequests", "busy", path="/pods$"))
    transport.faults.append(Fault(How.ANSWERED, status=302, headers={"Location": "http://x", "Set-Cookie": "a=b"}))
    status, body = await _body(transport, _LIST)
    assert (status, json.loads(body)["message"]) == (429, "busy")
    async with transport.send(_LIST) as response:
        assert (response.status, response.headers["location"]) == (302, "http://x")


async def _frames(transport: SimulatedTransport, *command: str) -> list[bytes]:
    query = (("stdout", "true"), *(("command", word) for word in command))
    async with transport.connect(Request("GET", f"{PODS}/web/exec", query), ["v5.channel.k8s.io"]) as socket:
        await socket.send(b"\x00ignored")
        return [frame async for frame in socket.frames()]


async def test_a_command(bench: Bench, transport: SimulatedTransport) -> None:
    """A command's frames come, and its end when it ends."""
    bench.pod("web")
    await bench.wait(5)
    before = bench.clock.now()
    assert await _frames(transport, "sh", "-c", "echo hi; sleep 3") == [
        b"\x01",
        b"\x01hi\n",
        b'\x03{"metadata": {}, "status": "Success"}',
    ]
    assert (bench.clock.now() - before).total_seconds() == 3


async def test_a_command_without_an_end(bench: Bench, transport: SimulatedTransport) -> None:
    """A command that does not end is waited for until the asker leaves."""
    bench.pod("web")
    await bench.wait(5)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await _frames(transport, "top")


async def test_commands_that_fail(bench: Bench, transport: SimulatedTransport) -> None:
    """A refused opening is Rejected, a websocket can break, and no connection is none."""
    with pytest.raises(Rejected) as caught:
        await _frames(transport, "true")
    assert caught.value.status == 404
    bench.pod("web")
    await bench.wait(5)
    transport.faults += [Fault(How.TORN), Fault(How.REFUSED)]
    with pytest.raises(ServerFault):
        await _frames(transport, "true")
    with pytest.raises(Unreachable):
        await _frames(transport, "true")
