"""podbot, installed by helm on the real cluster with the image that was built, between it and the chat server."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Final

from bot.app import SystemClock
from bot.core.resources import Json
from bot.demo.chat.server import ChatServer
from bot.kube.client import Query
from tests.chart import charts, door
from tests.chart.charts import CHART, PATHS, RBAC, Values, merged
from tests.e2e.ground import accounts, persons_rights, policy_for, workspace
from tests.e2e.ground import applied as made
from tests.e2e.world import QUIET, Form, World
from tests.image.archive import NAME, archive
from tests.programs import missing
from tests.real import Real, audit_reader, kubeconfig, until

IMAGE: Final = f"docker.io/library/{NAME}"
SECRET: Final = "podbot-slack"
LEASES: Final = "/apis/coordination.k8s.io/v1/namespaces/{}/leases"
KUBERNETES_OWN: Final = frozenset({"default", "kube-root-ca.crt"})
"""The ServiceAccount and the ConfigMap that every namespace has."""


@dataclass(frozen=True, slots=True)
class Installation:
    """A release in a namespace of its own, named as that; `values` are those it was installed with."""

    world: World
    values: Values

    @property
    def release(self) -> str:
        """The release's name, which begins the names of all that it made."""
        return self.world.home

    async def helm(self, *words: str, values: Values | None = None) -> charts.Said:
        """Run helm as the cluster's administrator, in the release's namespace."""
        environment = {**os.environ, "KUBECONFIG": kubeconfig()}
        call = (*words, "--namespace", self.world.home)
        said = await asyncio.to_thread(charts.helm, *call, values=values, environment=environment)
        assert said.ok, said.error
        return said

    async def kubectl(self, *words: str) -> charts.Said:
        """Run kubectl as the cluster's administrator, in the release's namespace."""
        environment = {**os.environ, "KUBECONFIG": kubeconfig()}
        return await asyncio.to_thread(
            charts.run, "kubectl", "--namespace", self.world.home, *words, environment=environment
        )

    async def install(self) -> charts.Said:
        """Install the release and wait until it is ready."""
        return await self.helm("install", self.release, str(CHART), "--wait", "--timeout", "3m", values=self.values)

    async def upgrade(self, changes: Values) -> charts.Said:
        """Change some values, and wait until pods that are new for it are ready."""
        values = merged(self.values, changes)
        return await self.helm("upgrade", self.release, str(CHART), "--wait", "--timeout", "3m", values=values)

    async def pods(self) -> list[Json]:
        """Return podbot's own pods that are not going."""
        path = f"/api/v1/namespaces/{self.world.home}/pods"
        query = (("labelSelector", f"app.kubernetes.io/instance={self.release}"),)
        found = (await self.world.admin.call("GET", path, query=query))["items"]
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    async def connected(self, replicas: int = 2) -> None:
        """Wait until so many replicas, no more and no fewer, are ready and hear the chat."""

        async def settled() -> bool:
            ready = [pod for pod in await self.pods() if _is_ready(pod)]
            return len(ready) == replicas == len(self.world.chat.sockets.connections)

        await until(settled, f"{replicas} replicas that hear the chat", 120)

    @property
    def accounts(self) -> list[str]:
        """The bot's ServiceAccount, named as the release, and those of its tiers where it has some, as users."""
        _, *tiers = accounts(self.world.home, self.world.form)
        return [f"system:serviceaccount:{self.world.home}:{self.release}", *tiers]

    async def left(self) -> list[str]:
        """Return what there still is of the release in any namespace, and what podbot has made in its own."""
        query = (("labelSelector", f"app.kubernetes.io/instance={self.release}"),)
        collections = [path.replace("/namespaces/{}", "") for path in PATHS.values()]
        own = [path.format(self.world.home) for path in (LEASES, PATHS["ConfigMap"], PATHS["ServiceAccount"])]
        found = [
            *[
                name
                for path in (*collections, "/api/v1/pods", "/apis/apps/v1/replicasets", "/api/v1/secrets")
                for name in await self._names(path, query)
            ],
            *[name for path in own for name in await self._names(path) if name not in KUBERNETES_OWN],
        ]
        for path in (PATHS[kind].replace("/namespaces/{}", "") for kind in RBAC):
            found += [name for name in await self._names(path) if name.startswith(self.release)]
        return found

    async def _names(self, path: str, query: Query = ()) -> list[str]:
        return [one["metadata"]["name"] for one in (await self.world.admin.call("GET", path, query=query))["items"]]


