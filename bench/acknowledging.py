"""How soon a command is acknowledged while many others come in."""

import asyncio

from bench.answers import LINES
from bench.asking import acknowledged
from bench.figures import Figure, at, seconds
from bot.demo.chat.web_api import RESPONSE_URL
from tests.e2e.world import World

RATE = 100  # commands a second
LASTING = 10  # seconds
_ENDING = 60.0  # seconds until the last answer
_MOST = 0.05


async def measure(world: World) -> list[Figure]:
    """Send commands at a steady rate, whether or not those before are answered, and wait for every answer."""
    before = len(world.chat.calls(RESPONSE_URL))
    loop, lines = asyncio.get_running_loop(), list(LINES)
    started, sent = loop.time(), []
    for turn in range(RATE * LASTING):
        await asyncio.sleep(started + turn / RATE - loop.time())
        sent.append(asyncio.create_task(acknowledged(world.chat, lines[turn % len(lines)])))
    taken = await asyncio.gather(*sent)
    answers = await world.chat.driver.wait_for(lambda: _answers(world, before, len(taken)), _ENDING)
    turned = sum("at once" in str(answer) for answer in answers)
    p99 = at(taken, 99)
    return [
        Figure(
            f"acknowledged, {RATE} commands/s for {LASTING} s",
            f"{seconds(at(taken, 50))} (p99 {seconds(p99)})",
            f"{len(taken) - turned:,} answered, {turned:,} told to ask again",
            target=f"p99 < {seconds(_MOST)}",
            holds=p99 < _MOST,
        )
    ]


def _answers(world: World, before: int, wanted: int) -> list[str]:
    texts = [str(call.arguments.get("text")) for call in world.chat.calls(RESPONSE_URL)[before:]]
    return texts if len(texts) >= wanted else []
