"""HTTP mode, seen by real Bolt."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.deliveries import Outcome
from bot.demo.chat.messages import Draft
from bot.demo.chat.server import ChatServer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[str]:
    """Serve one request URL."""
    app = web.Application()
    app.add_routes([web.post("/slack/events", handler)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await runner.cleanup()


@pytest.fixture
def heard() -> "asyncio.Queue[Any]":
    """Return what Bolt heard."""
    return asyncio.Queue()


@pytest.fixture
async def bolt(server: ChatServer, client: AsyncWebClient, heard: "asyncio.Queue[Any]") -> AsyncIterator[str]:
    """Serve real Bolt at a request URL; it notes what it hears."""
    bolt = AsyncApp(client=client, signing_secret=server.workspace.app.signing_secret)

    @bolt.command("/pod")
    async def command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(f"heard {body['text']}")
        await heard.put(body)

    @bolt.event("app_mention")
    async def mention(body: dict[str, Any]) -> None:
        await heard.put(body)

    @bolt.action("go")
    async def press(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await heard.put(body)

    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    async with listening(handle) as url:
        yield url


async def test_bolt_takes_signed_requests(server: ChatServer, bolt: str, heard: "asyncio.Queue[Any]") -> None:
    """A command, a mention and a press reach Bolt with the payloads that were sent."""
    server.post_to(bolt)
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go", "value": "v"}
    message = server.state.post(
        server.workspace.channel("C0TEAM"), Draft("hi", ({"type": "actions", "elements": [button]},))
    )
    deliveries = [
        await server.driver.slash("U0ALICE", "C0TEAM", "list --all 'a b' é"),
        await server.driver.mention("U0ALICE", "C0TEAM", "list"),
        await server.driver.press("U0ALICE", message, "go"),
    ]
    assert [delivery.outcome for delivery in deliveries] == [Outcome.ACKNOWLEDGED] * 3
    async with asyncio.timeout(5):
        bodies = [await heard.get() for _ in deliveries]
    assert all(delivery.payload in bodies for delivery in deliveries)
    said = [message.text for message in server.driver.messages("C0TEAM", seen_by="U0ALICE")]
    assert said == ["hi", "heard list --all 'a b' é", "<@U0PODBOT> list"]


async def test_bolt_refuses_a_wrong_signature(server: ChatServer, bolt: str, heard: "asyncio.Queue[Any]") -> None:
    """A request signed with another secret is refused, and the asker sees dispatch_failed."""
    server.post_to(bolt, secret="another")
    assert (await server.driver.slash("U0ALICE", "C0TEAM", "list")).outcome is Outcome.FAILED
    assert heard.empty()


async def test_a_retry_says_so_in_its_headers(server: ChatServer) -> None:
    """A redelivered event carries the retry headers, and plain text is an answer too."""
    seen: list[str | None] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(request.headers.get("X-Slack-Retry-Num"))
        return web.Response(text="thanks")

    async with listening(handle) as url:
        server.post_to(url)
        first = await server.driver.mention("U0ALICE", "C0TEAM", "list")
        again = await server.driver.redeliver(first, 1, "http_timeout")
    assert (seen, again.answer) == ([None, "1"], {"text": "thanks"})


async def test_json_that_is_no_object_says_nothing(server: ChatServer) -> None:
    """A JSON answer that is no object acknowledges without words."""

    async def handle(_: web.Request) -> web.Response:
        return web.json_response([])

    async with listening(handle) as url:
        server.post_to(url)
        assert (await server.driver.slash("U0ALICE", "C0TEAM", "list")).answer == {}


async def test_a_slow_app_is_complained_of(server: ChatServer) -> None:
    """An app that does not answer in time is operation_timeout."""
    server.driver.patience, told = 0.05, asyncio.Event()

    async def handle(_: web.Request) -> web.Response:
        await told.wait()
        return web.Response()

    async with listening(handle) as url:
        server.post_to(url)
        assert (await server.driver.slash("U0ALICE", "C0TEAM", "list")).outcome is Outcome.TIMED_OUT
        told.set()


async def test_nobody_listens(server: ChatServer) -> None:
    """Where nothing listens at the request URL, the command fails."""
    server.post_to("http://127.0.0.1:1/")
    assert (await server.driver.slash("U0ALICE", "C0TEAM", "list")).outcome is Outcome.FAILED