def _is_ready(pod: Json) -> bool:
    conditions = pod["status"].get("conditions") or []
    return any((one["type"], one["status"]) == ("Ready", "True") for one in conditions)


@asynccontextmanager
async def prepared(form: Form = "constrained", changes: Values | None = None) -> AsyncIterator[Installation]:
    """Prepare namespaces, Secret, image and a way to the chat; nothing is installed yet, and all goes at the end.

    `changes` are of the values that the release will have.
    """
    async with AsyncExitStack() as stack:
        admin = await stack.enter_async_context(Real.opened())
        await _load()
        home, shop, payments = [
            await stack.enter_async_context(admin.namespace(prefix))
            for prefix in ("podbot-chart", "podbot-chart-shop", "podbot-chart-payments")
        ]
        await stack.enter_async_context(made(admin, persons_rights(shop)))
        chat = await stack.enter_async_context(ChatServer(SystemClock(), workspace()))
        service = await admin.call("GET", "/api/v1/namespaces/default/services/kubernetes")
        address, port = service["spec"]["clusterIP"], int(chat.base_url.split(":")[2].partition("/")[0])
        await stack.enter_async_context(door.opened(address, port))
        app = chat.workspace.app
        said = {
            "bot-token": app.bot_token,
            "app-token": app.app_token,
            "signing-secret": app.signing_secret,
            "signing-keys": token_hex(32),
        }
        await admin.make(f"/api/v1/namespaces/{home}/secrets", {"metadata": {"name": SECRET}, "stringData": said})
        values = _values(chat, form, _policy(form, shop, payments), door.forwarder(IMAGE, address, port))
        world = World(home, shop, payments, form, admin, chat, {}, list)
        installation = Installation(world, merged(values, changes or {}))
        world.whole_audit = audit_reader(*installation.accounts)
        stack.push_async_callback(_uninstalled, installation)
        yield installation


def _policy(form: Form, shop: str, payments: str) -> Json:
    """Return the tests' policy without the channel that podbot is not in, of which `podbot check` would speak."""
    content = policy_for(form, shop, payments)
    grants = [{**one, "channels": [id_ for id_ in one["channels"] if id_ != QUIET]} for one in content["grants"]]
    places = {id_: namespace for id_, namespace in content["default_namespace"].items() if id_ != QUIET}
    return {**content, "grants": grants, "default_namespace": places}


def _values(chat: ChatServer, form: Form, content: Json, sidecar: Json) -> dict[str, Any]:
    return {
        "rbac": {"mode": form},
        "image": {"repository": "docker.io/library/podbot", "tag": "test", "pullPolicy": "Never"},
        "slack": {"existingSecret": SECRET, "apiUrl": chat.base_url},
        "policy": content,
        "initContainers": [sidecar],
        "settings": {"drain": 5},
    }


async def _load() -> None:
    """Put the image on the test cluster's node."""
    command = os.environ.get("PODBOT_TEST_LOAD") or missing(
        "PODBOT_TEST_LOAD, which puts an image on the node, is not set"
    )
    path = await asyncio.to_thread(archive)
    process = await asyncio.create_subprocess_exec(command, str(path), stdout=asyncio.subprocess.DEVNULL)
    assert await process.wait() == 0


async def _uninstalled(installation: Installation) -> None:
    await installation.helm("uninstall", installation.release, "--ignore-not-found")
