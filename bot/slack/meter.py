"""What this room tells whoever counts: calls, acknowledgements, and websockets that were opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final, Protocol

from slack_sdk.errors import SlackApiError

from bot.core.errors import ChatError
from bot.core.reading import mapping, text

_RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})


class Meter(Protocol):
    """Whoever counts. A `method` is Slack's name for it, or "response_url"; a `result` ok, ratelimited or error."""

    def called(self, method: str, result: str, seconds: float) -> None:
        """Count a call that has ended."""

    def slowed(self, method: str) -> None:
        """Count a request that Slack answered with a 429, and that is made again."""

    def acknowledged(self, seconds: float) -> None:
        """Count a delivery that was acknowledged so many seconds after it came."""

    def opened(self) -> None:
        """Count a websocket that was opened."""


class Unmetered:
    """Nobody counts."""

    def called(self, method: str, result: str, seconds: float) -> None:
        """Do nothing."""

    def slowed(self, method: str) -> None:
        """Do nothing."""

    def acknowledged(self, seconds: float) -> None:
        """Do nothing."""

    def opened(self) -> None:
        """Do nothing."""


UNMETERED: Final = Unmetered()


@contextmanager
def metered(meter: Meter, method: str) -> Iterator[None]:
    """Count a call by how it ends."""
    began, result = perf_counter(), "error"
    try:
        yield
        result = "ok"
    except SlackApiError as error:
        if text(mapping(getattr(error.response, "data", None)).get("error")) in _RATE_LIMITED:
            result = "ratelimited"
        raise
    except ChatError as error:
        if error.code in _RATE_LIMITED:
            result = "ratelimited"
        raise
    finally:
        meter.called(method, result, perf_counter() - began)
