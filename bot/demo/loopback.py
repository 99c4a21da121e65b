"""Who may talk to the demo's servers: programs of this machine, and never a page of another origin.

A page elsewhere can send requests to 127.0.0.1, by its address or by a name that resolves to it (DNS rebinding), so
Host and Origin are both checked. Source: https://fetch.spec.whatwg.org/#origin-header.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

_HOSTS: Final = frozenset({"127.0.0.1", "localhost"})


def is_ours(host: str) -> bool:
    """Whether a Host header names this machine by its loopback name or address."""
    try:
        return urlsplit(f"//{host}").hostname in _HOSTS
    except ValueError:
        return False


@web.middleware
async def programs_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a browser sends for another origin's page: programs name no origin, or the server's own."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "none")
    if not is_ours(request.host) or origin not in (None, f"http://{request.host}") or site != "none":
        raise web.HTTPForbidden(text="This server answers programs of this machine only.\n")
    return await handler(request)


def dated(now: Callable[[], datetime]) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Return what gives every answer its `Date` by the server's own clock, for aiohttp's `on_response_prepare`."""

    async def date(_: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = format_datetime(now(), usegmt=True)

    return date
