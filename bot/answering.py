"""Answers to reads: to the asker alone or in a mention's thread, shared with the channel, and taken back."""

import asyncio
from contextlib import nullcontext, suppress
from dataclasses import replace
from typing import Any

from bot.audit import Outcome
from bot.core.asks import Ask, Via
from bot.core.commands import Context, Read
from bot.core.errors import Reason, Refused, UsageError
from bot.core.redaction import carries_secret, redact_reply
from bot.core.replies import Reply
from bot.core.signing import Ticket
from bot.parts import Bot, answer, claimed, long_place, offered, refusal, seal_ticket, within
from bot.render import changes
from bot.render.limits import crop, fit


async def replied(bot: Bot, context: Context, command: Read[Any, Any], asked: Any) -> Reply:
    """Run a read within its time; one that takes longer than others needs one of the few places for that.

    What took so long is answered only under the policy that granted it.
    """
    patience, policy = command.patience(asked), bot.policy().policy
    with nullcontext() if patience is None else long_place(bot, context.ask):
        reply = await within(bot, context.ask, _last(context, command, asked), patience)
    if patience is not None and bot.policy().policy != policy:
        raise Refused(refusal(bot, context.ask, Reason.POLICY))
    return reply


async def _last(context: Context, command: Read[Any, Any], asked: Any) -> Reply:
    """Render the last result, beside the loop: a log of 900 kB takes 0.1 s, in which nothing would be acknowledged."""
    last = None
    async for result in command.run(context, asked):
        last = result
    return Reply("") if last is None else await asyncio.to_thread(command.render, last)


async def shown(bot: Bot, context: Context, reply: Reply, line: str, offer: Ticket | None = None) -> Outcome:
    """Answer a read: in the mention's thread for all, else to the asker alone, who may share it.

    One that a button offered is answered only where its pins still hold.
    """
    if offer and offer.pins and dict(reply.pins) != dict(offer.pins):
        raise Refused(refusal(bot, context.ask, Reason.CHANGED))
    can_share = context.ask.via is not Via.MENTION and context.scopes
    await answer(bot, context.ask, offered(bot, context, reply, line if can_share else ""))
    return Outcome.ANSWERED


async def shared(bot: Bot, context: Context, reply: Reply, ticket: Ticket) -> Outcome:
    """Post what was read again for all to see, if it is still about the same pod; without its file.

    Slack keeps a file when its message is deleted, and *Remove* must take back all that was shared.
    """
    if ticket.kind != "share":
        raise Refused(refusal(bot, context.ask, Reason.FORGED))
    if dict(reply.pins) != dict(ticket.pins) or context.namespace != ticket.namespace:
        raise Refused(refusal(bot, context.ask, Reason.CHANGED))
    if not await claimed(bot, f"share:{ticket.nonce}"):
        raise Refused(refusal(bot, context.ask, Reason.ALREADY))
    remove = seal_ticket(bot, context, ticket.line, "remove", {}, bot.limits.remove)
    resolve = _resolve(bot, context, reply.resolve)
    fitted = changes.fileless(await asyncio.to_thread(lambda: fit(redact_reply(reply))))
    framed = changes.shared(fitted, context.ask.user, ticket.line, ticket.asked, bot.clock.now(), remove, resolve)
    framed = replace(framed, blocks=crop(framed.blocks))  # the frame may take room, and must bring no file again
    await bot.chat.post(context.ask.channel, framed, thread=context.ask.thread)
    return Outcome.ANSWERED


def _resolve(bot: Bot, context: Context, line: str) -> str:
    """Return the value of the button that closes what was found, empty where there is none to close or to be signed."""
    if not line or carries_secret(line):
        return ""
    with suppress(UsageError):
        return seal_ticket(bot, context, line, "resolve", {}, bot.limits.remove)
    return ""


async def removed(bot: Bot, ask: Ask, _: Ticket) -> Outcome:
    """Take back what the asker shared."""
    if ask.press and ask.press.message:
        await bot.chat.remove(ask.press.message)
    return Outcome.DONE
