"""A list of very many pods, which need no kubelet: no scheduler takes them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

from bench.asking import ask
from bench.calls import calls_of
from bench.figures import Figure, compared, mib, sized
from bench.processes import Running
from bench.raw import Bare
from bot.core.resources import Json
from bot.core.wire import Request
from bot.demo.cluster import kinds
from bot.demo.cluster.simulation import Simulation
from tests.contract.sites import pod
from tests.e2e.world import World

ROUNDS = 7
_AT_ONCE = 32
_TO_BARE, _MOST_MEMORY = 1.5, 120


async def measure(world: World, bare: Bare, running: Running, pods: int) -> list[Figure]:
    """Fill a namespace, list it, and empty it again."""
    line = f"list -n {world.payments}"
    async with _filled(world, pods):
        [paged] = await calls_of(world, line)
        whole = _whole(paged)
        podbot, same, everything, peaks = [], [], [], []
        for _ in range(ROUNDS):
            running.forget_peak()
            podbot.append((await ask(world.chat, line))[0])
            peaks.append(running.peak())
            same.append(await bare.take(paged))
            everything.append(await bare.take(whole))
    what = f"/pod list of {pods:,} pods"
    rows = dict(paged.query)["limit"]
    return [
        compared(what, podbot, "one bare Table call for all", everything, _TO_BARE),
        compared(what, podbot, f"its own bare Table call, {rows} rows,", same, None),
        sized(f"{what}, peak memory", max(peaks), f"at rest {mib(running.memory())}", _MOST_MEMORY),
    ]


def _whole(paged: Request) -> Request:
    return replace(paged, query=tuple(pair for pair in paged.query if pair[0] != "limit"))


def _unscheduled(number: int) -> Json:
    body = pod(f"web-{number:05d}", labels={"app": "web", "number": str(number)})
    return {**body, "spec": {**body["spec"], "schedulerName": "none"}}


@asynccontextmanager
async def _filled(world: World, pods: int) -> AsyncIterator[None]:
    """Fill the world's second namespace, where nothing else is, and empty it."""
    bodies = [_unscheduled(number) for number in range(pods)]
    if world.simulation is None:
        await _all(partial(world.make, body, world.payments) for body in bodies)
        yield
        path = f"/api/v1/namespaces/{world.payments}/pods"
        await _all(partial(world.admin.remove, f"{path}/{body['metadata']['name']}") for body in bodies)
        return
    fill(world.simulation, world.payments, pods)
    yield
    for body in bodies:
        world.simulation.store.remove(kinds.PODS, world.payments, body["metadata"]["name"])


def fill(simulation: Simulation, namespace: str, pods: int) -> None:
    """Put pods into a simulated cluster's store, past its kubelet."""
    store = simulation.store
    for number in range(pods):
        body = store.completed(kinds.PODS, namespace, _unscheduled(number))
        store.add(kinds.PODS, {**body, "status": {"phase": "Pending"}})


async def _all(deeds: Iterable[Callable[[], Awaitable[None]]]) -> None:
    """Do many things, some at once."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def done(deed: Callable[[], Awaitable[None]]) -> None:
        async with places:
            await deed()

    await asyncio.gather(*map(done, deeds))
