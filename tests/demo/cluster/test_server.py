"""The simulated cluster over HTTP, asked by the official client and by podbot's own."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from kubernetes.aio.client import ApiClient, Configuration, CoreV1Api
from kubernetes.aio.stream import WsApiClient

from bot.app import SystemClock
from bot.core.names import ContainerName, Namespace, PodName
from bot.core.resources import PODS, LogQuery
from bot.demo.cluster.server import ClusterServer
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.users import ADMINISTRATOR
from bot.kube.client import Client
from bot.kube.cluster import BoundCluster
from bot.kube.network import NetworkTransport
from tests.contract.sites import pod
from tests.real import Administrator

NAMESPACE = Namespace("default")


def _configuration(url: str, token: str = "token") -> Configuration:  # noqa: S107  # the simulation's own
    configuration = Configuration(host=url)
    configuration.api_key = {"BearerToken": f"Bearer {token}"}
    return configuration


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """Serve a cluster with one running pod."""
    simulation = Simulation(SystemClock(), tokens={"token": ADMINISTRATOR})
    async with ClusterServer(simulation) as server:
        admin = Administrator(transport := NetworkTransport(_configuration(server.url)))
        await admin.make("/api/v1/namespaces/default/pods", pod("web", "echo hello; echo again; sleep 3600"))
        await admin.running("default", "web")
        await transport.close()
        yield server.url


@pytest.fixture
async def cluster(url: str) -> AsyncIterator[BoundCluster]:
    """Return the namespace over podbot's own transport."""
    transport = NetworkTransport(_configuration(url))
    yield BoundCluster("main", NAMESPACE, Client(transport, (), ""))
    await transport.close()


async def test_the_official_client_lists_and_reads(url: str) -> None:
    """The package's typed client lists pods and reads a log."""
    async with ApiClient(_configuration(url)) as client:
        api = CoreV1Api(client)
        listed = await api.list_namespaced_pod("default")
        assert [one.metadata.name for one in listed.items if one.metadata] == ["web"]
        assert await api.read_namespaced_pod_log("web", "default") == "hello\nagain\n"


async def test_the_official_client_runs_a_command(url: str) -> None:
    """The package's websocket client runs a command in a container."""
    async with WsApiClient(_configuration(url)) as client:  # type: ignore[no-untyped-call]  # the package's own
        said = await CoreV1Api(client).connect_get_namespaced_pod_exec(
            "web", "default", command=["echo", "from inside"], container="main", stdout=True, stderr=True
        )
    assert "from inside" in str(said)


async def test_podbots_own_calls(cluster: BoundCluster) -> None:
    """Tables, logs, commands and watches come over the network as they do from within."""
    table = await cluster.table(PODS)
    assert [row.cells[0] for row in table.rows] == ["web"]
    async with aclosing(cluster.logs(PodName("web"), LogQuery("main"))) as log:
        assert b"".join([chunk async for chunk in log]) == b"hello\nagain\n"
    ended = await cluster.execute(
        PodName("web"), ["sh", "-c", "exit 3"], container=ContainerName("main"), seconds=10, limit=100
    )
    assert ended.code == 3


async def test_a_watch_goes_on(cluster: BoundCluster) -> None:
    """A watch over HTTP tells of a change that comes after it began."""
    version = (await cluster.list(PODS)).version
    async with aclosing(cluster.watch(PODS, version=version, seconds=20)) as watch:
        await cluster.create(PODS, pod("second"))
        async for change in watch:
            assert (change.kind, change.object["metadata"]["name"]) == ("ADDED", "second")
            break


async def test_an_unknown_token_is_refused(url: str) -> None:
    """A request with another token is answered with the server's 401."""
    async with ApiClient(_configuration(url, "other")) as client:
        with pytest.raises(Exception, match="401"):
            await CoreV1Api(client).list_namespaced_pod("default")
