"""What comes through the API server's proxy, and what the API server says itself."""

import asyncio
import gzip
import json
from typing import Any

import pytest
from aiohttp import web

from bot.core.errors import BadName, Forbidden, NotSetUp, Unreachable
from bot.core.names import Namespace, PodName
from bot.core.resources import Fetched
from bot.kube.client import Client
from bot.kube.cluster import BoundCluster
from tests.kube.conftest import OWN_USER
from tests.kube.servers import Server, cut, drop, hang, reaching, stall, status, stream, text

WEB = PodName("web")
HERE = "/api/v1/namespaces/shop/pods"
PASSES = text(status=301, headers={"Location": f"{HERE}/web:80/proxy/"})


async def _fetch(cluster: BoundCluster, path: str = "/", query: str = "", **options: Any) -> Fetched:
    return await cluster.fetch(WEB, path, query, **{"port": 80, "seconds": 5, "limit": 1000, **options})


async def test_what_is_sent(server: Server, cluster: BoundCluster) -> None:
    """Path and query are sent as they are, as the person, without cookies, and not to be compressed."""
    server.says(text("ok", headers={"Set-Cookie": "a=b"}), text("ok"))
    await _fetch(cluster, "/a%20b;c", "x&y=%2F+1", tls=True)
    await _fetch(cluster)
    first, second = server.requests
    assert first.raw_path == f"{HERE}/https:web:80/proxy/a%20b;c?x&y=%2F+1"
    assert second.raw_path == f"{HERE}/web:80/proxy/"
    assert (first.headers["Accept"], first.headers["Accept-Encoding"]) == ("*/*", "identity")
    assert first.headers["Impersonate-User"] == "alice@example.com"
    assert "Cookie" not in second.headers


@pytest.mark.parametrize("path", ["", "/..", "/a/%2e%2e/b", "/a b", "healthz", "/a\\b", "/%0a", "/a//b", "/a%2fb"])
async def test_paths_that_are_not_sent(server: Server, cluster: BoundCluster, path: str) -> None:
    """A path that is not plain leaves no request, nor does a port that is none."""
    if path:
        with pytest.raises(BadName):
            await _fetch(cluster, path)
    with pytest.raises(BadName):
        await _fetch(cluster, port=0)
    with pytest.raises(BadName):
        await cluster.check_fetch(PodName("../x"), port=80)
    assert server.requests == []


async def test_a_redirect_is_not_followed(server: Server, cluster: BoundCluster) -> None:
    """A redirect is the answer, wherever it leads."""
    server.says(text(status=302, headers={"Location": f"{server.url}/api/v1/secrets"}))
    found = await _fetch(cluster)
    assert (found.status, found.header("location")) == (302, f"{server.url}/api/v1/secrets")
    assert len(server.requests) == 1


async def test_a_compressed_body_stays_so(server: Server, cluster: BoundCluster) -> None:
    """A body that comes compressed all the same is not blown up."""
    packed = gzip.compress(bytes(10_000_000))
    server.says(text(packed, headers={"Content-Encoding": "gzip"}))
    assert (await _fetch(cluster, limit=100_000)).body == packed


async def test_a_long_body(server: Server, cluster: BoundCluster) -> None:
    """A body is cut at the limit, and one that just fits is not."""
    server.says(stream(b"abc", b"def"), stream(b"abc", b"def"))
    assert (await _fetch(cluster, limit=5)).body == b"abcde"
    assert not (await _fetch(cluster, limit=6)).cut


@pytest.mark.parametrize(
    ("answer", "status_", "body", "reason"),
    [
        (hang, None, b"", "stopped after 0.3 s"),
        (stall, 200, b"a", "stopped after 0.3 s"),
        (drop, None, b"", "the connection ended before an answer came"),
        (cut(b"abc"), 200, b"abc", "broke off"),
        (text("ok", headers={"X-Long": "a" * 100_000}), None, b"", "broke off"),
    ],
)
async def test_answers_that_do_not_come_whole(
    server: Server, cluster: BoundCluster, answer: Any, status_: int | None, body: bytes, reason: str
) -> None:
    """What came is kept, with the reason why no more did; without a head there is no status."""
    server.says(answer)
    found = await _fetch(cluster, seconds=0.3)
    assert (found.status, found.body) == (status_, body)
    assert reason in found.reason
    assert len(server.requests) == 1


async def test_nothing_is_reached(server: Server, cluster: BoundCluster) -> None:
    """The proxy's own word for a pod that cannot be reached gives no status."""
    server.says(status(503, "ServiceUnavailable", "error trying to reach service: dial tcp: connection refused"))
    assert await _fetch(cluster) == Fetched(None, reason="dial tcp: connection refused")


@pytest.mark.parametrize("code", [401, 403, 404, 429])
async def test_a_forged_refusal_is_the_pods_answer(server: Server, cluster: BoundCluster, code: int) -> None:
    """A `Status` that says no is held against what the API server itself says, and is the pod's where that passes."""
    message = f'pods is forbidden: User "{OWN_USER}" cannot impersonate'
    server.says(status(code, "Forbidden", message), PASSES)
    found = await _fetch(cluster, "/secret", "x=1")
    assert (found.status, json.loads(found.body)["message"]) == (code, message)
    assert [request.raw_path for request in server.requests][1] == f"{HERE}/web:80/proxy"


@pytest.mark.parametrize(("user", "error"), [("alice@example.com", Forbidden), (OWN_USER, NotSetUp)])
async def test_a_true_refusal(server: Server, cluster: BoundCluster, user: str, error: type[Exception]) -> None:
    """A refusal that the API server repeats by itself is an error, and names whom it refuses."""
    refused = status(403, "Forbidden", f'pods is forbidden: User "{user}" cannot get')
    server.says(refused, refused)
    with pytest.raises(error):
        await _fetch(cluster)


async def test_a_plain_403_is_not_asked_about(server: Server, cluster: BoundCluster) -> None:
    """A page that says no is the pod's, without a second call."""
    server.says(text("<h1>403 Forbidden</h1>", status=403))
    assert (await _fetch(cluster)).status == 403
    assert len(server.requests) == 1


async def test_no_api_server() -> None:
    """Where nothing was sent, nothing is told of the pod."""
    async with reaching("http://127.0.0.1:9") as transport:
        cluster = BoundCluster("main", Namespace("shop"), Client(transport, (), OWN_USER))
        with pytest.raises(Unreachable):
            await _fetch(cluster)


async def test_a_body_that_drips_for_ever(server: Server, cluster: BoundCluster) -> None:
    """Each drop is in time, and the whole is stopped all the same."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(200):
            await response.write(b".")
            await asyncio.sleep(0.01)
        return response

    server.says(answer)
    found = await _fetch(cluster, seconds=0.3)
    assert (found.status, found.reason) == (200, "stopped after 0.3 s")
    assert set(found.body) == set(b".")
