import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.demo.loopback import is_ours
from bot.demo.page.guard import HEADERS, guard


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8080", True),
        ("localhost:8080", True),
        ("localhost", True),
        ("evil.example:8080", False),
        ("127.0.0.1.evil.example", False),
        ("[::1]:8080", False),
        ("", False),
        ("[", False),
    ],
)
def test_is_ours(host: str, *, ours: bool) -> None:
    """Only this machine's own names are answered, so that no name elsewhere can be pointed here."""
    assert is_ours(host) == ours


async def _status(method: str, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    async def fine(_: web.Request) -> web.Response:
        return web.Response(text="fine")

    app = web.Application(middlewares=[guard])
    app.router.add_route("*", "/", fine)
    async with TestClient(TestServer(app)) as client:
        response = await client.request(method, "/", headers=headers)
        return response.status, dict(response.headers)


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"Host": "127.0.0.1:9"}, 200),
        ("GET", {"Host": "127.0.0.1:9", "Sec-Fetch-Site": "none"}, 200),
        ("GET", {"Host": "127.0.0.1:9", "Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", {"Host": "evil.example"}, 403),
        ("POST", {"Host": "127.0.0.1:9", "Origin": "http://127.0.0.1:9"}, 200),
        ("POST", {"Host": "127.0.0.1:9", "Origin": "http://127.0.0.1:10"}, 403),
        ("POST", {"Host": "127.0.0.1:9", "Origin": "null"}, 403),
        ("POST", {"Host": "127.0.0.1:9", "Origin": "https://evil.example"}, 403),
        ("POST", {"Host": "127.0.0.1:9"}, 403),
    ],
)
async def test_another_page_cannot_drive_it(method: str, headers: dict[str, str], status: int) -> None:
    """A request by another name, or from another origin, is refused; the page's own are answered."""
    assert (await _status(method, headers))[0] == status


async def test_the_page_keeps_to_itself() -> None:
    """Every answer forbids foreign scripts, frames and sniffing."""
    _, headers = await _status("GET", {"Host": "localhost:1"})
    assert headers.items() >= HEADERS.items()
