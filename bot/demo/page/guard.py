"""Only this machine's own page may talk to the demo: no other host's name, no other origin's script.

A page elsewhere can send requests to 127.0.0.1, by its address or by a name that resolves to it (DNS rebinding), so
Host and Origin are both checked. Source: https://fetch.spec.whatwg.org/#origin-header.
"""

from collections.abc import Mapping
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.demo.loopback import is_ours

_SAFE: Final = frozenset({"GET", "HEAD"})

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what comes by another name, or from another page; add the headers that keep the page to itself."""
    if not is_ours(request.host) or not _comes_from_us(request):
        raise web.HTTPForbidden(text="This demo answers its own page only.\n")
    response = await handler(request)
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


def _comes_from_us(request: web.Request) -> bool:
    """Whether the page itself asks: browsers name the origin of every request that is no plain GET."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.method in _SAFE and request.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}
    return origin == f"http://{request.host}"
