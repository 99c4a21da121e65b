"""What the simulated cluster's metrics API tells: the use of each pod that runs, measured again all the time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import islice
from typing import Final

from bot.core.ages import moment
from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.demo import scenery
from bot.demo.cluster.kinds import POD_METRICS, PODS
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.store import Key
from bot.demo.cluster.times import seconds

_LOOK: Final = 2.0  # seconds between two looks at what runs
_WINDOW: Final = timedelta(seconds=15)  # over which it is measured, and after which it is measured again
_MOST: Final = 100  # pods; a crowd is not measured, for that would take the time of everything else


@asynccontextmanager
async def metered(simulation: Simulation) -> AsyncIterator[None]:
    """Serve a simulated cluster's metrics API while the context lasts."""
    simulation.metrics = True
    task = asyncio.create_task(_measuring(simulation))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _measuring(simulation: Simulation) -> None:
    while True:
        measure(simulation)
        await asyncio.sleep(_LOOK)


def measure(simulation: Simulation) -> None:
    """Measure what runs now, and forget what does not any more."""
    simulation.settle()
    store = simulation.store
    running = dict(islice(_running(store.list(PODS)), _MOST))
    for old in store.list(POD_METRICS):
        if (key := _key(old)) not in running:
            store.remove(POD_METRICS, *key)
    times = {"timestamp": seconds(store.now()), "window": f"{_WINDOW.seconds}s"}
    for key, body in running.items():
        known = store.find(POD_METRICS, *key)
        if known is None:
            store.add(POD_METRICS, store.completed(POD_METRICS, key[0], {**body, **times}))
        elif store.now() - (moment(known["timestamp"]) or store.now()) >= _WINDOW:
            store.replace(POD_METRICS, store.completed(POD_METRICS, key[0], {**body, **times}))


def _running(pods: list[Json]) -> Iterator[tuple[Key, Json]]:
    """Yield what is told of each pod of which a container runs."""
    for pod in pods:
        labels = mapping(pod["metadata"].get("labels"))
        statuses = objects(mapping(pod.get("status")).get("containerStatuses"))
        names = [text(one.get("name")) for one in statuses if "running" in mapping(one.get("state"))]
        if names:
            metadata = {"name": pod["metadata"]["name"], "labels": labels}
            yield (
                _key(pod),
                {"metadata": metadata, "containers": [_used(text(labels.get("app")), one) for one in names]},
            )


def _used(app: str, container: str) -> Json:
    cpu, memory = scenery.use(app, container)
    return {"name": container, "usage": {"cpu": f"{cpu}m", "memory": f"{memory}Mi"}}


def _key(item: Json) -> Key:
    return item["metadata"]["namespace"], item["metadata"]["name"]
