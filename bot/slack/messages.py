"""What every message is sent as, and what happens where Slack takes no message of that size or shape."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.core.errors import ChatError
from bot.core.redaction import redact_reply
from bot.core.replies import Reply
from bot.core.resources import Json
from bot.render.cutting import size
from bot.render.fallbacks import shrunk
from bot.render.limits import BUDGET, fit

logger = logging.getLogger("podbot.slack")

Answer = TypeVar("Answer")

TOO_MUCH = frozenset({"msg_blocks_too_long", "msg_too_long", "invalid_blocks", "invalid_blocks_format"})
"""Slack's words for a message that it takes in no other way either."""


async def prepare(reply: Reply) -> Reply:
    """Mask secrets, then fit: a cut through a secret would hide it from the masking.

    Beside the loop where it is long: a file of 1 MB takes 0.2 s, the pods of forty namespaces more than one, in which
    nothing would be acknowledged.
    """
    is_long = reply.file is not None or size(list(reply.blocks)) > BUDGET
    return await asyncio.to_thread(_prepared, reply) if is_long else _prepared(reply)


def content(reply: Reply) -> Json:
    """Return a reply as arguments of the Web API; blocks are sent even when empty, for chat.update keeps old ones."""
    return {"text": reply.text, "blocks": [dict(block) for block in reply.blocks]}


async def deliver(send: Callable[[Reply], Awaitable[Answer]], reply: Reply) -> tuple[Answer, Reply]:
    """Send a reply, or what is left of it where Slack finds it too much; return the answer and what was taken."""
    try:
        return await send(reply), reply
    except ChatError as error:
        if error.code not in TOO_MUCH:
            raise
        logger.warning("Slack refused a message (%s), which is sent again as text and a file", error.code)
    small = shrunk(reply)
    return await send(small), small


def _prepared(reply: Reply) -> Reply:
    return fit(redact_reply(reply))
