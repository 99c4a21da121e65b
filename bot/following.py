"""One message for all that is edited as something goes on (`logs -f`), until it ends, is stopped, or time is over."""

import asyncio
import logging
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Any

from bot.audit import Outcome
from bot.core.asks import Ask, MessageRef
from bot.core.commands import Context, Read
from bot.core.errors import ChatError, ClusterError, PodbotError
from bot.core.parsing import Parsed
from bot.core.redaction import redact
from bot.core.replies import Reply
from bot.core.signing import Ticket
from bot.parts import Bot, claimed, long_place, seal_ticket
from bot.render import changes
from bot.render import errors as wording

logger = logging.getLogger("podbot")

EVERY = 3.0
"""Seconds between two edits; Slack allows 50 a minute: https://docs.slack.dev/reference/methods/chat.update."""


class End(Enum):
    """Why a message follows nothing any more."""

    OVER = "It has ended."
    STOPPED = "Stopped."
    TIME = "The time is over; type it again to go on."
    REMOVED = "Removed."
    STOPPING = "podbot was restarted; type it again to go on."


@dataclass(slots=True)
class _Newest:
    """What the run has yielded last; `seen` says that the message shows it already."""

    result: Any = None
    seen: bool = True


async def followed(bot: Bot, context: Context, command: Read[Any, Any], parsed: Parsed) -> Outcome:
    """Post one message in the channel, and edit it to each result; it says who follows what, and how to stop it."""
    with long_place(bot, context.ask):
        nonce = secrets.token_urlsafe(12)
        life = bot.limits.follow
        frame = changes.Following(
            context.ask.user,
            redact(parsed.line),
            round(life / 60),
            seal_ticket(bot, context, parsed.line, "stop", {}, life + 60, nonce),
            seal_ticket(bot, context, parsed.line, "remove", {}, bot.limits.remove),
        )
        message = await bot.chat.post(context.ask.channel, changes.followed(frame, None), thread=context.ask.thread)
        return await _Follower(bot, context, command, frame, message, _key(nonce)).follow(parsed.asked)


async def stopped(bot: Bot, _: Ask, ticket: Ticket) -> Outcome:
    """Stop what a message follows, whichever replica edits it: that one looks for this claim."""
    await claimed(bot, _key(ticket.nonce))
    return Outcome.DONE


def _key(nonce: str) -> str:
    return f"stop:{nonce}"


@dataclass(frozen=True, slots=True)
class _Follower:
    """One message that follows one run."""

    bot: Bot
    context: Context
    command: Read[Any, Any]
    frame: changes.Following
    message: MessageRef
    stop: str

    async def follow(self, asked: Any) -> Outcome:
        """Edit the message until there is nothing more to follow; how the run failed, it says itself."""
        newest = _Newest()
        reader = asyncio.create_task(self._read(asked, newest), name=f"follow for {self.context.ask.request_id}")
        try:
            end = await self._edit_until(reader, newest)
        except asyncio.CancelledError:
            end = End.STOPPING
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
        if end is not End.REMOVED:
            await self._close(reader, newest, end)
        return Outcome.ANSWERED

    async def _read(self, asked: Any, newest: _Newest) -> None:
        async for result in self.command.run(self.context, asked):
            newest.result, newest.seen = result, False

    async def _edit_until(self, reader: "asyncio.Task[None]", newest: _Newest) -> End:
        ends = self.bot.clock.now() + timedelta(seconds=self.bot.limits.follow)
        while True:
            await self._pause(reader)
            if reader.done():
                return End.OVER
            if await self._is_stopped():
                return End.STOPPED
            if self.bot.clock.now() >= ends:
                return End.TIME
            if not newest.seen and not await self._edit(self._rendered(newest)):
                return End.REMOVED

    async def _pause(self, reader: "asyncio.Task[None]") -> None:
        """Wait for the next edit's time, or for the end of the run."""
        sleeping = asyncio.ensure_future(self.bot.clock.sleep(EVERY))
        try:
            await asyncio.wait((sleeping, reader), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()

    async def _is_stopped(self) -> bool:
        try:
            return await self.bot.claims.is_claimed(self.stop)
        except ClusterError as error:  # the time ends it in any case
            logger.warning("request %s: whether to stop is not known: %s", self.context.ask.request_id, error)
            return False

    def _rendered(self, newest: _Newest, end: End | None = None) -> Reply:
        newest.seen = True
        reply = None if newest.result is None else self.command.render(newest.result)
        return changes.followed(self.frame, reply, end.value if end else "")

    async def _close(self, reader: "asyncio.Task[None]", newest: _Newest, end: End) -> None:
        final = self._rendered(newest, end)
        error = None if reader.cancelled() else reader.exception()
        if error is not None:
            buttons = final.blocks[-1:]
            final = replace(final, blocks=(*final.blocks[:-1], *self._words(error).blocks, *buttons))
        await self._edit(final)

    def _words(self, error: BaseException) -> Reply:
        """Say what went wrong with the run."""
        request_id = self.context.ask.request_id
        if not isinstance(error, PodbotError):
            logger.error("request %s failed unexpectedly", request_id, exc_info=error)
            return wording.unexpected(request_id)
        whom = self.bot.policy().policy.ask
        return wording.words(error, line=self.frame.line, ask_whom=whom, request_id=request_id)

    async def _edit(self, reply: Reply) -> bool:
        """Edit the message; whether it is still there."""
        try:
            await self.bot.chat.update(self.message, reply)
        except ChatError as error:
            logger.warning("request %s: its message could not be edited: %s", self.context.ask.request_id, error)
            return error.code != "message_not_found"
        return True
