"""Files, and the direct message that those for one person go to: Slack has no ephemeral files."""

from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import ChatError
from bot.core.ports import Clock
from bot.core.reading import mapping, text
from bot.core.replies import File
from bot.slack.cache import Cache
from bot.slack.calls import answer

DIRECT_LIFE = timedelta(minutes=10)


class Uploads:
    """Uploads of one client."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._directs = Cache(self._open, DIRECT_LIFE, clock)

    async def upload(self, channel: str, file: File, thread: str = "") -> None:
        """Put a file into a channel or thread, as a snippet, or raise `ChatError`.

        Source: https://docs.slack.dev/messaging/working-with-files#upload.
        """
        await answer(
            self._client.files_upload_v2(
                channel=channel,
                filename=file.name,
                title=file.name,
                content=file.text or "\n",  # Slack takes no empty file
                snippet_type="text",
                thread_ts=thread or None,
                request_file_info=False,  # it would need the scope files:read
            )
        )

    async def direct(self, user: str) -> str:
        """Return the channel of the direct message with a user, opened where it is not yet, or raise `ChatError`."""
        return await self._directs.get(user)

    async def _open(self, user: str) -> str:
        """Source: https://docs.slack.dev/reference/methods/conversations.open."""
        opened = await answer(self._client.conversations_open(users=user))
        channel = text(mapping(opened.get("channel")).get("id"))
        if not channel:
            raise ChatError("conversations.open named no channel")
        return channel
