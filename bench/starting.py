"""Start to first answer, and the memory at rest after it, beside the imports that podbot can't do without."""

import asyncio
from time import perf_counter

from bench.asking import ask
from bench.figures import Figure, at, mib, seconds, sized, spread
from bench.processes import bare_imports, bare_memory, podbot
from tests.e2e.world import World

ROUNDS = 5
_CALM = 1.0  # seconds after an answer
_MOST_TIME, _MOST_MEMORY = 1.0, 75


async def measure(world: World) -> list[Figure]:
    """Start podbot and the bare imports in turn."""
    first, imports, idle = [], [], []
    for _ in range(ROUNDS):
        imports.append(await bare_imports())
        async with podbot(world) as running:
            await ask(world.chat, "list")
            first.append(perf_counter() - running.started)
            await asyncio.sleep(_CALM)
            idle.append(running.memory())
    median = at(first, 50)
    return [
        Figure(
            "start to first answer",
            spread(first),
            f"its imports alone {spread(imports)}",
            median / at(imports, 50),
            f"≤ {seconds(_MOST_TIME)}",
            median <= _MOST_TIME,
        ),
        sized("memory at rest", max(idle), f"its imports alone {mib(await bare_memory())}", _MOST_MEMORY),
    ]
