"""A local server, and a way to it."""

from collections.abc import AsyncIterator

import pytest

from bot.core.grants import Identity
from bot.core.names import Namespace
from bot.kube.client import Client
from bot.kube.cluster import BoundCluster
from bot.kube.impersonation import headers_for
from bot.kube.network import NetworkTransport
from tests.kube.servers import Server, reaching, serving

OWN_USER = "system:serviceaccount:podbot:podbot"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """Serve what the test says."""
    async with serving() as local:
        yield local


@pytest.fixture
async def transport(server: Server) -> AsyncIterator[NetworkTransport]:
    """Open a transport to the server."""
    async with reaching(server.url) as opened:
        yield opened


@pytest.fixture
def client(transport: NetworkTransport) -> Client:
    """Return a client that acts as Alice."""
    return Client(transport, headers_for(Identity("alice@example.com")), OWN_USER)


@pytest.fixture
def cluster(client: Client) -> BoundCluster:
    """Return the namespace “shop”, as Alice."""
    return BoundCluster("main", Namespace("shop"), client)
