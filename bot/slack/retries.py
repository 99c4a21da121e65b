"""When a call of the Web API is made again: after a 429, and after a connection failed with nothing sent."""

from aiohttp import ClientConnectorError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from bot.core.ports import Clock
from bot.slack.meter import UNMETERED, Meter
from bot.slack.scopes import METHODS

PATIENCE = 30.0
"""The most seconds that one call waits in all because of 429s."""

# What does no harm twice. A message posted twice would: Slack may have taken the first although no answer came.
REPEATABLE = frozenset(
    {
        "apps.connections.open",
        "auth.test",
        "chat.update",
        "conversations.open",
        "files.getUploadURLExternal",
        "usergroups.users.list",
        "users.info",
        "views.update",
    }
)

_TOO_MANY_REQUESTS = 429
_MOST_ATTEMPTS = 50
_PAUSE = 0.5


class RateLimits(AsyncRetryHandler):
    """Waits as long as each 429 says, unless that is more than `patience` seconds together.

    Source: https://docs.slack.dev/apis/web-api/rate-limits.
    """

    def __init__(self, clock: Clock, patience: float = PATIENCE, meter: Meter = UNMETERED) -> None:
        super().__init__(max_retry_count=_MOST_ATTEMPTS)
        self._clock = clock
        self._patience = patience
        self._meter = meter

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,  # noqa: ARG002  # the package's signature
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002  # the same
    ) -> bool:
        if response is None or response.status_code != _TOO_MANY_REQUESTS:
            return False
        return _waited(state) + _asked(response) <= self._patience

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002  # the same
    ) -> None:
        """Wait."""
        self._meter.slowed(_known(request))
        seconds = _asked(response)
        state.custom_values = {"waited": _waited(state) + seconds}
        state.next_attempt_requested = True
        await self._clock.sleep(seconds)
        state.increment_current_attempt()


class Reconnects(AsyncConnectionErrorRetryHandler):
    """Tries once more where nothing was sent, or where the call does no harm twice."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(max_retry_count=1)
        self._clock = clock

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        harmless = isinstance(error, ClientConnectorError) or _method(request) in REPEATABLE
        return harmless and await super()._can_retry_async(state=state, request=request, response=response, error=error)

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,  # noqa: ARG002  # the same
        response: HttpResponse | None = None,  # noqa: ARG002  # the same
        error: Exception | None = None,  # noqa: ARG002  # the same
    ) -> None:
        """Pause for a moment."""
        state.next_attempt_requested = True
        await self._clock.sleep(_PAUSE)
        state.increment_current_attempt()


def _method(request: HttpRequest) -> str:
    return request.url.rpartition("/")[2]


def _known(request: HttpRequest) -> str:
    """Return the method, or "upload": the address of one is good for writing to it, and no name for a measure."""
    method = _method(request)
    return method if method in METHODS else "upload"


def _waited(state: RetryState) -> float:
    return float((state.custom_values or {}).get("waited", 0.0))


def _asked(response: HttpResponse | None) -> float:
    """Return the seconds of `Retry-After`, at least one, so that a 0 cannot be asked for ever."""
    found = {name.lower(): values for name, values in response.headers.items()} if response else {}
    word = (found.get("retry-after") or ["1"])[0]
    return max(1.0, float(word)) if word.isdecimal() else 1.0
