"""The network's faults, and the client library's habits that podbot does without."""

import asyncio
import itertools
import re
from contextlib import AsyncExitStack

import pytest
from aiohttp import web
from kubernetes.aio.client import Configuration

from bot.core.errors import ServerFault, TooSlow, Unauthenticated, Unreachable
from bot.core.watches import MOST
from bot.core.wire import Rejected, Request
from bot.kube.network import NetworkTransport
from bot.parts import Limits
from handlers.logs import FOLLOWED
from tests.kube.servers import TOKEN, Server, cut, drop, frames, hang, reaching, serving, stall, stream, text

GET = Request("GET", "/api")
DELETE = Request("DELETE", "/api")
SOON = Request("GET", "/api", timeout=0.1)
PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")


async def _read(transport: NetworkTransport, request: Request) -> tuple[int, bytes]:
    async with transport.send(request) as response:
        return response.status, b"".join([chunk async for chunk in response.chunks()])


async def _frames(transport: NetworkTransport, request: Request) -> list[bytes]:
    async with transport.connect(request, PROTOCOLS) as socket:
        return [frame async for frame in socket.frames()]


async def test_a_request_as_it_was_built(server: Server, transport: NetworkTransport) -> None:
    """Path, query, repeated headers, body and the bot's own token arrive as they were given."""
    server.says(text("ok", 201, {"X-Some": "header"}))
    headers = (("Impersonate-Group", "a"), ("Impersonate-Group", "b"))
    request = Request("POST", "/api/%2e%2e/x", (("a", "1 &/+"), ("a", "ü")), headers, b"body")
    async with transport.send(request) as response:
        assert (response.status, response.headers["x-some"]) == (201, "header")
    (came,) = server.requests
    assert (came.method, came.raw_path) == ("POST", "/api/%2e%2e/x?a=1%20%26%2F%2B&a=%C3%BC")
    assert came.headers.getall("Impersonate-Group") == ["a", "b"]
    assert came.headers.getall("Authorization") == [f"Bearer {TOKEN}"]
    assert server.bodies == [b"body"]


async def test_a_server_below_a_path() -> None:
    """A server's own path stays before the API's."""
    async with serving() as server, reaching(f"{server.url}/k8s/clusters/c-1/") as transport:
        server.says(text("ok"))
        assert await _read(transport, GET) == (200, b"ok")
        assert server.requests[0].raw_path == "/k8s/clusters/c-1/api"


async def test_nobody_listens() -> None:
    """Where nothing listens, nothing was sent."""
    async with serving() as gone:
        url = gone.url
    async with reaching(url) as transport:
        with pytest.raises(Unreachable):
            await _read(transport, DELETE)
        with pytest.raises(Unreachable):
            await _frames(transport, GET)


async def test_slow_headers(server: Server, transport: NetworkTransport) -> None:
    """An answer that does not begin in time is too slow."""
    server.says(hang)
    with pytest.raises(TooSlow):
        await _read(transport, SOON)


async def test_a_slow_body(server: Server, transport: NetworkTransport) -> None:
    """An answer that does not go on in time is too slow."""
    server.says(stall)
    with pytest.raises(TooSlow):
        await _read(transport, SOON)


async def test_a_slow_websocket(server: Server, transport: NetworkTransport) -> None:
    """A websocket that does not open in time is too slow."""
    server.says(hang)
    with pytest.raises(TooSlow):
        await _frames(transport, SOON)


async def test_a_cut_body(server: Server, transport: NetworkTransport) -> None:
    """An answer that ends before its length is a fault."""
    server.says(cut(b"half"))
    with pytest.raises(ServerFault):
        await _read(transport, GET)


