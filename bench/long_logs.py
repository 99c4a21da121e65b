"""A log of 100 MB at the memory of one of 1 MB.

The kubelet rotates logs at 10 MiB and gives only what came after, so the simulation, over HTTP, serves this one.
"""

from pathlib import Path

from bench.asking import ask
from bench.figures import MIB, Figure, mib
from bench.places import place, simulation_of
from bench.processes import podbot
from tests.contract.sites import pod
from tests.e2e.world import World

_LINE = b"2026-01-02T03:04:05Z INFO shop.cart request=%08d path=/cart/items status=200 duration=12ms user=%d\n"
_SHORT, _LONG = 1_000_000, 100_000_000
_ROUNDS = 3


async def measure(folder: Path) -> list[Figure]:
    """Read both in turn, and compare the peaks."""
    async with place(folder, real=False) as world, podbot(world) as running:
        for name, size in (("short", _SHORT), ("long", _LONG)):
            await _printed(world, name, size)
        peaks: dict[str, list[int]] = {"short": [], "long": []}
        for name in ["short", *("short", "long") * _ROUNDS]:
            running.forget_peak()
            await ask(world.chat, f"logs {name} --tail -1")
            peaks[name].append(running.peak())
    short, long = max(peaks["short"]), max(peaks["long"])
    beside = f"a 1 MB log {mib(short)}; both served by the simulation"
    return [Figure("/pod logs of 100 MB, peak memory", mib(long), beside, long / short, "≤ 1.1", long <= 1.1 * short)]


async def _printed(world: World, name: str, size: int) -> None:
    await world.make(pod(name))
    await world.admin.running(world.shop, name)
    lines = size // len(_LINE % (0, 0))
    block = b"".join(_LINE % (number, number % 97) for number in range(min(lines, MIB // len(_LINE))))
    simulation_of(world).write_log(world.shop, name, "main", block * max(1, size // len(block)))
