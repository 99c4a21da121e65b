"""The two ways to be somebody: by impersonation headers, or by a ServiceAccount's token; never by both."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from http import HTTPStatus

from bot.core.errors import BadName, NotSetUp
from bot.core.grants import Account, Identity
from bot.core.wire import Rejected, Request, Response, Socket, Transport
from bot.kube.client import Client
from bot.kube.impersonation import headers_for
from bot.kube.tokens import Tokens


def client_as(transport: Transport, identity: Identity | Account, own_user: str, tokens: Tokens | None) -> Client:
    """Return a client whose every request is `identity`'s; an account needs `tokens`. `own_user` is as in `Client`."""
    if isinstance(identity, Identity):
        return Client(transport, headers_for(identity), own_user)
    if tokens is None:
        raise NotSetUp(f"podbot was not started to ask for tokens of {identity.user}")
    return Client(SignedIn(transport, tokens, identity), (), own_user)


class SignedIn:
    """A `wire.Transport` on which every request carries an account's token, and none impersonates.

    A token that the API server does not accept (401) is renewed once, and the request sent again, for nothing came of
    it; but not one that is `verbatim`, whose 401 may be a pod's.
    """

    def __init__(self, inner: Transport, tokens: Tokens, account: Account) -> None:
        self._inner = inner
        self._tokens = tokens
        self._account = account

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncIterator[Response]:
        """Send `request` as the account; raises what `Tokens.of` does besides."""
        token = await self._tokens.of(self._account)
        async with self._inner.send(_signed(request, token)) as response:
            if response.status != HTTPStatus.UNAUTHORIZED or request.verbatim:
                yield response
                return
        token = await self._tokens.of(self._account, instead_of=token)
        async with self._inner.send(_signed(request, token)) as response:
            yield response

    @asynccontextmanager
    async def connect(self, request: Request, protocols: Sequence[str]) -> AsyncIterator[Socket]:
        """Open a websocket as the account."""
        async with AsyncExitStack() as stack:
            token = await self._tokens.of(self._account)
            try:
                socket = await stack.enter_async_context(self._inner.connect(_signed(request, token), protocols))
            except Rejected as error:
                if error.status != HTTPStatus.UNAUTHORIZED:
                    raise
                token = await self._tokens.of(self._account, instead_of=token)
                socket = await stack.enter_async_context(self._inner.connect(_signed(request, token), protocols))
            yield socket

    async def close(self) -> None:
        """Close the transport inside."""
        await self._inner.close()


def _signed(request: Request, token: str) -> Request:
    if any(name.lower().startswith(("impersonate-", "authorization")) for name, _ in request.headers):
        raise BadName("a request as a ServiceAccount carries its token alone")
    return replace(request, headers=(*request.headers, ("Authorization", f"Bearer {token}")))
