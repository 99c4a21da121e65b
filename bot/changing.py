"""The life of a change: planned, asked or announced, done, and its one message edited to the outcome."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.audit import Outcome
from bot.core.asks import Ask, MessageRef
from bot.core.commands import Change, Context, Plan
from bot.core.errors import ChatError, OutcomeUnknown, PodbotError, Reason, Refused
from bot.core.redaction import carries_secret, redact
from bot.core.replies import Reply
from bot.core.resources import Json
from bot.core.signing import Ticket
from bot.parts import Bot, answer, claimed, offered, pair, refusal, whisper, within
from bot.render import changes
from bot.render import errors as wording
from config.policy import Policy

logger = logging.getLogger("podbot")

_CLAIMS_HOLD = timedelta(minutes=30)  # beyond a button's five minutes; claims are swept after forty


@dataclass(frozen=True, slots=True)
class Job:
    """One change that somebody asked for: the command, what is asked of it, the line that says so, what granted it."""

    bot: Bot
    context: Context
    command: Change[Any, Any, Any]
    asked: Any
    line: str
    policy: Policy
    record: Callable[[Outcome], None]
    pinned: Callable[[Mapping[str, str]], None]

    async def plan(self) -> Plan:
        """Read what the change will touch, within the deadline of a read, and record it."""
        plan: Plan = await within(self.bot, self.context.ask, self.command.plan(self.context, self.asked))
        self.pinned(plan.pins)
        return plan

    def heading(self, plan: Plan) -> changes.Heading:
        """Return what every state of the change's message says."""
        line = redact(self.line)
        return changes.Heading(self.context.ask.user, self.bot.cluster, self.context.namespace, line, plan)

    def refused(self, reason: Reason) -> Refused:
        """Return podbot's own no to this change."""
        return Refused(refusal(self.bot, self.context.ask, reason))

    def metadata(self, state: str) -> Json:
        """Return the record that stays with the message: https://docs.slack.dev/messaging/message-metadata/."""
        payload = {
            "state": state,
            "request": self.context.ask.request_id,
            "cluster": self.bot.cluster,
            "namespace": self.context.namespace,
            "user": self.context.ask.user,
            "identity": self.context.grant.identity.user,
            "line": redact(self.line),
        }
        return _event(payload)


def _event(payload: Json) -> Json:
    return {"event_type": "podbot_change", "event_payload": payload}


async def begun(job: Job, offer: Ticket | None = None) -> Outcome:
    """Plan a change; then ask for a button where it is dangerous, else announce it and do it.

    One that a button offered begins once, and only where its pins still hold.
    """
    plan = await job.plan()
    if offer and offer.kind != "do":
        raise job.refused(Reason.FORGED)
    if offer and any(plan.pins.get(key) != value for key, value in offer.pins.items()):
        raise job.refused(Reason.CHANGED)
    if offer and not await claimed(job.bot, f"press:{offer.nonce}"):
        raise job.refused(Reason.ALREADY)
    if not offer and job.context.ask.trigger_id and not await claimed(job.bot, job.context.ask.key):
        return Outcome.DROPPED  # delivered again
    if job.command.dangerous or plan.asks:
        return await _question(job, plan)
    return await _carry_out(job, plan, await _announced(job, plan))


async def _announced(job: Job, plan: Plan) -> MessageRef:
    """Announce a change, in the message that it closes or in a new one; where that can't be, nothing is done."""
    ask, chat, announced = job.context.ask, job.bot.chat, changes.announced(job.heading(plan))
    if ask.message is None:
        return await chat.post(ask.channel, announced, thread=ask.thread, metadata=job.metadata("started"))
    if not await claimed(job.bot, f"message:{ask.message.channel}:{ask.message.ts}"):
        raise job.refused(Reason.ALREADY)
    await chat.update(ask.message, announced, metadata=job.metadata("started"))
    return ask.message


async def confirmed(job: Job, ticket: Ticket) -> Outcome:
    """Plan again at the press: the same pins, once across replicas, and the message edited before anything is done."""
    message = job.context.ask.press.message if job.context.ask.press else None
    if ticket.kind != "confirm" or message is None:
        raise job.refused(Reason.FORGED)
    plan = await job.plan()
    heading = job.heading(plan)
    if not await claimed(job.bot, f"press:{ticket.nonce}"):
        raise job.refused(Reason.ALREADY)
    if dict(plan.pins) != dict(ticket.pins) or job.context.namespace != ticket.namespace:
        await job.bot.chat.update(
            message, changes.ended(heading, "refused", wording.changed()), metadata=job.metadata("refused")
        )
        raise job.refused(Reason.CHANGED)
    await _start(job, heading, message)
    return await _carry_out(job, plan, message)


async def cancelled(bot: Bot, ask: Ask, ticket: Ticket) -> Outcome:
    """Close a question; a cancel and a confirm exclude each other."""
    if not await claimed(bot, f"press:{ticket.nonce}"):
        raise Refused(refusal(bot, ask, Reason.ALREADY))
    await _close(bot, ask, ticket, "cancelled")
    return Outcome.CANCELLED


async def expired(bot: Bot, ask: Ask, ticket: Ticket) -> Refused:
    """Close a question that was pressed too late, unless it was answered in time; return the no to the press."""
    is_fresh = ask.received - ticket.expires < _CLAIMS_HOLD
    if ticket.kind in {"confirm", "cancel"} and is_fresh and await claimed(bot, f"press:{ticket.nonce}"):
        await _close(bot, ask, ticket, "expired")
    return Refused(refusal(bot, ask, Reason.EXPIRED))


