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
from tests.chart import charts, door
from tests.chart.charts import CHART, Values, merged
from tests.e2e.ground import applied as made
from tests.e2e.ground import persons_rights, policy, workspace
from tests.e2e.world import QUIET, World
from tests.image.archive import NAME, archive
from tests.programs import missing
from tests.real import Real, audit_reader, kubeconfig, until

IMAGE: Final = f"docker.io/library/{NAME}"
SECRET: Final = "podbot-slack"


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


def _is_ready(pod: Json) -> bool:
    conditions = pod["status"].get("conditions") or []
    return any((one["type"], one["status"]) == ("Ready", "True") for one in conditions)


@asynccontextmanager
async def prepared() -> AsyncIterator[Installation]:
    """Prepare namespaces, Secret, image and a way to the chat; nothing is installed yet, and all goes at the end."""
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
        values = _values(chat, _policy(shop, payments), door.forwarder(IMAGE, address, port))
        audit = audit_reader(f"system:serviceaccount:{home}:{home}")
        world = World(home, shop, payments, "constrained", admin, chat, {}, audit)
        installation = Installation(world, values)
        stack.push_async_callback(_uninstalled, installation)
        yield installation


def _policy(shop: str, payments: str) -> Json:
    """Return the tests' policy without the channel that podbot is not in, of which `podbot check` would speak."""
    content = policy(shop, payments)
    grants = [{**one, "channels": [id_ for id_ in one["channels"] if id_ != QUIET]} for one in content["grants"]]
    places = {id_: namespace for id_, namespace in content["default_namespace"].items() if id_ != QUIET}
    return {**content, "grants": grants, "default_namespace": places}


def _values(chat: ChatServer, content: Json, sidecar: Json) -> dict[str, Any]:
    return {
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
