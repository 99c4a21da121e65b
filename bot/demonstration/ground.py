"""The demo's cluster, prepared: namespaces, what `podbot rbac` gives, podbot's own token, and workloads."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from typing import Final

import yaml

from bot.core import rbac
from bot.core.errors import AlreadyExists, NotFound
from bot.core.names import Namespace
from bot.core.ports import Clock
from bot.core.reading import mapping
from bot.core.resources import Json, Resource
from bot.demo import scenery
from bot.demo.cluster.server import ClusterServer
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.users import ADMINISTRATOR
from bot.demonstration.metering import metered
from bot.kube.client import Call, Client
from bot.kube.cluster import BoundCluster
from bot.kube.credentials import open_transport
from bot.kube.paths import collection, item
from config.policy import Policy
from handlers import COMMANDS

ACCOUNT: Final = "podbot"
_KEPT: Final = 5_000  # requests and changes that a simulated cluster remembers
_TOKEN_SECONDS: Final = 24 * 3600
_MARK: Final = "podbot.io/demo"
"""The label of all that the demo makes; what has none is never touched."""
_CLEARING: Final = 120.0  # seconds that a namespace may take to go
_LOOK: Final = 0.5
_RBAC: Final = "rbac.authorization.k8s.io"
_KINDS: Final[Mapping[str, Resource]] = {
    "Namespace": Resource("", "v1", "namespaces", namespaced=False),
    "ServiceAccount": Resource("", "v1", "serviceaccounts"),
    "Service": Resource("", "v1", "services"),
    "Pod": Resource("", "v1", "pods"),
    "PersistentVolumeClaim": Resource("", "v1", "persistentvolumeclaims"),
    "ReplicaSet": Resource("apps", "v1", "replicasets"),
    "Role": Resource(_RBAC, "v1", "roles"),
    "RoleBinding": Resource(_RBAC, "v1", "rolebindings"),
    "ClusterRole": Resource(_RBAC, "v1", "clusterroles", namespaced=False),
    "ClusterRoleBinding": Resource(_RBAC, "v1", "clusterrolebindings", namespaced=False),
}


@dataclass(frozen=True, slots=True)
class Ground:
    """A prepared cluster: its namespaces, and a kubeconfig that holds podbot's own token."""

    name: str
    home: Namespace
    shop: Namespace
    payments: Namespace
    kubeconfig: Path
    looks: Sequence[BoundCluster]
    """The two namespaces with the administrator's eyes, for the panel."""


@asynccontextmanager
async def simulated(clock: Clock, folder: Path) -> AsyncIterator[Path]:
    """Serve a simulated cluster on this machine, and give its administrator's kubeconfig."""
    token = token_urlsafe(24)
    simulation = Simulation(clock, tokens={token: ADMINISTRATOR}, kept=_KEPT)
    async with metered(simulation), ClusterServer(simulation) as server:
        yield write_kubeconfig(folder / "administrator", {"server": server.url}, token)


