"""Where it is measured: the tests' world, on the real cluster or on the simulation, with a pod that has printed."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bench.serving import served, write_kubeconfig
from bot.demo.cluster.simulation import Simulation
from tests.e2e.ground import real_world, simulated_world
from tests.e2e.world import World

POD = "web"
PRINTED = b"".join(b"10.1.2.%d GET /cart/%d 200 %dms\n" % (n, n * 7, n % 9) for n in range(100))


def is_real() -> bool:
    """Whether there is a real cluster to measure on."""
    return bool(os.environ.get("KUBECONFIG_TEST"))


@asynccontextmanager
async def place(folder: Path, *, real: bool) -> AsyncIterator[World]:
    """Prepare a world, whose podbot can run in a process of its own, and clear up."""
    async with real_world(folder, "constrained") if real else _simulated(folder) as world:
        await world.print(POD, PRINTED)
        yield world


def simulation_of(world: World) -> Simulation:
    """Return the simulation of a simulated world."""
    if world.simulation is None:
        raise ValueError("this world is real")
    return world.simulation


@asynccontextmanager
async def _simulated(folder: Path) -> AsyncIterator[World]:
    async with simulated_world(folder, "constrained") as world, served(simulation_of(world)) as address:
        path = write_kubeconfig(folder / "kubeconfig", address, "podbot")
        yield replace(world, environment={**world.environment, "KUBECONFIG": str(path)})
