"""Pages of what a method lists: https://docs.slack.dev/apis/web-api/pagination."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments
from bot.demo.chat.errors import SlackError

_MOST = 1000


def paged(asked: Arguments, name: str, found: Sequence[Any], usual: int = 100) -> Json:
    """Return the asked page of `found` under `name`, with the cursor of the next; empty at the end."""
    limit = asked.number("limit") if asked.text("limit") else usual
    if not 0 < limit <= _MOST:
        raise SlackError("invalid_limit")
    start = _start(asked.text("cursor"))
    ahead = found[start + limit :]
    return {
        name: list(found[start : start + limit]),
        "response_metadata": {"next_cursor": _cursor(start + limit, ahead)},
    }


def _cursor(start: int, ahead: Sequence[Any]) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode() if ahead else ""


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, start = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word == "next":
            return int(start)
    except (binascii.Error, ValueError):
        pass
    raise SlackError("invalid_cursor")
