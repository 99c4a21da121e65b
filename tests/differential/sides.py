"""kubectl and podbot side by side: the same server, the same person, the same rights."""

import asyncio
import os
import shlex
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.core.reading import mapping, objects
from bot.core.resources import Json
from bot.kube.credentials import open_transport
from tests.differential.objects import container, of, others, owned, running
from tests.direct import ALICE_ON_CALL, Person
from tests.e2e.ground import real_world
from tests.e2e.world import World
from tests.real import kubeconfig, until

_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What kubectl said, and its exit code."""

    code: int
    out: bytes
    error: str

    @property
    def text(self) -> str:
        """The output of a command that succeeded."""
        assert self.code == 0, self.error
        return self.out.decode()


@dataclass(frozen=True, slots=True)
class Sides:
    """A namespace with pods in every state, a second one, and whoever asks about them on either side."""

    world: World
    podbot: Person

    async def kubectl(self, *words: str, namespace: str = "") -> Said:
        """Run kubectl as the same person, in the first namespace unless another is given."""
        as_whom = ("--as", ALICE_ON_CALL.user, *(f"--as-group={group}" for group in ALICE_ON_CALL.groups))
        process = await asyncio.create_subprocess_exec(
            *("kubectl", "-n", namespace or self.world.shop, *as_whom, *words),
            env={**os.environ, "KUBECONFIG": kubeconfig()},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, error = await process.communicate()
        return Said(process.returncode or 0, out, error.decode())

    @staticmethod
    def words(line: str) -> list[str]:
        """Split a line as a shell does."""
        return shlex.split(line)

    async def pod_of_owner(self) -> str:
        """Return the name of the pod that has a controller."""
        found = await self.kubectl("get", "pods", "-l", "app=owned", "-o", "name")
        return found.text.strip().removeprefix("pod/")


async def same(one: Callable[[], Awaitable[Any]], other: Callable[[], Awaitable[Any]]) -> None:
    """Hold two answers equal; since two reads are never at once, something may have changed between them, so again."""
    for _ in range(_ROUNDS):
        expected, got = await one(), await other()
        if expected == got:
            return
        await asyncio.sleep(0.1)
    assert got == expected


@asynccontextmanager
async def both_sides(folder: Path) -> AsyncIterator[Sides]:
    """Prepare pods in every state, and clear up."""
    kubeconfig()
    if shutil.which("kubectl") is None:
        missing = "kubectl is not on the PATH"
        if os.environ.get("REQUIRE_CLUSTER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    async with real_world(folder, "constrained") as world:
        await _fill(world)
        transport = await open_transport(kubeconfig=world.environment["KUBECONFIG"])
        try:
            me = f"system:serviceaccount:{world.home}:podbot"
            yield Sides(world, Person(transport, ALICE_ON_CALL, (world.shop, world.payments), me))
        finally:
            await transport.close()


async def _fill(world: World) -> None:
    await world.admin.make(f"/apis/apps/v1/namespaces/{world.shop}/replicasets", owned())
    for body in (*running(), *others()):
        await world.make(body)
    await world.make(of("pay-1", container("main"), labels={"app": "web"}), world.payments)
    await asyncio.gather(*(world.admin.running(world.shop, body["metadata"]["name"]) for body in running()))
    await world.admin.running(world.payments, "pay-1")
    await until(lambda: _settled(world), "every pod in its state")


async def _settled(world: World) -> bool:
    """Whether pods that do not run say why, and crashing-1 waits long enough for its next start."""
    listing = await world.admin.call("GET", f"/api/v1/namespaces/{world.shop}/pods")
    pods = {one["metadata"]["name"]: one for one in objects(listing["items"])}
    waits = {name: _reason(pod) for name, pod in pods.items()}
    phases = {name: pod["status"].get("phase") for name, pod in pods.items()}
    owner = [name for name in pods if name.startswith("owner-")]
    return (
        waits["crashing-1"] == "CrashLoopBackOff"
        and waits["pull-1"] in ("ImagePullBackOff", "ErrImagePull")
        and waits["config-1"] == "CreateContainerConfigError"
        and (phases["done-1"], phases["failed-1"]) == ("Succeeded", "Failed")
        and all(phases[name] == "Running" for name in owner)
        and bool(pods["stuck-1"]["status"].get("conditions"))
    )


def _reason(pod: Json) -> str:
    status, *_ = objects(pod["status"].get("containerStatuses")) or [{}]
    return str(mapping(mapping(status.get("state")).get("waiting")).get("reason", ""))
