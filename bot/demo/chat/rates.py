"""Slack's rate limits, where a server is asked to have them.

Source: https://docs.slack.dev/apis/web-api/rate-limits; Slack allows short bursts beyond, of which it promises nothing.
"""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from bot.core.ports import Clock
from bot.demo.chat.arguments import Arguments


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` calls in any `seconds`; counted for each value of the argument `by`, where one is named."""

    most: int
    seconds: float
    by: str = ""


_TIER_2: Final = Rate(20, 60)
_TIER_3: Final = Rate(50, 60)
_TIER_4: Final = Rate(100, 60)

SLACKS: Final[Mapping[str, Rate]] = {
    "chat.postMessage": Rate(1, 1, by="channel"),
    "chat.postEphemeral": _TIER_4,
    "chat.update": _TIER_3,
    "chat.delete": _TIER_3,
    "conversations.history": _TIER_3,
    "conversations.info": _TIER_3,
    "conversations.join": _TIER_3,
    "conversations.list": _TIER_2,
    "conversations.members": _TIER_4,
    "conversations.open": _TIER_3,
    "conversations.replies": _TIER_3,
    "files.completeUploadExternal": _TIER_4,
    "files.getUploadURLExternal": _TIER_4,
    "usergroups.list": _TIER_2,
    "usergroups.users.list": _TIER_2,
    "users.info": _TIER_4,
    "users.list": _TIER_2,
    "views.open": _TIER_4,
    "views.publish": _TIER_4,
    "views.update": _TIER_4,
}
"""Slack's own rates for the methods that are here; what is not named has a rate that nobody reaches."""


class Rates:
    """Counts calls by the clock; a call that is too early does not count."""

    def __init__(self, clock: Clock, rates: Mapping[str, Rate]) -> None:
        self._clock = clock
        self._rates = rates
        self._made: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)

    def too_early(self, method: str, asked: Arguments) -> int:
        """Return the whole seconds that a call of `method` has to wait, or 0 for one that may go on."""
        rate = self._rates.get(method)
        if rate is None:
            return 0
        now, made = self._clock.now(), self._made[method, asked.text(rate.by) if rate.by else ""]
        while made and now - made[0] >= timedelta(seconds=rate.seconds):
            made.popleft()
        if len(made) >= rate.most:
            return max(1, ceil(rate.seconds - (now - made[0]).total_seconds()))
        made.append(now)
        return 0
