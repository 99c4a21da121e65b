"""Telling: each message is posted once, edited as it goes, and forgotten when there is no more to tell.

A message is in the book before it is posted. So whoever finds one there without Slack's id of it, after a replica was
killed or an answer was lost, looks for it in the channel before posting it.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace

from bot.core.asks import MessageRef
from bot.core.book import told as rewritten
from bot.core.errors import CannotPost, ChatError
from bot.core.incidents import is_over
from bot.core.resources import Json
from bot.core.tellings import NO_DETAIL, Telling, metadata
from bot.core.watches import Watch
from bot.render import incidents as render
from bot.watching.buttons import buttons
from bot.watching.desk import Desk, Message, Term
from bot.watching.looking import Looker

logger = logging.getLogger("podbot")

_EDITS = 1  # in a turn: a fifth of Slack's 50 a minute, for others edit too
_GONE = frozenset({"message_not_found", "channel_not_found", "is_archived", "cant_update_message"})
_UNSCOPED = frozenset({"missing_scope", "not_in_channel"})


async def keep(desk: Desk, message: Message) -> None:
    """Write a message into the book in place of what was kept; `Overtaken` where something else is there."""
    before, after = message.kept, message.now
    await desk.records.change(lambda texts: rewritten(texts, before, after, desk.bot.keys))
    message.kept = after


async def forget(desk: Desk, term: Term, message: Message) -> None:
    """Take a message out of the book."""
    before = message.kept
    await desk.records.change(lambda texts: rewritten(texts, before, None, desk.bot.keys))
    term.messages.pop(message.now.key, None)


async def post_all(desk: Desk, term: Term, watched: frozenset[str]) -> list[Watch]:
    """Post what is to be posted; return the watches in whose channel podbot may not post any more."""
    lost = []
    for message in term.awake:
        if message.now.ts or not message.is_due(desk.now):
            continue
        with term.faults.alone(message.now.key, message.now.watch):
            if not await _could_post(desk, term, message, watched):
                lost.append(message.now.watch)
                await forget(desk, term, message)
    return lost


async def prove_all(desk: Desk, term: Term, lookers: Mapping[str, Looker]) -> None:
    """Put the proofs into the threads that have none yet."""
    for message in term.awake:
        looker = lookers.get(message.now.watch.key)
        if message.now.ts and not message.now.detail and looker and term.left(desk.now) > 0:
            with term.faults.alone(message.now.key, message.now.watch):
                await _prove(desk, term, message, looker)


async def edit_some(desk: Desk, term: Term, watched: frozenset[str]) -> None:
    """Bring up to date what the channel sees, what ended or came again first, and forget what is over."""
    left = _EDITS
    for message in sorted(term.awake, key=_only_got_worse):
        if not message.now.ts:
            continue
        is_left = message.now.watch.key not in watched and not message.now.ended
        may_edit = left and not message.is_closed and message.is_due(desk.now) and term.left(desk.now) > 0
        with term.faults.alone(message.now.key, message.now.watch):
            if may_edit and (message.is_stale or is_left):
                left -= 1
                await _edit(desk, message, is_left=is_left)
            if _is_finished(desk, message):
                await forget(desk, term, message)


def _only_got_worse(message: Message) -> bool:
    before = message.shown or message.kept
    return before is None or [one.is_open for one in before.incidents] == [one.is_open for one in message.now.incidents]


def _is_finished(desk: Desk, message: Message) -> bool:
    if message.now.ended or message.is_closed:
        return True
    return not message.is_stale and is_over(message.now.incidents, desk.now, desk.patience)


async def _could_post(desk: Desk, term: Term, message: Message, watched: frozenset[str]) -> bool:
    """Post a message, or let it be where nobody watches any more; return whether podbot may still post there."""
    watch = message.now.watch
    if message.is_new and watch.key not in watched and not message.now.ended:
        await forget(desk, term, message)  # it was turned off before anything was told
        return True
    try:
        await _post(desk, term, message)
    except CannotPost as error:
        logger.warning("%s may not be told in %s any more, so that watch ends: %s", watch.place, watch.channel, error)
        return False
    except (ChatError, TimeoutError) as error:
        logger.warning("what was seen in %s could not be told in %s: %s", watch.place, watch.channel, error)
        message.rest(desk.now, desk.pace.again if getattr(error, "code", "") else 0)
    return True


async def _post(desk: Desk, term: Term, message: Message) -> None:
    telling, doubt = message.now, False
    if not message.is_new:
        if (desk.now - term.since).total_seconds() < desk.pace.settle:
            return  # whoever decided on it may be posting it
        found, doubt = await _found(desk, telling, telling.metadata)
        if found:
            message.now = replace(telling, ts=found.ts)
            await keep(desk, message)
            return
    if (left := term.left(desk.now)) <= 0:
        return
    message.is_new = False  # from here on nobody knows whether it is there
    async with asyncio.timeout(left):
        reply = render.told(telling, tuple(buttons(desk.bot, telling)), doubt=doubt)
        posted = await desk.bot.chat.post(telling.watch.channel, reply, metadata=telling.metadata)
    message.is_bare = True
    message.now = message.shown = replace(telling, ts=posted.ts)
    await keep(desk, message)


async def _prove(desk: Desk, term: Term, message: Message, looker: Looker) -> None:
    try:
        detail = await _proven(desk, term, message, looker)
    except (ChatError, TimeoutError) as error:
        logger.warning("the proofs for %s could not be told: %s", message.now.watch.place, error)
        detail = NO_DETAIL  # they may be there all the same, and twice would be worse than never
    if detail:
        message.now = replace(message.now, detail=detail)
        await keep(desk, message)


async def _proven(desk: Desk, term: Term, message: Message, looker: Looker) -> str:
    """Return the reply that holds the proofs, posted now unless it is there."""
    telling = message.now
    event = metadata(f"{telling.key}.proof")
    if not message.is_bare:
        found, doubt = await _found(desk, telling, event, thread=telling.ts)
        if found or doubt:
            return found.ts if found else NO_DETAIL
    seen = message.seen or await looker.look_again(telling.incidents[0])
    if seen is None:
        return NO_DETAIL if not telling.incidents[0].is_open else ""
    message.is_bare, message.seen = False, None
    async with asyncio.timeout(term.left(desk.now)):
        reply = render.proven(seen.snapshot, seen.verdict, looker.grant.identity.user)
        posted = await desk.bot.chat.post(telling.watch.channel, reply, thread=telling.ts, metadata=event)
    return posted.ts


async def _found(desk: Desk, telling: Telling, event: Json, thread: str = "") -> tuple[MessageRef | None, bool]:
    """Look for a message that may be there; the second says that podbot may not look."""
    try:
        return await desk.bot.chat.find(telling.watch.channel, event, since=telling.at, thread=thread), False
    except ChatError as error:
        if error.code not in _UNSCOPED:
            raise
    return None, True


async def _edit(desk: Desk, message: Message, *, is_left: bool) -> None:
    telling = message.now
    message.rest(desk.now, desk.pace.edit)
    try:
        reply = render.told(telling, tuple(buttons(desk.bot, telling)), unwatched=is_left)
        await desk.bot.chat.update(MessageRef(telling.watch.channel, telling.ts), reply)
    except ChatError as error:
        if error.code not in _GONE:
            logger.warning("the message about %s could not be edited: %s", telling.watch.place, error)
            return
    message.shown, message.is_closed = telling, is_left
    await keep(desk, message)
