"""podbot as a process of its own, and the simulated cluster where such a process can reach it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.demo.cluster.server import ClusterServer
from bot.demonstration.ground import write_kubeconfig
from tests.e2e.ground import simulated_world
from tests.e2e.world import World
from tests.programs import free_port


@asynccontextmanager
async def process(environment: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `podbot run` and end it, whatever happens."""
    command = (sys.executable, "-m", "bot.cli", "run")
    inherited = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    started = await asyncio.create_subprocess_exec(
        *command, env={**inherited, **environment}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


@asynccontextmanager
async def reachable(folder: Path) -> AsyncIterator[tuple[World, ClusterServer]]:
    """Prepare a simulated world whose API server listens at a port, and can be ended and started by a test."""
    async with simulated_world(folder, "constrained") as world:
        if world.simulation is None:
            raise ValueError("the simulated world has no simulation")
        async with ClusterServer(world.simulation, port=free_port()) as server:
            kubeconfig = write_kubeconfig(folder / "kubeconfig", {"server": server.url}, "podbot")
            environment = {**world.environment, "KUBECONFIG": str(kubeconfig)}
            yield replace(world, environment=environment), server