@asynccontextmanager
async def prepared(policy: Policy, administrator: Path, folder: Path, names: "Names") -> AsyncIterator[Ground]:
    """Prepare the cluster of the administrator's kubeconfig, and take away at the end all that was made."""
    async with AsyncExitStack() as stack:
        transport = await open_transport(kubeconfig=str(administrator))
        stack.push_async_callback(transport.close)
        maker = _Maker(Client(transport, (), ""), stack)
        for name in (names.home, names.shop, names.payments):
            await maker.make({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        rights = rbac.objects(COMMANDS, policy, namespace=names.home, service_account=ACCOUNT, legacy=False)
        for body in (*rights, *scenery.persons_rights(names.shop)):
            await maker.make(body)
        for namespace, body in scenery.workloads():
            await maker.make(placed(body, names.shop if namespace == scenery.SHOP else names.payments))
        bots = await _bots_kubeconfig(maker.client, names.home, administrator, folder)
        looks = [BoundCluster("main", one, maker.client) for one in (names.shop, names.payments)]
        yield Ground(names.cluster, names.home, names.shop, names.payments, bots, looks)


@dataclass(frozen=True, slots=True)
class Names:
    """What the demo's namespaces and its cluster are called."""

    home: Namespace
    shop: Namespace
    payments: Namespace
    cluster: str


SIMULATED: Final = Names(Namespace("podbot"), Namespace(scenery.SHOP), Namespace(scenery.PAYMENTS), "simulated")
REAL: Final = Names(
    Namespace("podbot-demo"), Namespace("podbot-demo-shop"), Namespace("podbot-demo-payments"), "given by --kubeconfig"
)


def placed(body: Json, namespace: str) -> Json:
    """Return an object in a namespace."""
    return {**body, "metadata": {**body["metadata"], "namespace": namespace}}


def write_kubeconfig(path: Path, cluster: Json, token: str) -> Path:
    """Write a kubeconfig for one server and one token, for this user's eyes only."""
    path.touch(mode=0o600)
    path.write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "demo", "cluster": cluster}],
                "users": [{"name": "demo", "user": {"token": token}}],
                "contexts": [{"name": "demo", "context": {"cluster": "demo", "user": "demo"}}],
                "current-context": "demo",
            }
        )
    )
    return path


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes objects as the administrator, and takes them away again."""

    client: Client
    stack: AsyncExitStack

    async def make(self, body: Json) -> None:
        """Create an object, in place of what a demo that was killed has left; raise for what is somebody else's."""
        resource, metadata = _KINDS[body["kind"]], body["metadata"]
        namespace, name = metadata.get("namespace", ""), metadata["name"]
        path = item(resource, namespace, name) if ":" not in name else _colon_path(resource, namespace, name)
        marked = {**body, "metadata": {**metadata, "labels": {**metadata.get("labels", {}), _MARK: "true"}}}
        create = Call("POST", collection(resource, namespace), body=marked)
        try:
            await self.client.json(create)
        except AlreadyExists as error:
            await self._clear(path, f"{body['kind']} {name}", error)
            await self.client.json(create)
        if not namespace:
            self.stack.push_async_callback(self._remove, path)

    async def _clear(self, path: str, what: str, error: AlreadyExists) -> None:
        """Take away what an earlier demo left, and wait until it is gone."""
        found = await self.client.json(Call("GET", path))
        if mapping(mapping(found.get("metadata")).get("labels")).get(_MARK) != "true":
            mend = (
                "podbot seems to be installed on this cluster, and the demo would replace it; give it another cluster"
            )
            raise AlreadyExists(f"{what} is there and is not the demo's; {mend}") from error
        async with asyncio.timeout(_CLEARING):
            while True:
                await self._remove(path)
                try:
                    await self.client.json(Call("GET", path))
                except NotFound:
                    return
                await asyncio.sleep(_LOOK)

    async def _remove(self, path: str) -> None:
        try:
            await self.client.json(Call("DELETE", path))
        except NotFound:
            return


def _colon_path(resource: Resource, namespace: str, name: str) -> str:
    """Return the path of an RBAC object, whose name may hold colons; these names are podbot's own."""
    return f"{collection(resource, namespace)}/{name}"


async def _bots_kubeconfig(client: Client, home: Namespace, administrator: Path, folder: Path) -> Path:
    """Ask for podbot's own token, and write it down beside the administrator's server."""
    account = item(_KINDS["ServiceAccount"], home, ACCOUNT, "token")
    request: Json = {"spec": {"expirationSeconds": _TOKEN_SECONDS}}
    answer = await client.json(Call("POST", account, body=request))
    loaded = yaml.safe_load(await asyncio.to_thread(administrator.read_text))
    wanted = next(one["context"] for one in loaded["contexts"] if one["name"] == loaded["current-context"])
    cluster = next(one["cluster"] for one in loaded["clusters"] if one["name"] == wanted["cluster"])
    return write_kubeconfig(folder / "podbot", cluster, answer["status"]["token"])
