"""How soon a command is acknowledged while many others come in."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bench.answers import LINES
from bench.asking import acknowledged
from bench.figures import Figure, at, seconds, spread
from bot.demo.chat.web_api import RESPONSE_URL
from tests.e2e.world import World

RATE = 100  # commands a second
LASTING = 10  # seconds
_ENDING = 60.0  # seconds until the last answer
_MOST = 0.05


async def measure(world: World) -> list[Figure]:
    """Send commands at a steady rate, whether or not those before are answered, and wait for every answer."""
    before = len(world.chat.calls(RESPONSE_URL))
    taken, late = await steadily(list(LINES), lambda line: acknowledged(world.chat, line))
    answers = await world.chat.driver.wait_for(lambda: _answers(world, before, len(taken)), _ENDING)
    turned = sum("running already" in answer for answer in answers)
    p99 = at(taken, 99)
    return [
        Figure(
            f"acknowledged, {RATE} commands/s for {LASTING} s",
            spread(taken),
            f"{turned:,} told to ask again; the machine is late by {spread(late)} itself",
            target=f"p99 < {seconds(_MOST)}",
            holds=p99 < _MOST,
        )
    ]


async def steadily(lines: Sequence[str], send: Callable[[str], Awaitable[float]]) -> tuple[list[float], list[float]]:
    """Send lines in turn at the rate; return what each send gave, and by how much this machine itself was late."""
    loop = asyncio.get_running_loop()
    started, sent, late = loop.time(), [], []
    for turn in range(RATE * LASTING):
        due = started + turn / RATE
        await asyncio.sleep(due - loop.time())
        late.append(loop.time() - due)
        sent.append(asyncio.ensure_future(send(lines[turn % len(lines)])))
    return list(await asyncio.gather(*sent)), late


def _answers(world: World, before: int, wanted: int) -> list[str]:
    texts = [str(call.arguments.get("text")) for call in world.chat.calls(RESPONSE_URL)[before:]]
    return texts if len(texts) >= wanted else []
