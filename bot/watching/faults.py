"""What fails in a turn, a watch or a message, fails alone: it is logged once and left alone for a while."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.book import Overtaken
from bot.core.errors import ClusterError
from bot.core.ports import Clock
from bot.core.watches import Watch

logger = logging.getLogger("podbot")


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, and until when it is left alone."""

    what: str
    until: datetime


@dataclass(slots=True)
class Faults:
    """What has failed last time, by the key of its watch or message; `rest` is in seconds."""

    clock: Clock
    rest: float
    known: dict[str, Fault] = field(default_factory=dict)

    def rests(self, key: str) -> bool:
        """Whether it has just failed, and is left alone."""
        return key in self.known and self.clock.now() < self.known[key].until

    @contextmanager
    def alone(self, key: str, watch: Watch) -> Iterator[None]:
        """Let what goes wrong end nothing but this; that the book was changed by another replica concerns all."""
        try:
            yield
        except Overtaken:
            raise
        except ClusterError as error:
            what = type(error).__name__
            if self._is_news(key, what):
                logger.warning(
                    "watching %s for %s is tried again and again: %s: %s", watch.place, watch.channel, what, error
                )
        except Exception as error:
            if self._is_news(key, type(error).__name__):
                logger.exception("watching %s for %s failed unexpectedly, and goes on", watch.place, watch.channel)
        else:
            self.known.pop(key, None)

    def only(self, keys: Collection[str]) -> None:
        """Forget what is there no more."""
        self.known = {key: fault for key, fault in self.known.items() if key in keys}

    def _is_news(self, key: str, what: str) -> bool:
        before = self.known.get(key)
        self.known[key] = Fault(what, self.clock.now() + timedelta(seconds=self.rest))
        return before is None or before.what != what
