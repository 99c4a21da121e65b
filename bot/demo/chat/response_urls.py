"""The URLs that come with a command or a press: five uses in thirty minutes.

Source: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from bot.core.ports import Clock
from bot.demo.chat.errors import SlackError
from bot.demo.chat.keeping import Recent
from bot.demo.chat.messages import Message

USES = 5
LIFE = timedelta(minutes=30)


@dataclass(slots=True)
class ResponseUrl:
    """Where a URL leads: whose it is, and the message that it can replace (the one pressed, else the first it made)."""

    channel: str
    user: str
    expires: datetime
    original: Message | None = None
    pressed: bool = False
    uses: int = 0


class ResponseUrls:
    """Every URL handed out, or the last `most`, by its key."""

    def __init__(self, clock: Clock, most: int | None = None) -> None:
        self._clock = clock
        self._serials = count(1)
        self._urls: Recent[str, ResponseUrl] = Recent(most)

    def issue(self, channel: str, user: str, original: Message | None = None) -> str:
        """Make a URL and return its key."""
        key = f"R{next(self._serials):06d}"
        self._urls[key] = self.free(channel, user, original)
        return key

    def free(self, channel: str, user: str, original: Message | None = None) -> ResponseUrl:
        """Return what a URL would lead to, without handing one out."""
        return ResponseUrl(channel, user, self._clock.now() + LIFE, original, pressed=original is not None)

    def use(self, key: str) -> ResponseUrl:
        """Count one use, or raise `expired_url` or `used_url`."""
        url = self._urls.get(key)
        if url is None or self._clock.now() >= url.expires:
            raise SlackError("expired_url")
        if url.uses >= USES:
            raise SlackError("used_url")
        url.uses += 1
        return url

    def expire(self) -> None:
        """End the life of every URL handed out so far."""
        for url in self._urls.values():
            url.expires = self._clock.now()
