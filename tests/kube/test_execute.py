"""Commands over a websocket's channels."""

import asyncio
import json

import pytest
from aiohttp import web

from bot.core.errors import Forbidden, Invalid, OutcomeUnknown
from bot.core.names import ContainerName, PodName
from bot.core.resources import Executed
from bot.kube.cluster import BoundCluster
from tests.kube.servers import Server, drop, frames, status

SUCCESS = b'\x03{"status":"Success"}'


async def _run(cluster: BoundCluster, limit: int = 100, seconds: float = 5) -> Executed:
    return await cluster.execute(
        PodName("web"), ["sh", "-c", "a b"], container=ContainerName("main"), seconds=seconds, limit=limit
    )


def _failure(message: str = "", /, **cause: str) -> bytes:
    return b"\x03" + json.dumps({"status": "Failure", "message": message, "details": {"causes": [cause]}}).encode()


async def test_channels_are_kept_apart(server: Server, cluster: BoundCluster) -> None:
    """Output, errors and the end have channels of their own; what closes a channel, and empty frames, say nothing."""
    server.says(frames(b"\x01out", b"", b"\x02err", b"\x01\xff\x00", b"\xff\x01", SUCCESS))
    assert await _run(cluster) == Executed(b"out\xff\x00", b"err", 0)
    asked = "command=sh&command=-c&command=a%20b&container=main&stdout=true&stderr=true"
    assert server.requests[0].raw_path == f"/api/v1/namespaces/shop/pods/web/exec?{asked}"
    assert server.requests[0].headers["Impersonate-User"] == "alice@example.com"


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (SUCCESS, 0, ""),
        (_failure(reason="ExitCode", message="137"), 137, ""),
        (_failure(reason="ExitCode", message="junk"), None, "the command failed without an exit code"),
        (_failure("no such program"), None, "no such program"),
        (b"\x03{", None, "the command's end could not be read"),
        (b"\x01", None, "the connection ended before the command did"),
    ],
)
async def test_the_end(server: Server, cluster: BoundCluster, status: bytes, code: int | None, reason: str) -> None:
    """The exit code is the last channel's, or the reason why there is none."""
    server.says(frames(status))
    assert await _run(cluster) == Executed(b"", b"", code, reason=reason, unheard=status == b"\x01")


async def test_output_is_cut(server: Server, cluster: BoundCluster) -> None:
    """The limit counts both channels together, and the exit code is still learned."""
    server.says(frames(b"\x01abc", b"\x02def", b"\x01ghi", SUCCESS))
    assert await _run(cluster, limit=5) == Executed(b"abc", b"de", 0, cut=True)


async def test_output_without_end(server: Server, cluster: BoundCluster) -> None:
    """A command that goes on and on is left."""
    server.says(frames(*[b"\x01abcd"] * 10, SUCCESS))
    assert await _run(cluster, limit=4) == Executed(
        b"abcd", b"", None, cut=True, reason="stopped: far too much output", unheard=True
    )


async def test_a_command_that_does_not_end(server: Server, cluster: BoundCluster) -> None:
    """A command has its time, and what it said until then is kept."""

    async def answer(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_bytes(b"\x01begun")
        await asyncio.wait_for(socket.receive(), 5)
        return socket

    server.says(answer)
    assert await _run(cluster, seconds=0.3) == Executed(b"begun", b"", None, reason="stopped after 0.3 s", unheard=True)


async def test_a_broken_websocket(server: Server, cluster: BoundCluster) -> None:
    """A websocket that breaks leaves what was said, and the reason."""
    server.says(frames(b"\x01begun", "text"))
    assert await _run(cluster) == Executed(b"begun", b"", None, reason="the websocket broke: TEXT", unheard=True)


async def test_a_command_that_may_have_started(server: Server, cluster: BoundCluster) -> None:
    """A command whose opening was lost may have run."""
    server.says(drop)
    with pytest.raises(OutcomeUnknown):
        await _run(cluster)


async def _check(cluster: BoundCluster) -> None:
    await cluster.check_execute(PodName("web"), ["ls"], container=ContainerName("main"))


async def test_a_check(server: Server, cluster: BoundCluster) -> None:
    """Both verbs are asked without a websocket, and the refusal to go on without one means yes."""
    server.says(*[status(400, "BadRequest", "Upgrade request required")] * 2)
    await _check(cluster)
    assert [request.method for request in server.requests] == ["GET", "POST"]
    assert {request.headers.get("Upgrade") for request in server.requests} == {None}


async def test_a_check_that_fails(server: Server, cluster: BoundCluster) -> None:
    """Any other refusal is the answer."""
    server.says(status(400, "BadRequest", "container main is not valid for pod web"))
    with pytest.raises(Invalid, match="not valid"):
        await _check(cluster)
    server.says(status(400, "BadRequest", "Upgrade request required"), status(403, "Forbidden", "no"))
    with pytest.raises(Forbidden):
        await _check(cluster)
