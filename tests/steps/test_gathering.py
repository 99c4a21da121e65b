import asyncio

import pytest

from bot.core.errors import Forbidden, Unreachable
from bot.steps.gathering import AT_ONCE, each


async def test_results_in_order() -> None:
    """Results come in the order of the items, whichever was done first."""

    async def work(number: int) -> int:
        for _ in range(5 - number):
            await asyncio.sleep(0)
        return number * 10

    assert await each(work, range(5)) == [0, 10, 20, 30, 40]


async def test_never_too_many() -> None:
    """No more than the set number run at once, and all of that number do."""
    running: list[int] = []
    most = 0

    async def work(number: int) -> None:
        nonlocal most
        running.append(number)
        most = max(most, len(running))
        await asyncio.sleep(0)
        running.remove(number)

    await each(work, range(5 * AT_ONCE))
    assert most == AT_ONCE


async def test_first_error_stops_the_rest() -> None:
    """The first error is raised as itself, and what has not begun never does."""
    begun: list[int] = []

    async def work(number: int) -> None:
        begun.append(number)
        await asyncio.sleep(0)
        raise Forbidden("no") if number == 0 else Unreachable("later")

    with pytest.raises(Forbidden, match="no"):
        await each(work, range(100))
    assert len(begun) <= 2 * AT_ONCE


async def test_cancellation_reaches_the_work() -> None:
    """Cancelling the whole cancels what runs."""
    cancelled = asyncio.Event()

    async def work(_: int) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    whole = asyncio.create_task(each(work, [1]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    whole.cancel()
    with pytest.raises(asyncio.CancelledError):
        await whole
    assert cancelled.is_set()


async def test_no_items() -> None:
    """Nothing to do is no error."""

    async def work(_: int) -> int:
        raise AssertionError("unexpected call")

    assert await each(work, []) == []
