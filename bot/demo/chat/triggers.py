"""The trigger ids that come with a command or a press: each opens one view, within about three seconds.

Source: https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from bot.core.ports import Clock
from bot.demo.chat.errors import SlackError
from bot.demo.chat.keeping import Recent

LIFE = timedelta(seconds=3)


@dataclass(slots=True)
class _Trigger:
    user: str
    issued: datetime
    exchanged: bool = False


class Triggers:
    """Every trigger handed out, or the last `most`, by its id; a test that wants them expired shortens `life`."""

    def __init__(self, clock: Clock, most: int | None = None) -> None:
        self._clock = clock
        self._serials = count(1)
        self._issued: Recent[str, _Trigger] = Recent(most)
        self.life = LIFE

    def issue(self, user: str) -> str:
        """Make a trigger of what `user` has just done, and return its id."""
        trigger = f"{next(self._serials)}.1.demo"
        self._issued[trigger] = _Trigger(user, self._clock.now())
        return trigger

    def exchange(self, trigger: str) -> str:
        """Use a trigger up and return whose it is, or raise Slack's word for why that can't be."""
        known = self._issued.get(trigger)
        if known is None:
            raise SlackError("invalid_trigger_id")
        if known.exchanged:
            raise SlackError("exchanged_trigger_id")
        if self._clock.now() - known.issued >= self.life:
            raise SlackError("expired_trigger_id")
        known.exchanged = True
        return known.user
