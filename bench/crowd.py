"""The demo with very many simulated pods, as a process: `python -m bench.crowd FOLDER PODS`."""

import asyncio
import sys
from pathlib import Path

from bench.many import fill
from bot.app import SystemClock
from bot.demo.cluster.server import ClusterServer
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.users import ADMINISTRATOR
from bot.demonstration.ground import REAL, write_kubeconfig
from bot.demonstration.show import opened

_TOKEN = "administrator"  # noqa: S105  # of a simulation that lives as long as this process


async def serve(folder: Path, pods: int) -> None:
    """Run the demo until the input ends; its cluster is given like a real one, so that it can be filled from here."""
    simulation = Simulation(SystemClock(), tokens={_TOKEN: ADMINISTRATOR})
    async with ClusterServer(simulation) as server:
        administrator = write_kubeconfig(folder / "administrator", {"server": server.url}, _TOKEN)
        async with opened(administrator) as url:
            fill(simulation, REAL.payments, pods)
            sys.stdout.write(f"{url}\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.buffer.read)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
