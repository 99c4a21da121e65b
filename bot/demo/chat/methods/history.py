"""conversations.history and conversations.replies: what was said, as apps read it.

Ephemeral messages are in neither, and replies are not in a channel's history. Sources:
https://docs.slack.dev/reference/methods/conversations.history and conversations.replies.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments
from bot.demo.chat.errors import SlackError
from bot.demo.chat.messages import Message
from bot.demo.chat.methods.conversations import readable
from bot.demo.chat.methods.paging import paged
from bot.demo.chat.payloads import message_object
from bot.demo.chat.state import State


def history(state: State, asked: Arguments) -> Json:
    """List a channel's messages, the newest first."""
    channel = readable(state, asked)
    said = [one for one in _said(state, channel.id) if not one.thread and _in_time(one, asked)]
    return {**_shown(state, asked, said[::-1]), "pin_count": 0}


def replies(state: State, asked: Arguments) -> Json:
    """List a thread, the message that began it first."""
    channel, root = readable(state, asked), asked.required("ts")
    said = list(_said(state, channel.id))
    if root not in [one.ts for one in said]:
        raise SlackError("thread_not_found")
    return _shown(
        state, asked, [one for one in said if one.ts == root or (one.thread == root and _in_time(one, asked))]
    )


def _said(state: State, channel: str) -> Iterable[Message]:
    return (one for one in state.board if one.channel == channel and not one.only_for)


def _in_time(message: Message, asked: Arguments) -> bool:
    at, inclusive = Decimal(message.ts), asked.flag("inclusive")
    oldest, latest = _moment(asked, "oldest"), _moment(asked, "latest")
    after = oldest is None or oldest < at or (inclusive and oldest == at)
    return after and (latest is None or at < latest or (inclusive and latest == at))


def _moment(asked: Arguments, name: str) -> Decimal | None:
    try:
        return Decimal(asked.text(name)) if asked.text(name) else None
    except InvalidOperation as error:
        raise SlackError(f"invalid_ts_{name}") from error


def _shown(state: State, asked: Arguments, said: list[Message]) -> Json:
    """Return a page of messages; their metadata only where it is asked for."""
    page = paged(asked, "messages", said)
    objects = [message_object(state.workspace, one) for one in page["messages"]]
    if not asked.flag("include_all_metadata"):
        objects = [{key: value for key, value in one.items() if key != "metadata"} for one in objects]
    return {**page, "messages": objects, "has_more": bool(page["response_metadata"]["next_cursor"])}
