"""The pulse, and the server that tells it."""

import asyncio
from dataclasses import dataclass

import aiohttp
import pytest

from bot.core.errors import PodbotError
from bot.core.readiness import Condition
from bot.core.vitals import Server, Way
from bot.health import HealthServer, Pulse


@dataclass
class Seconds:
    """A clock that a test sets."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def test_lateness_is_measured() -> None:
    """A heartbeat that comes after four seconds instead of one was three late; one in time is not late at all."""
    clock = Seconds()
    pulse = Pulse(clock)
    clock.now += 4
    assert pulse.of(Condition()).beat == 4
    pulse.beat()
    assert (pulse.lag, pulse.of(Condition()).beat) == (3, 0)
    clock.now += 1
    pulse.beat()
    assert pulse.lag == 0


def test_only_a_good_answer_counts() -> None:
    """The time without an answer goes on while looks find trouble, and ends with a good one."""
    clock = Seconds()
    pulse = Pulse(clock)
    clock.now += 10
    pulse.looked(Server(trouble="cannot be reached"))
    found = pulse.of(Condition())
    assert (found.unanswered, found.server.trouble) == (10, "cannot be reached")
    pulse.looked(Server("v1.36.0", 0.1))
    assert pulse.of(Condition()).unanswered == pulse.unanswered == 0


async def test_it_beats_by_itself() -> None:
    """The heart beats as soon as the loop runs."""
    clock = Seconds()
    pulse = Pulse(clock)
    clock.now += 50
    beating = asyncio.create_task(pulse.beating())
    await asyncio.sleep(0)
    assert pulse.of(Condition()).beat == 0
    beating.cancel()


async def test_probes_are_answered_in_words() -> None:
    """A probe gets 200 with one word, or 503 with a line for each reason."""
    condition = Condition(started=True, slack=Way("HTTP", connected=True))
    server = HealthServer("127.0.0.1", 0, lambda: condition, 30, lambda accept: (accept.encode(), "text/plain"))
    await server.start()
    try:
        async with aiohttp.ClientSession() as session:

            async def get(path: str) -> tuple[int, str]:
                async with session.get(f"http://127.0.0.1:{server.port}{path}", headers={"Accept": "a/b"}) as answer:
                    return answer.status, await answer.text()

            assert await get("/healthz") == (200, "alive\n")
            assert await get("/readyz") == (200, "ready\n")
            assert await get("/metrics") == (200, "a/b")
            condition = Condition(started=True, draining=True, beat=60)
            assert await get("/healthz") == (503, "the event loop has not run for 60 s\n")
            assert (await get("/readyz"))[1].count("\n") == 2
    finally:
        await server.close()


async def test_a_port_that_is_taken_is_an_error() -> None:
    """Where it cannot listen, the error names the setting."""
    first = HealthServer("127.0.0.1", 0, Condition, 30, lambda _: (b"", ""))
    await first.start()
    second = HealthServer("127.0.0.1", first.port, Condition, 30, lambda _: (b"", ""))
    with pytest.raises(PodbotError, match="PODBOT_HEALTH_ADDRESS"):
        await second.start()
    await second.close()
    await first.close()