async def _start(job: Job, heading: changes.Heading, message: MessageRef) -> None:
    """Edit a question to its start; where that fails, nothing is done, and the message says so if it can."""
    try:
        await job.bot.chat.update(message, changes.announced(heading), metadata=job.metadata("started"))
    except (ChatError, asyncio.CancelledError):
        await _edit(job, message, changes.ended(heading, "failed"), metadata=job.metadata("failed"))
        raise


async def _close(bot: Bot, ask: Ask, ticket: Ticket, state: str) -> None:
    """Take the buttons off a question."""
    if ask.press is None or ask.press.message is None:
        raise Refused(refusal(bot, ask, Reason.FORGED))
    line = redact(ticket.line)
    closed = changes.closed(ask.user, line, ticket.cluster, ticket.namespace, state)
    where = {"cluster": ticket.cluster, "namespace": ticket.namespace}
    payload = {"state": state, "request": ask.request_id, **where, "user": ask.user, "line": line}
    await bot.chat.update(ask.press.message, closed, metadata=_event(payload))


async def _question(job: Job, plan: Plan) -> Outcome:
    """Ask by button, in the channel; a button's value can be read, so what carries a secret gets none."""
    line = plan.line or job.line
    bot, ask = job.bot, job.context.ask
    if carries_secret(line) or carries_secret(ask.document):
        raise job.refused(Reason.SECRET)
    confirm, cancel = pair(bot, job.context, line, plan.pins)
    question = changes.question(job.heading(plan), confirm, cancel, bot.limits.button)
    await bot.chat.post(ask.channel, question, thread=ask.thread, metadata=job.metadata("asked"))
    return Outcome.ASKED


async def _carry_out(job: Job, plan: Plan, message: MessageRef) -> Outcome:
    """Do the change, and edit its message to each result and to its outcome.

    The first result that a verb yields means that the API server accepted the change: what goes wrong later is told as
    such, and never as if nothing had happened.
    """
    heading = job.heading(plan)
    reply: Reply | None = None
    outcome = Outcome.DONE
    try:
        _check_begin(job)
        async with asyncio.timeout(job.bot.limits.change):
            async for result in job.command.run(job.context, job.asked, plan):
                reply = reply or Reply("")  # it was accepted, whatever becomes of telling it
                reply = await asyncio.to_thread(job.command.render, result)  # a pod may say much that is to be masked
                await _edit(job, message, changes.going(heading, reply))
    except (PodbotError, TimeoutError, asyncio.CancelledError) as error:
        outcome, reply = _broken_off(job, error, reply)
    except Exception:
        logger.exception("request %s failed unexpectedly", job.context.ask.request_id)
        outcome = Outcome.DONE if reply else Outcome.UNKNOWN
        reply = _joined(reply, wording.unexpected(job.context.ask.request_id))
    job.record(outcome)  # whatever becomes of its message
    reply = reply and offered(job.bot, job.context, reply)
    await _tell(job, message, changes.ended(heading, outcome.value, reply), outcome)
    if reply and reply.whisper:
        await whisper(job.bot, job.context.ask, reply.whisper)
    return outcome


async def _tell(job: Job, message: MessageRef, final: Reply, outcome: Outcome) -> None:
    """Edit the message to its outcome; where that fails or is broken off, tell the asker alone."""
    try:
        is_told = await _edit(job, message, final, metadata=job.metadata(outcome.value))
    except asyncio.CancelledError:
        is_told = False
    if not is_told:
        await answer(job.bot, job.context.ask, final)


def _check_begin(job: Job) -> None:
    """Raise `Refused` where it is too late to begin, or the policy is no longer the one that granted it."""
    if job.bot.clock.now() >= job.context.deadline:
        raise job.refused(Reason.LATE)
    if job.bot.policy().policy != job.policy:
        raise job.refused(Reason.POLICY)


def _broken_off(job: Job, error: BaseException, reply: Reply | None) -> tuple[Outcome, Reply]:
    """Tell how a change ended that raised: refused, failed, or unknown where it may have happened."""
    if not isinstance(error, PodbotError):
        error = OutcomeUnknown("podbot stopped waiting for the API server")
    ask_whom, request_id = job.bot.policy().policy.ask, job.context.ask.request_id
    typed = wording.Typed(redact(job.line), job.command.name, job.context.namespace)
    words = wording.words(error, typed, ask_whom=ask_whom, request_id=request_id)
    if reply:
        return Outcome.DONE, _joined(reply, words)
    if isinstance(error, Refused):
        return Outcome.REFUSED, words
    return (Outcome.UNKNOWN if isinstance(error, OutcomeUnknown) else Outcome.FAILED), words


def _joined(first: Reply | None, second: Reply) -> Reply:
    return replace(first, blocks=(*first.blocks, *second.blocks)) if first else second


async def _edit(job: Job, message: MessageRef, reply: Reply, metadata: Json | None = None) -> bool:
    """Edit a change's message; the change goes on where that fails, and the caller is told."""
    try:
        await job.bot.chat.update(message, reply, metadata=metadata)
    except ChatError as error:
        logger.warning("request %s: its message could not be edited: %s", job.context.ask.request_id, error)
        return False
    return True
