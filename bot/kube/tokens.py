"""Tokens of the tiers' ServiceAccounts, for those who do not grant impersonation: in memory only, and renewed in time.

Source: https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.core.errors import ServerFault, TooMany, TooSlow, Unreachable
from bot.core.grants import Account
from bot.core.ports import Clock

logger = logging.getLogger("podbot.kube")

LIFE: Final = 900
"""Seconds to ask for; the API server gives none under 600."""
_PAUSE: Final = timedelta(seconds=30)  # before a renewal that failed is tried again


@dataclass(frozen=True, slots=True)
class Issued:
    """A token, and for how many seconds the API server says that it lasts."""

    value: str = field(repr=False)
    seconds: int


@dataclass(frozen=True, slots=True)
class _Held:
    value: str = field(repr=False)
    due: datetime
    ends: datetime


class Tokens:
    """One token an account, asked for by `ask`, one request at a time.

    `tell` gets the values that no log may hold from now on, the new one and the one before, and the account's user.
    """

    def __init__(
        self, ask: Callable[[Account], Awaitable[Issued]], clock: Clock, tell: Callable[[Sequence[str], str], None]
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._tell = tell
        self._held: dict[Account, _Held] = {}
        self._locks = defaultdict[Account, asyncio.Lock](asyncio.Lock)

    async def of(self, account: Account, *, instead_of: str = "") -> str:
        """Return a token that holds; `instead_of` is one that the API server did not accept.

        Raises `NotSetUp` and what else the request ended with. Half a token's life is left for renewing it.
        """
        async with self._locks[account]:
            held = self._held.get(account)
            if held and held.value == instead_of:
                held = None
            if held and self._clock.now() < held.due:
                return held.value
            self._held[account] = await self._renewed(account, held)
            return self._held[account].value

    async def _renewed(self, account: Account, held: _Held | None) -> _Held:
        asked = self._clock.now()  # by podbot's own clock, whatever the API server's says
        try:
            issued = await self._ask(account)
        except (Unreachable, TooSlow, ServerFault, TooMany) as error:
            if held is None or self._clock.now() >= held.ends:
                raise
            logger.warning("the token of %s could not be renewed; the old one still holds: %s", account.user, error)
            return _Held(held.value, self._clock.now() + _PAUSE, held.ends)
        before = self._held.get(account)
        self._tell([issued.value, *([before.value] if before else [])], account.user)
        life = timedelta(seconds=issued.seconds)
        return _Held(issued.value, asked + life / 2, asked + life)
