"""The port `Chat` over Slack's Web API."""

import logging
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.asks import Ask, Member, MessageRef, ViewRef
from bot.core.errors import ChatError
from bot.core.forms import Sheet
from bot.core.ports import Clock
from bot.core.reading import mapping, text
from bot.core.replies import Reply
from bot.core.resources import Json
from bot.render.fallbacks import unfiled
from bot.slack.calls import answer
from bot.slack.history import find
from bot.slack.messages import content, deliver, prepare
from bot.slack.meter import UNMETERED, Meter
from bot.slack.people import People
from bot.slack.response_urls import ResponseUrls
from bot.slack.uploads import Uploads
from bot.slack.views import Views
from bot.slack.whispers import Whispers

logger = logging.getLogger("podbot.slack")

_GONE = "message_not_found"


class SlackChat:
    """Implements `bot.core.ports.Chat`; a file that Slack does not take is told of, and fails no message."""

    def __init__(self, client: AsyncWebClient, clock: Clock, meter: Meter = UNMETERED) -> None:
        self._client = client
        self._people = People(client, clock)
        self._uploads = Uploads(client, clock)
        self._views = Views(client)
        self._whispers = Whispers(client, self._uploads, ResponseUrls(client, clock, meter))

    async def member(self, user: str) -> Member:
        """Look a user up."""
        return await self._people.member(user)

    async def usergroup(self, usergroup: str) -> frozenset[str]:
        """Return the ids of a usergroup's members."""
        return await self._people.usergroup(usergroup)

    async def whisper(self, ask: Ask, reply: Reply) -> None:
        """Answer the asker alone; raise `ChatError` where no way works."""
        await self._whispers.send(ask, await prepare(reply))

    async def post(self, channel: str, reply: Reply, *, thread: str = "", metadata: Json | None = None) -> MessageRef:
        """Post for all; raise `CannotPost` where podbot may not, `ChatError` where it is unknown whether it arrived."""

        async def send(one: Reply) -> Json:
            return await answer(
                self._client.chat_postMessage(
                    channel=channel,
                    thread_ts=thread or None,
                    metadata=metadata,
                    unfurl_links=False,
                    unfurl_media=False,
                    **content(one),
                )
            )

        reply = await prepare(reply)
        posted, taken = await deliver(send, reply)
        message = MessageRef(text(posted.get("channel")) or channel, text(posted.get("ts")))
        await self._attach(message, thread or message.ts, reply, taken)
        return message

    async def update(self, message: MessageRef, reply: Reply, *, metadata: Json | None = None) -> None:
        """Replace a message; without `metadata` it keeps what it has."""

        async def send(one: Reply) -> Json:
            return await answer(
                self._client.chat_update(channel=message.channel, ts=message.ts, metadata=metadata, **content(one))
            )

        reply = await prepare(reply)
        changed, taken = await deliver(send, reply)
        thread = text(mapping(changed.get("message")).get("thread_ts")) or message.ts
        await self._attach(message, thread, reply, taken)

    async def find(self, channel: str, event: Json, *, since: datetime, thread: str = "") -> MessageRef | None:
        """Look for a message of podbot's by its metadata."""
        return await find(self._client, channel, event, since=since, thread=thread)

    async def remove(self, message: MessageRef) -> None:
        """Delete a message; one that is gone already is no error."""
        try:
            await answer(self._client.chat_delete(channel=message.channel, ts=message.ts))
        except ChatError as error:
            if error.code != _GONE:
                raise

    async def open_form(self, trigger_id: str) -> ViewRef:
        """Open a form that says that it is being made; raise `FormTooLate` where the trigger is too old."""
        return await self._views.open(trigger_id)

    async def update_form(self, view: ViewRef, content: Sheet | Reply) -> None:
        """Make an open form this one, or put an answer in its place."""
        await self._views.update(view, content)

    async def _attach(self, message: MessageRef, thread: str, asked: Reply, taken: Reply) -> None:
        """Put the files of a message into its thread: its own, and the one made where Slack found it too much."""
        for file in dict.fromkeys(filter(None, (asked.file, taken.file))):
            try:
                await self._uploads.upload(message.channel, file, thread)
            except ChatError as error:
                logger.warning("the file of a message is not delivered: %s", error)
                await self._tell_of_missing(message, taken)

    async def _tell_of_missing(self, message: MessageRef, reply: Reply) -> None:
        try:
            said = content(unfiled(reply))
            await answer(self._client.chat_update(channel=message.channel, ts=message.ts, **said))
        except ChatError as error:
            logger.warning("a message does not say that its file is missing: %s", error)