async def test_a_read_is_sent_again_once(server: Server, transport: NetworkTransport) -> None:
    """A read whose connection was dropped is sent once more, and no third time."""
    server.says(drop, text("ok"), drop, drop)
    assert await _read(transport, GET) == (200, b"ok")
    with pytest.raises(ServerFault):
        await _read(transport, GET)
    assert len(server.requests) == 4


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
async def test_a_change_is_sent_once(server: Server, transport: NetworkTransport, method: str) -> None:
    """A change whose connection was dropped is not sent again."""
    server.says(drop)
    with pytest.raises(ServerFault):
        await _read(transport, Request(method, "/api"))
    assert len(server.requests) == 1


async def test_a_websocket_is_opened_once(server: Server, transport: NetworkTransport) -> None:
    """A websocket whose connection was dropped is not opened again, for a command may have started."""
    server.says(drop)
    with pytest.raises(ServerFault):
        await _frames(transport, GET)
    assert len(server.requests) == 1


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(server: Server, transport: NetworkTransport, code: int) -> None:
    """A redirect, here or elsewhere, is an answer like any other."""
    async with serving() as elsewhere:
        for target in ("/api/v1/secrets", f"{elsewhere.url}/"):
            server.says(text("moved", code, {"Location": target}))
            assert await _read(transport, GET) == (code, b"moved")
        assert elsewhere.requests == []
    assert len(server.requests) == 2


async def test_a_websockets_redirect_is_not_followed(server: Server, transport: NetworkTransport) -> None:
    """A redirect of a websocket's opening is a refusal."""
    async with serving() as elsewhere:
        for target in ("/api/v1/secrets", f"{elsewhere.url}/"):
            server.says(text("moved", 302, {"Location": target}))
            with pytest.raises(Rejected) as caught:
                await _frames(transport, GET)
            assert (caught.value.status, caught.value.body) == (302, b"moved")
        assert elsewhere.requests == []
    assert len(server.requests) == 2


async def test_a_cookie_is_not_kept(server: Server, transport: NetworkTransport) -> None:
    """A cookie is never sent back, not even on the next person's call."""
    server.says(text("", headers={"Set-Cookie": "session=alice; Path=/"}), text(), frames())
    await _read(transport, GET)
    await _read(transport, GET)
    await _frames(transport, GET)
    assert ["Cookie" in request.headers for request in server.requests] == [False, False, False]


async def test_what_is_left_unread_does_not_reach_the_next(server: Server, transport: NetworkTransport) -> None:
    """An answer that is left in the middle leaves nothing for the next request."""
    server.says(stream(b"first" * 100, b"more" * 100_000), text("second"))
    async with transport.send(GET) as response:
        async for chunk in response.chunks():
            assert chunk.startswith(b"first")
            break
    assert await _read(transport, GET) == (200, b"second")


async def test_all_that_goes_on_leaves_room(server: Server, transport: NetworkTransport) -> None:
    """While every watch is on and as many logs are followed as may be, a request still finds a connection."""
    going_on = MOST + Limits().long * FOLLOWED
    server.says(*[stall] * going_on, text("ok"))
    async with AsyncExitStack() as stack:
        for _ in range(going_on):
            await stack.enter_async_context(transport.send(GET))
        assert await _read(transport, Request("GET", "/api", timeout=1.0)) == (200, b"ok")


async def test_authentication_is_fresh(server: Server) -> None:
    """The token is asked for at every request, websockets included."""
    numbers = itertools.count(1)

    def renew(configuration: Configuration) -> None:
        configuration.api_key["BearerToken"] = f"Bearer token-{next(numbers)}\n"

    server.says(text(), text(), frames())
    async with reaching(server.url, refresh_api_key_hook=renew) as transport:
        await _read(transport, GET)
        await _read(transport, GET)
        await _frames(transport, GET)
    came = [request.headers["Authorization"] for request in server.requests]
    assert came == ["Bearer token-1", "Bearer token-2", "Bearer token-3"]


async def test_no_token_no_header(server: Server) -> None:
    """Without a token (client certificates) there is no Authorization header."""
    server.says(text())
    async with reaching(server.url, api_key={}) as transport:
        await _read(transport, GET)
    assert "Authorization" not in server.requests[0].headers


