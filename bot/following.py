"""One message for all that is edited as something goes on (`logs -f`), until it ends, is stopped, or time is over."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from bot.audit import Outcome
from bot.core.asks import Ask, MessageRef
from bot.core.commands import Context, Read
from bot.core.errors import ChatError, ClusterError, PodbotError
from bot.core.parsing import Parsed
from bot.core.redaction import redact, redact_reply
from bot.core.replies import Reply
from bot.core.signing import Ticket
from bot.parts import Bot, claimed, long_place, seal_ticket, within
from bot.render import changes
from bot.render import errors as wording
from bot.render.cutting import shorten
from bot.render.limits import crop
from config.policy import Policy

logger = logging.getLogger("podbot")

EVERY = 3.0
"""Seconds between two edits of one message, and between two looks at whether to stop."""
# Seconds for one edit of all that are followed: 30 of Slack's 50 a minute, for a change's edits must find room.
# Source: https://docs.slack.dev/reference/methods/chat.update.
_EACH = 2.0
_LINE = 300  # characters of the line that the frame shows and the buttons carry
_ROOM = 6_000  # characters of a result, beside its frame and perhaps an error
_GONE = frozenset({"message_not_found", "channel_not_found", "is_archived", "cant_update_message"})


class End(Enum):
    """Why a message follows nothing any more."""

    OVER = "It has ended."
    STOPPED = "Stopped."
    TIME = "The time is over; type it again to go on."
    REMOVED = "Removed."
    STOPPING = "podbot was restarted; type it again to go on."
    POLICY = "The policy was changed; type it again to go on."


async def followed(bot: Bot, context: Context, command: Read[Any, Any], parsed: Parsed) -> Outcome:
    """Post one message in the channel, and edit it to each result; it says who follows what, and how to stop it.

    What fails before the first result is raised: that answer is the asker's alone.
    """
    policy = bot.policy().policy  # what has just granted this
    with long_place(bot, context.ask):
        run = _Run(command.run(context, parsed.asked))
        try:
            await within(bot, context.ask, run.begin())
            nonce = secrets.token_urlsafe(12)
            frame = _frame(bot, context, parsed.line, nonce)
            follower = _Follower(bot, context.ask, command, run, frame, policy)
            run.shown = True
            first = await follower.rendered()
            message = await bot.chat.post(context.ask.channel, first, thread=context.ask.thread)
            return await follower.follow(message, _key(nonce))
        finally:
            await run.end()


async def stopped(bot: Bot, _: Ask, ticket: Ticket) -> Outcome:
    """Stop what a message follows, whichever replica edits it: that one looks for this claim."""
    await claimed(bot, _key(ticket.nonce))
    return Outcome.DONE


async def unfollowed(bot: Bot, ask: Ask, ticket: Ticket) -> Outcome:
    """Take a message back; whatever still follows for it is stopped."""
    if ask.press and ask.press.message:
        await bot.chat.remove(ask.press.message)
    if ask.received - ticket.asked < timedelta(seconds=2 * bot.limits.follow):
        try:
            await claimed(bot, _key(ticket.nonce))
        except ClusterError as error:  # the next edit finds no message, which ends it as well
            logger.warning("request %s: what a removed message follows is not stopped: %s", ask.request_id, error)
    return Outcome.DONE


def _key(nonce: str) -> str:
    return f"stop:{nonce}"


def _frame(bot: Bot, context: Context, line: str, nonce: str) -> changes.Following:
    """Return the frame; its buttons can be read and run nothing, so they carry no more of the line than it shows."""
    shown = shorten(redact(line), _LINE)
    life = bot.limits.follow
    return changes.Following(
        context.ask.user,
        shown,
        round(life / 60),
        seal_ticket(bot, context, shown, "stop", {}, life + 60, nonce),
        seal_ticket(bot, context, shown, "unfollow", {}, bot.limits.remove, nonce),
    )


class _Run:
    """A run in a task of its own, and what it has yielded last; `shown` says that the message has that already."""

    def __init__(self, results: AsyncIterator[Any]) -> None:
        self._results = results
        self._begun = asyncio.Event()
        self.newest: Any = None
        self.shown = True
        self.task = asyncio.create_task(self._read(), name="follow")

    async def begin(self) -> None:
        """Wait for the first result; raise what the run raised before it."""
        await self._begun.wait()
        if self.newest is None:
            await self.task

    async def end(self) -> None:
        """Break the run off, if it has not ended."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    @property
    def error(self) -> BaseException | None:
        """What an ended run raised."""
        return self.task.exception() if self.task.done() and not self.task.cancelled() else None

    async def _read(self) -> None:
        try:
            async for result in self._results:
                self.newest, self.shown = result, False
                self._begun.set()
        finally:
            self._begun.set()


