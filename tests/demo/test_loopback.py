"""The demo's servers talk to programs of this machine, and to nobody else."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.app import SystemClock
from bot.demo.chat.server import ChatServer
from bot.demo.cluster.server import ClusterServer
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.users import ADMINISTRATOR

POD = b'{"metadata": {"name": "web"}, "spec": {"containers": [{"name": "main", "image": "nginx:1.22"}]}}'


@pytest.fixture(params=["chat", "cluster"])
async def origin(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """Serve one of the two, and return its scheme, host and port."""
    if request.param == "chat":
        async with ChatServer(SystemClock()) as chat:
            yield chat.state.origin
    else:
        async with ClusterServer(Simulation(SystemClock(), tokens={"token": ADMINISTRATOR})) as cluster:
            yield cluster.url


async def asked(origin: str, **headers: str) -> int:
    """Ask for something that both servers answer with 200 to a program, and return the status."""
    path = "/api/auth.test" if await _is_chat(origin) else "/version"
    signed = {"Authorization": f"Bearer {'xoxb-demo' if path != '/version' else 'token'}"}
    async with aiohttp.ClientSession() as session, session.get(origin + path, headers=signed | headers) as answer:
        return answer.status


async def _is_chat(origin: str) -> bool:
    async with aiohttp.ClientSession() as session, session.get(f"{origin}/api/auth.test") as answer:
        return answer.status == 200


async def test_listens_on_this_machine_alone(origin: str) -> None:
    """The port is open on 127.0.0.1, and on no other address, not even of this machine."""
    port = urlsplit(origin).port
    assert origin == f"http://127.0.0.1:{port}"
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    await writer.wait_closed()
    with pytest.raises(OSError, match="Connect"):
        await asyncio.wait_for(asyncio.open_connection("127.0.0.2", port), 10)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "SELF"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_no_page_elsewhere_is_answered(origin: str, headers: dict[str, str], status: int) -> None:
    """What a browser sends for another origin's page, or by another name, is refused."""
    named = {name: origin if value == "SELF" else value for name, value in headers.items()}
    assert await asked(origin, **named) == status
