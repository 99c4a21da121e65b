"""The simulated cluster served over HTTP: the same answers as in memory, and the official client's refusals."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest
from kubernetes.aio.client import Configuration

from bot.app import SystemClock
from bot.core.resources import Json
from bot.demo.cluster.server import ClusterServer
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.users import ADMINISTRATOR
from bot.kube.network import NetworkTransport
from tests.contract.exchanges import THEMES
from tests.contract.exchanges.exchange import Story
from tests.contract.playing import play
from tests.contract.sites import Site, simulated_site
from tests.demo.cluster.bench import pod
from tests.demo.cluster.official import Half, Refused, official, status
from tests.fakes import FakeClock
from tests.real import Administrator, binding, role, rule

CORE = "CoreV1Api"


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[Site]:
    """Give the same site, with HTTP between it and its cluster."""
    assert site.simulation is not None
    token = await site.admin.token(site.namespace, "podbot")
    async with ClusterServer(site.simulation) as server, AsyncExitStack() as stack:
        transports = []
        for one in ("administrator", token):
            configuration = Configuration(host=server.url)
            configuration.api_key = {"BearerToken": f"Bearer {one}"}
            transports.append(NetworkTransport(configuration))
            stack.push_async_callback(transports[-1].close)
        yield replace(site, admin=Administrator(transports[0]), transport=transports[1])


async def played(story: Story, *, over_http: bool) -> list[Json]:
    """Return the answers to a story, on a cluster of its own."""
    clock = FakeClock()
    async with simulated_site("constrained", clock) as site:
        if not over_http:
            return [answer async for answer in play(story, site, clock)]
        async with served(site) as networked:
            return [answer async for answer in play(story, networked, clock)]


@pytest.mark.parametrize(
    "story",
    [pytest.param(story, id=f"{theme}: {story.name}") for theme, stories in THEMES.items() for story in stories],
)
async def test_http_changes_nothing(story: Story) -> None:
    """Whatever the exchanges ask over HTTP is answered as it is in memory."""
    assert await played(story, over_http=True) == await played(story, over_http=False)


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """Serve a cluster."""
    async with ClusterServer(Simulation(SystemClock(), tokens={"token": ADMINISTRATOR})) as server:
        yield server.url


@pytest.fixture(params=["sync", "aio"])
def half(request: pytest.FixtureRequest) -> Half:
    """Return which half of the client is asked."""
    half: Half = request.param
    return half


async def test_refused_legacy_impersonation(url: str, half: Half) -> None:
    """Whoever may impersonate one user is refused another in the server's words, as the official client tells them."""
    account = {"kind": "ServiceAccount", "name": "bot", "namespace": "default"}
    async with official(half, url) as admin:
        await admin.call(CORE, "create_namespaced_service_account", "default", {"metadata": {"name": "bot"}})
        rules = [rule(("impersonate",), "", ("users",), ("alice",))]
        await admin.call("RbacAuthorizationV1Api", "create_cluster_role", role("ClusterRole", "bot", rules))
        bound = binding("ClusterRoleBinding", "bot", "ClusterRole", account)
        await admin.call("RbacAuthorizationV1Api", "create_cluster_role_binding", bound)
        asked = ("create_namespaced_service_account_token", "bot", "default", {"spec": {"audiences": list[str]()}})
        token = str((await admin.call(CORE, *asked)).status.token)
    who = 'User "system:serviceaccount:default:bot" cannot'
    headers = {"Impersonate-User": "alice", "Impersonate-Group": "admins"}
    async with official(half, url, token, headers) as bot:
        with pytest.raises(Refused) as caught:
            await bot.call(CORE, "list_namespaced_pod", "default")
    message = f'groups "admins" is forbidden: {who} impersonate resource "groups" in API group "" at the cluster scope'
    assert caught.value.body == status(403, "Forbidden", message, name="admins", kind="groups")


async def test_a_misspelt_field(url: str, half: Half) -> None:
    """A field that a kind does not have is refused under strict validation, by its whole path."""
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod("")["spec"]}
    spec = {"replica": 1, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    where = ("apps", "v1", "default", "replicasets", {"metadata": {"name": "web"}, "spec": spec})
    async with official(half, url) as admin:
        with pytest.raises(Refused) as caught:  # a pod's model would refuse it in the client already
            await admin.call("CustomObjectsApi", "create_namespaced_custom_object", *where, field_validation="Strict")
    why = 'strict decoding error: unknown field "spec.replica"'
    message = f'ReplicaSet in version "v1" cannot be handled as a ReplicaSet: {why}'
    assert caught.value.body == status(400, "BadRequest", message)