async def test_a_token_that_cannot_be_read(server: Server) -> None:
    """A token's file that is gone is the bot's own trouble, told without a request."""

    def renew(_configuration: Configuration) -> None:
        raise FileNotFoundError("no token")

    async with reaching(server.url, refresh_api_key_hook=renew) as transport:
        with pytest.raises(Unauthenticated, match="no token"):
            await _read(transport, GET)
    assert server.requests == []


async def test_a_token_that_is_no_header(server: Server) -> None:
    """A token with a line's end inside is refused, and not told."""
    async with reaching(server.url, api_key={"BearerToken": "Bearer secret\nX: y"}) as transport:
        with pytest.raises(Unauthenticated) as caught:
            await _read(transport, GET)
    assert "secret" not in str(caught.value)


async def test_frames(server: Server, transport: NetworkTransport) -> None:
    """A websocket's frames come as bytes, until the other end closes."""
    server.says(frames(b"\x01a", b"\x02\xff"))
    assert await _frames(transport, GET) == [b"\x01a", b"\x02\xff"]
    assert server.requests[0].headers["Sec-WebSocket-Protocol"] == "v5.channel.k8s.io,v4.channel.k8s.io"


async def test_sending_a_frame(server: Server, transport: NetworkTransport) -> None:
    """A frame is sent as it is."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def listen(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await heard.put(await socket.receive_bytes())
        await socket.close()
        return socket

    server.says(listen)
    async with transport.connect(GET, ()) as socket:
        await socket.send(b"\x00in")
        assert await heard.get() == b"\x00in"


async def test_a_frame_of_text(server: Server, transport: NetworkTransport) -> None:
    """A frame that is not binary is not Kubernetes'."""
    server.says(frames("text"))
    with pytest.raises(ServerFault, match="TEXT"):
        await _frames(transport, GET)


async def test_a_refused_websocket(server: Server, transport: NetworkTransport) -> None:
    """A refusal carries the server's own words, and its connection is not used again."""
    server.says(text("no", 403), text("ok"))
    with pytest.raises(Rejected) as caught:
        await _frames(transport, GET)
    assert (caught.value.status, caught.value.body) == (403, b"no")
    assert await _read(transport, GET) == (200, b"ok")
    ports = [request.transport for request in server.requests]
    assert ports[0] is not ports[1]


async def test_a_refusal_that_is_cut(server: Server, transport: NetworkTransport) -> None:
    """A refusal whose words are lost is a refusal all the same."""
    server.says(cut(b"no", 500))
    with pytest.raises(Rejected) as caught:
        await _frames(transport, GET)
    assert (caught.value.status, caught.value.body) == (500, b"")


async def test_a_long_refusal(server: Server, transport: NetworkTransport) -> None:
    """Of a refusal only the beginning is read."""
    server.says(text(b"a" * 8_000_000, 500))
    with pytest.raises(Rejected) as caught:
        await _frames(transport, GET)
    assert re.fullmatch(b"a+", caught.value.body)
    assert len(caught.value.body) < 8_000_000


async def test_a_proxy() -> None:
    """A configured proxy carries requests and websockets."""
    async with serving() as proxy, reaching("http://api.invalid:6443", proxy=proxy.url) as transport:
        proxy.says(text("ok"), text("no", 500))
        assert await _read(transport, GET) == (200, b"ok")
        with pytest.raises(Rejected):
            await _frames(transport, GET)
        assert [str(request.url) for request in proxy.requests] == ["http://api.invalid:6443/api"] * 2


async def test_a_proxy_that_refuses() -> None:
    """A proxy that opens no tunnel means that nothing was sent."""
    async with serving() as proxy, reaching("https://api.invalid:6443", proxy=proxy.url) as transport:
        proxy.says(text("no", 403))
        with pytest.raises(Unreachable):
            await _read(transport, DELETE)
