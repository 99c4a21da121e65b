"""A call of the Web API: its answer as JSON, or podbot's own error."""

import re
from collections.abc import Awaitable

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.errors import CannotPost, ChatError
from bot.core.reading import mapping, text
from bot.core.resources import Json

_WORD = re.compile(r"[a-z0-9_]{1,60}")
_NO_ENTRY = frozenset({"not_in_channel", "channel_not_found", "is_archived", "team_access_not_granted"})


async def answer(call: Awaitable[AsyncSlackResponse]) -> Json:
    """Return what Slack answered; raise `CannotPost` for its words about a channel, else `ChatError`."""
    return mapping((await response(call)).data)


async def response(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Return an answer with its headers; raises as `answer` does."""
    try:
        return await call
    except SlackApiError as error:
        raise refusal(text(mapping(getattr(error.response, "data", None)).get("error"))) from error
    except (SlackClientError, ClientError, OSError) as error:
        raise silence(error) from error


def refusal(code: str) -> ChatError:
    """Return the error for Slack's word `code`, which is kept only where it is one."""
    word = code if _WORD.fullmatch(code) else ""
    kind = CannotPost if word in _NO_ENTRY or word.startswith("restricted_action") else ChatError
    return kind(f"Slack said {word or 'no'}", code=word)


def silence(error: Exception) -> ChatError:
    """Return the error where no answer came; its words are left out, for they may hold addresses that are secret."""
    return ChatError(f"no answer from Slack ({type(error).__name__})")
