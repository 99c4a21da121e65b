"""What watching is done with, and what a replica knows while it is the one that watches."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.incidents import PATIENCE, Patience, Pending
from bot.core.ports import Lead, Records
from bot.core.tellings import Telling, says_alike
from bot.parts import Bot
from bot.watching.faults import Faults
from bot.watching.seen import Seen

_KEPT_BACK = 3.0  # seconds at the end of a term in which nothing is begun
_LISTS = 2  # at once, for each may be of a thousand whole pods


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between two looks while nothing is watched here (`idle`) and while it is (`turn`), and between renewals.

    `settle` is how long after taking over what the replica before may still be posting is left alone, `edit` the least
    between two edits of one message, `again` between two tries of what Slack refused, `failed` between two of what
    went wrong otherwise, `refused` how long Kubernetes must say no before a watch ends.
    """

    idle: float = 10
    turn: float = 5
    renew: float = 5
    settle: float = 5
    edit: float = 15
    again: float = 60
    failed: float = 15
    refused: float = 60


@dataclass(frozen=True, slots=True)
class Desk:
    """The wired parts; `lists` is held while a watch's pods are listed."""

    bot: Bot
    records: Records
    lead: Lead
    pace: Pace = Pace()
    patience: Patience = PATIENCE
    lists: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_LISTS))

    @property
    def now(self) -> datetime:
        """The time in UTC."""
        return self.bot.clock.now()


@dataclass(slots=True)
class Message:
    """One message: as it is `now`, as the book has it (`kept`), and as the channel sees it (`shown`).

    `is_new`: this replica decided on it, and has not begun to post it; `is_bare`: it has posted it, and nothing in its
    thread, for which `seen` is what it has seen. `is_closed`: it says that nobody watches any more. `due` is when it
    may be tried or edited again.
    """

    now: Telling
    kept: Telling | None = None
    shown: Telling | None = None
    is_new: bool = False
    is_bare: bool = False
    seen: Seen | None = None
    is_closed: bool = False
    due: datetime | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the channel sees something else than what is so."""
        return self.shown is None or not says_alike(self.shown, self.now)

    def is_due(self, now: datetime) -> bool:
        """Whether something may be done with it."""
        return self.due is None or self.due <= now

    def rest(self, now: datetime, seconds: float) -> None:
        """Leave it alone for a while."""
        self.due = now + timedelta(seconds=seconds)


@dataclass(slots=True)
class Term:
    """The time in which this replica watches; `until` is how long it may be sure of that."""

    since: datetime
    until: datetime
    faults: Faults
    messages: dict[str, Message] = field(default_factory=dict)
    pending: dict[str, Pending] = field(default_factory=dict)

    @property
    def awake(self) -> tuple[Message, ...]:
        """The messages with which nothing has just failed."""
        return tuple(one for key, one in self.messages.items() if not self.faults.rests(key))

    def left(self, now: datetime) -> float:
        """Return the seconds in which something may still be posted; none are left where that is not positive."""
        return (self.until - now).total_seconds() - _KEPT_BACK
