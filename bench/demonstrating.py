"""What the demo takes: to start, to list a crowd, to hold a steady rate of commands, and to be played with for long."""

import asyncio
from pathlib import Path
from time import perf_counter

from bench.acknowledging import LASTING, RATE, steadily
from bench.figures import MIB, Figure, at, mib, seconds, spread
from bench.playing import DEMO, Demo, playing
from bench.processes import bare_imports
from bot.demonstration.ground import REAL

PLAYED = 2_200  # commands: more than the messages that the demo keeps
_HURRIED = ("list", "logs cart", "describe cart")
_PLAYED = (*_HURRIED, "describe orders", "events", "volumes cart", "whoami", "label cart round={} --overwrite")
_STARTS, _LISTS = 5, 5
_LOOKS, _CALM = 0.5, 2.0  # seconds
_MOST_TIME, _MOST_GROWTH = 2.0, 16


async def measure(folder: Path, pods: int) -> list[Figure]:
    """Start it a few times, fill one, hurry one, and play with one."""
    started = await _started()
    async with playing("bench.crowd", str(folder), str(pods)) as demo:
        listed = await _listed(demo, pods)
    async with playing(*DEMO) as demo:
        hurried = await _hurried(demo)
    async with playing(*DEMO) as demo:
        return [started, listed, hurried, await _played(demo)]


async def _started() -> Figure:
    first, imports = [], []
    for _ in range(_STARTS):
        imports.append(await bare_imports())
        async with playing(*DEMO) as demo:
            await demo.page()
            first.append(perf_counter() - demo.running.started)
    median = at(first, 50)
    return Figure(
        "podbot demo, start to its page",
        spread(first),
        f"podbot's imports alone {spread(imports)}",
        median / at(imports, 50),
        f"≤ {seconds(_MOST_TIME)}",
        median <= _MOST_TIME,
    )


async def _listed(demo: Demo, pods: int) -> Figure:
    """List a crowd, from the typed line to the page, which is told at most every 50 ms."""
    taken = [await demo.answered(f"list -n {REAL.payments}") for _ in range(_LISTS)]
    return Figure(
        f"demo, /pod list of {pods:,} simulated pods, typed to seen",
        spread(taken),
        f"the whole demo then holds {mib(demo.running.memory())}",
    )


async def _hurried(demo: Demo) -> Figure:
    """Send commands at a steady rate, whether or not those before are answered, and count the answers."""
    told: dict[str, str] = {one["ts"]: "" for one in await demo.seen()}
    before, sending = len(told), asyncio.Event()
    watching = asyncio.create_task(_watched(demo, told, sending))
    taken, late = await steadily(_HURRIED, demo.type)
    sending.set()
    await watching
    turned = sum("running already" in text for text in told.values())
    wanted, answered = RATE * LASTING, len(told) - before - turned
    return Figure(
        f"demo, {RATE} commands/s for {LASTING} s, acknowledged",
        spread(taken),
        f"{answered:,} of {wanted:,} answered, {turned:,} told to ask again; "
        f"the machine is late by {spread(late)} itself",
        target="all answered",
        holds=answered == wanted,
    )


async def _watched(demo: Demo, told: dict[str, str], sending: asyncio.Event) -> None:
    """Look now and then, since the page has only the last messages, until all was sent and nothing new comes."""
    news = True
    while news or not sending.is_set():
        known = len(told)
        await asyncio.sleep(_LOOKS)
        told |= {one["ts"]: one["text"] for one in await demo.seen()}
        news = len(told) > known


async def _played(demo: Demo) -> Figure:
    """Play until all that is kept is full, then as much again, which must add little."""
    held = [demo.running.memory()]
    for turn in range(2 * PLAYED):
        await demo.type(_PLAYED[turn % len(_PLAYED)].format(turn))
        if (turn + 1) % PLAYED == 0:
            await asyncio.sleep(_CALM)
            held.append(demo.running.memory())
    rest, full, end = held
    return Figure(
        f"demo, memory grown by {PLAYED:,} commands",
        mib(end - full),
        f"after as many that brought it from {mib(rest)} to {mib(full)}; as fast as they go, for ten minutes of play",
        target=f"≤ {_MOST_GROWTH} MiB",
        holds=end - full <= _MOST_GROWTH * MIB,
    )
