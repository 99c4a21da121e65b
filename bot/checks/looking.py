"""Looking at many things at once, within a time, where what cannot be looked at is a value like any other."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import TypeVar

from bot.core.errors import PodbotError

logger = logging.getLogger("podbot.checks")

Item = TypeVar("Item", bound=Hashable)
Seen = TypeVar("Seen")

AT_ONCE = 8


async def look(ask: Callable[[], Awaitable[Seen]], seconds: float) -> Seen | PodbotError:
    """Return what there is to see, or why it could not be seen."""
    found = await look_each(lambda _: ask(), [""], seconds)
    return found[""]


async def look_each(
    ask: Callable[[Item], Awaitable[Seen]], items: Iterable[Item], seconds: float, at_once: int = AT_ONCE
) -> dict[Item, Seen | PodbotError]:
    """Return what was seen of each item within `seconds` for them all, at most `at_once` asked at a time."""
    ends = asyncio.get_running_loop().time() + seconds
    room = asyncio.Semaphore(at_once)

    async def one(item: Item) -> Seen | PodbotError:
        try:
            async with asyncio.timeout_at(ends), room:
                return await ask(item)
        except TimeoutError:
            return PodbotError(f"no answer within {seconds:.0f} s")
        except PodbotError as error:
            return error
        except Exception as error:
            logger.exception("a look failed unexpectedly")
            return PodbotError(f"podbot made a mistake of its own ({type(error).__name__}); its log says more")

    wanted = list(dict.fromkeys(items))
    return dict(zip(wanted, await asyncio.gather(*map(one, wanted)), strict=True))
