"""Looking for a message that podbot may have posted: by its metadata, among the newest of a channel or a thread.

Sources: https://docs.slack.dev/reference/methods/conversations.history and conversations.replies.
"""

from collections.abc import AsyncIterator
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.asks import MessageRef
from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.slack.calls import answer

_PAGE, _PAGES = 200, 5
_EARLY = 60.0  # seconds that Slack's clock may be behind podbot's


async def find(
    client: AsyncWebClient, channel: str, event: Json, *, since: datetime, thread: str = ""
) -> MessageRef | None:
    """Return the message, or the reply, with this metadata, among at most 1,000; raises `ChatError`."""
    async for message in _messages(client, channel, f"{since.timestamp() - _EARLY:.6f}", thread):
        if _is(mapping(message.get("metadata")), event):
            return MessageRef(channel, text(message.get("ts")))
    return None


def _is(metadata: Json, event: Json) -> bool:
    """Whether metadata is of this type and says at least what is looked for."""
    said, wanted = mapping(metadata.get("event_payload")), mapping(event.get("event_payload"))
    return metadata.get("event_type") == event["event_type"] and wanted.items() <= said.items()


async def _messages(client: AsyncWebClient, channel: str, oldest: str, thread: str) -> AsyncIterator[Json]:
    cursor = ""
    for _ in range(_PAGES):
        asked: Json = {"channel": channel, "oldest": oldest, "limit": _PAGE, "include_all_metadata": True}
        asked |= {"cursor": cursor} if cursor else {}
        if thread:
            page = await answer(client.conversations_replies(ts=thread, **asked))
        else:
            page = await answer(client.conversations_history(**asked))
        for message in objects(page.get("messages")):
            yield message
        cursor = text(mapping(page.get("response_metadata")).get("next_cursor"))
        if not cursor:
            return
