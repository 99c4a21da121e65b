"""Requests to the API server, counted on their way through the transport."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from time import perf_counter
from typing import Final, Protocol

from bot.core.resources import Access
from bot.core.wire import Rejected, Request, Response, Socket, Transport

OWN: Final = (
    "leases.coordination.k8s.io",
    "selfsubjectaccessreviews.authorization.k8s.io",
    "selfsubjectrulesreviews.authorization.k8s.io",
    "selfsubjectreviews.authentication.k8s.io",
    "serviceaccounts/token",
    "version",
)
"""What podbot asks for as itself, or about whom it acts as."""
NO_ANSWER: Final = "none"


class Meter(Protocol):
    """Whoever counts; `bot.metrics.metrics.Metrics` does."""

    def requested(self, verb: str, resource: str, code: str, seconds: float) -> None:
        """Count a request whose answer began, or did not come, after so many seconds."""


class Metered:
    """A `wire.Transport` that counts what goes through another, and changes nothing of it."""

    def __init__(self, inner: Transport, meter: Meter) -> None:
        self._inner = inner
        self._meter = meter

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncIterator[Response]:
        """Send `request` as the other transport does."""
        async with AsyncExitStack() as stack:
            code, began = NO_ANSWER, perf_counter()
            try:
                response = await stack.enter_async_context(self._inner.send(request))
                code = _class(response.status)
            finally:
                self._meter.requested(verb(request), resource(request.path), code, perf_counter() - began)
            yield response

    @asynccontextmanager
    async def connect(self, request: Request, protocols: Sequence[str]) -> AsyncIterator[Socket]:
        """Open a websocket as the other transport does."""
        async with AsyncExitStack() as stack:
            code, began = NO_ANSWER, perf_counter()
            try:
                socket = await stack.enter_async_context(self._inner.connect(request, protocols))
                code = "1xx"
            except Rejected as rejected:
                code = _class(rejected.status)
                raise
            finally:
                self._meter.requested("connect", resource(request.path), code, perf_counter() - began)
            yield socket

    async def close(self) -> None:
        """Close the other transport."""
        await self._inner.close()


def resources(needs: Iterable[Access]) -> Collection[str]:
    """Return the names, as `resource` gives them, of all that is asked for with these rights, and as podbot itself."""
    return {*OWN, *(f"{need.resource}{need.group and f'.{need.group}'}" for need in needs)}


def verb(request: Request) -> str:
    """Return what a request does, in RBAC's words."""
    if request.method == "GET":
        _, name = _place(request.path)
        is_watch = any(pair[0] == "watch" for pair in request.query)
        return "get" if name else "watch" if is_watch else "list"
    return {"POST": "create", "PATCH": "patch", "DELETE": "delete"}.get(request.method, "other")


def resource(path: str) -> str:
    """Return the kind that a path leads to, as kubectl writes it: "pods", "pods/log", "pods.metrics.k8s.io"."""
    return _place(path)[0]


def _place(path: str) -> tuple[str, str]:
    """Return the kind, and the name of the one object where there is one."""
    root, _, rest = path.lstrip("/").partition("/")
    if root == "version":
        return root, root
    group, rest = ("", rest) if root == "api" else _split(rest)
    _, rest = _split(rest)  # the version
    plural, rest = _split(rest)
    if plural == "namespaces" and "/" in rest:
        _, rest = _split(rest)
        plural, rest = _split(rest)
    name, rest = _split(rest)
    subresource, _ = _split(rest)
    return f"{plural}{subresource and f'/{subresource}'}{group and f'.{group}'}", name


def _split(path: str) -> tuple[str, str]:
    head, _, rest = path.partition("/")
    return head, rest


def _class(status: int) -> str:
    return f"{status // 100}xx"
