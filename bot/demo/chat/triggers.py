"""The trigger ids that come with a command or a press: each opens one view, within about three seconds.

Source: https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses.
"""

from datetime import datetime, timedelta
from itertools import count

from bot.core.ports import Clock
from bot.demo.chat.errors import SlackError

LIFE = timedelta(seconds=3)


class Triggers:
    """Every trigger handed out, by its id; `life` may be shortened by a test that wants them expired."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._serials = count(1)
        self._issued: dict[str, tuple[str, datetime]] = {}
        self._exchanged: set[str] = set()
        self.life = LIFE

    def issue(self, user: str) -> str:
        """Make a trigger of what `user` has just done, and return its id."""
        trigger = f"{next(self._serials)}.1.demo"
        self._issued[trigger] = (user, self._clock.now())
        return trigger

    def exchange(self, trigger: str) -> str:
        """Use a trigger up and return whose it is, or raise Slack's word for why that can't be."""
        if trigger not in self._issued:
            raise SlackError("invalid_trigger_id")
        if trigger in self._exchanged:
            raise SlackError("exchanged_trigger_id")
        user, issued = self._issued[trigger]
        if self._clock.now() - issued >= self.life:
            raise SlackError("expired_trigger_id")
        self._exchanged.add(trigger)
        return user