@dataclass(frozen=True, slots=True)
class _Follower:
    """What one message follows."""

    bot: Bot
    ask: Ask
    command: Read[Any, Any]
    run: _Run
    frame: changes.Following
    policy: Policy

    async def follow(self, message: MessageRef, stop: str) -> Outcome:
        """Edit the message until there is nothing more to follow; how the run failed, it says itself."""
        try:
            end = await self._edit_until(message, stop)
        except asyncio.CancelledError:
            end = End.STOPPING
        await self.run.end()
        if end is not End.REMOVED:
            await self._edit(message, await self.rendered(end))
        return Outcome.FAILED if self.run.error else Outcome.ANSWERED

    async def _edit_until(self, message: MessageRef, stop: str) -> End:
        edited = self.bot.clock.now()
        ends = edited + timedelta(seconds=self.bot.limits.follow)
        while (end := await self._end(stop, ends)) is None:
            if self.run.shown or not self._may_edit(edited):
                continue
            self.run.shown = True  # before the edit, during which there may be more to show
            edited = self.bot.clock.now()
            if not await self._edit(message, await self.rendered()):
                return End.REMOVED
        return end

    async def _end(self, stop: str, ends: datetime) -> End | None:
        """Wait for the next edit's time; return why there is to be none, if so."""
        await self._pause()
        if self.run.task.done():
            return End.OVER
        if self.bot.places.closing:
            return End.STOPPING
        if self.bot.policy().policy != self.policy:  # it may grant this no more, which only a new command tells
            return End.POLICY
        if await self._is_stopped(stop):
            return End.STOPPED
        return End.TIME if self.bot.clock.now() >= ends else None

    async def _pause(self) -> None:
        """Wait for the next edit's time, or for the end of the run."""
        sleeping = asyncio.ensure_future(self.bot.clock.sleep(EVERY))
        try:
            await asyncio.wait((sleeping, self.run.task), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()

    def _may_edit(self, edited: datetime) -> bool:
        """Whether it is this message's turn: all that follow share Slack's rate."""
        return self.bot.clock.now() - edited >= timedelta(seconds=_EACH * self.bot.places.taken)

    async def _is_stopped(self, stop: str) -> bool:
        try:
            return await self.bot.claims.is_claimed(stop)
        except ClusterError as error:  # the time ends it in any case
            logger.warning("request %s: whether to stop is not known: %s", self.ask.request_id, error)
            return False

    async def rendered(self, end: End | None = None) -> Reply:
        """Return the message as it is now; beside the loop, for a result may be long."""
        return await asyncio.to_thread(self._rendered, end)

    def _rendered(self, end: End | None) -> Reply:
        newest = self.run.newest
        reply = Reply("") if newest is None else redact_reply(self.command.render(newest))
        blocks = crop(reply.blocks, _ROOM)  # masked before it is cut
        if end and self.run.error:
            blocks = (*blocks, *self._words(self.run.error).blocks)
        framed = changes.followed(self.frame, blocks, end.value if end else "")
        return replace(framed, blocks=crop(framed.blocks))

    def _words(self, error: BaseException) -> Reply:
        """Say what went wrong with the run."""
        if not isinstance(error, PodbotError):
            logger.error("request %s failed unexpectedly", self.ask.request_id, exc_info=error)
            return wording.unexpected(self.ask.request_id)
        whom, typed = self.bot.policy().policy.ask, wording.Typed(self.frame.line, self.command.name)
        return wording.words(error, typed, ask_whom=whom, request_id=self.ask.request_id)

    async def _edit(self, message: MessageRef, reply: Reply) -> bool:
        """Edit the message; whether it is still there. What an edit failed to show, the next one shows."""
        try:
            await self.bot.chat.update(message, reply)
        except ChatError as error:
            logger.warning("request %s: its message could not be edited: %s", self.ask.request_id, error)
            self.run.shown = False
            return error.code not in _GONE
        return True
