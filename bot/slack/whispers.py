"""Answers to the asker alone: response_url, else an ephemeral message, else a direct message."""

import logging
from collections.abc import Awaitable, Callable

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.asks import Ask
from bot.core.errors import ChatError
from bot.core.replies import File, Reply
from bot.render.fallbacks import linked, unfiled
from bot.slack.calls import answer
from bot.slack.messages import TOO_MUCH, content, deliver
from bot.slack.response_urls import ResponseUrls
from bot.slack.uploads import Uploads

logger = logging.getLogger("podbot.slack")

Way = Callable[[Ask, Reply], Awaitable[None]]


class Whispers:
    """Sends replies, prepared already, to one person."""

    def __init__(self, client: AsyncWebClient, uploads: Uploads, urls: ResponseUrls) -> None:
        self._client = client
        self._uploads = uploads
        self._urls = urls

    async def send(self, ask: Ask, reply: Reply) -> None:
        """Send a reply, its file to the asker's direct messages; raise `ChatError` where no way works."""
        if reply.file:
            reply = await self._filed(ask, reply, reply.file)
        _, taken = await deliver(lambda one: self._tell(ask, one), reply)
        if taken.file:
            await self._filed(ask, taken, taken.file)

    async def _filed(self, ask: Ask, reply: Reply, file: File) -> Reply:
        """Deliver the file, and return the reply with a link to it; without one where that failed."""
        try:
            channel = await self._uploads.direct(ask.user)
            await self._uploads.upload(channel, file)
        except ChatError as error:
            logger.warning("request %s: its file is not delivered: %s", ask.request_id, error)
            return unfiled(reply)
        return linked(reply, _address(ask.team, channel))

    async def _tell(self, ask: Ask, reply: Reply) -> None:
        """Try each way in turn; where it is in doubt whether one arrived, twice is better than never."""
        ways: list[Way] = [self._ephemeral, self._direct]
        if ask.response_url:
            ways.insert(0, self._respond)
        for way in ways[:-1]:
            try:
                return await way(ask, reply)
            except ChatError as error:
                if error.code in TOO_MUCH:
                    raise
                logger.info("request %s is answered another way: %s", ask.request_id, error)
        return await ways[-1](ask, reply)

    async def _respond(self, ask: Ask, reply: Reply) -> None:
        place = {"response_type": "ephemeral", "replace_original": False}
        thread = {"thread_ts": ask.thread} if ask.thread else {}
        await self._urls.post(ask, {**content(reply), **place, **thread})

    async def _ephemeral(self, ask: Ask, reply: Reply) -> None:
        await answer(
            self._client.chat_postEphemeral(
                channel=ask.channel, user=ask.user, thread_ts=ask.thread or None, **content(reply)
            )
        )

    async def _direct(self, ask: Ask, reply: Reply) -> None:
        channel = await self._uploads.direct(ask.user)
        await answer(
            self._client.chat_postMessage(channel=channel, unfurl_links=False, unfurl_media=False, **content(reply))
        )


def _address(team: str, channel: str) -> str:
    """Return a link that opens a channel: https://docs.slack.dev/interactivity/deep-linking#open-a-channel."""
    return f"https://slack.com/app_redirect?channel={channel}&team={team}"
