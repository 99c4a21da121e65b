"""The way of a command: one straight line, from an Ask to its answer and its record. Read `handle` first."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.answering import removed, replied, shared, shown
from bot.audit import Outcome, Record
from bot.changing import Job, begun, cancelled, confirmed, expired
from bot.core.asks import Ask, Via
from bot.core.authorize import authorize, usergroups_needed
from bot.core.commands import Change, Context, Read, Scope
from bot.core.errors import ChatError, Declined, PodbotError, Reason, Refusal, Refused, UsageError
from bot.core.forms import FormWrongError
from bot.core.parsing import Parsed, parse
from bot.core.redaction import redact
from bot.core.replies import Reply
from bot.core.signing import Ticket
from bot.following import followed, stopped, unfollowed
from bot.forming import asked_by_form, chosen, filled, opened, opens_form, placed
from bot.logs import about
from bot.parts import Bot, answer, answer_error, claimed, entered, pressed, refusal
from bot.render import errors as wording

logger = logging.getLogger("podbot")

_OFFERED = frozenset({"do", "look"})
"""The kinds of buttons whose line runs as if it had been typed: the asker's own, and those of whoever presses."""


async def handle(bot: Bot, ask: Ask) -> None:
    """Take one ask the whole way. It never raises: it ends with an answer, or an edit, and always with a record."""
    about(ask.request_id)
    trail = Trail(bot, ask)
    try:
        trail.end(await _way(bot, ask, trail))
    except PodbotError as error:
        trail.failed(error)
        await answer_error(bot, trail.ask, trail.typed, error)
    except asyncio.CancelledError:
        trail.end(Outcome.FAILED, detail="stopping")
        await answer(bot, trail.ask, wording.stopping(trail.typed.line))
    except Exception:
        logger.exception("request %s failed unexpectedly", ask.request_id)
        trail.end(Outcome.FAILED, detail="unexpected")
        await answer(bot, trail.ask, wording.unexpected(ask.request_id))
    finally:
        trail.write()


async def _way(bot: Bot, ask: Ask, trail: "Trail") -> Outcome:
    """Understand, authorise, and run; a change is planned, asked or announced on its way (`bot.changing`)."""
    if await _is_not_ours(bot, ask):
        return Outcome.DROPPED
    if ask.entry:
        ask = trail.goes_on(chosen(bot, ask, ask.entry))
    ticket = pressed(bot, ask)  # a press carries its line, signed, and goes the whole way like any other
    if ticket and ask.received > ticket.expires:
        raise await expired(bot, ask, ticket)
    if ticket:
        ask = _told_at(replace(ask, document=ticket.document), ticket)
    if ticket and ticket.kind in CLOSING:
        trail.closing(ticket)
        return await CLOSING[ticket.kind](bot, ask, ticket)
    trail.parsed(parsed := parse(ticket.line if ticket else ask.words, bot.commands))
    _check_document(ask, parsed)
    if opens_form(bot, ask, ticket, parsed):  # before anything else: Slack waits three seconds for it
        ask = trail.goes_on(await opened(bot, ask))
    trail.granted(context := await _admit(bot, ask, parsed))
    if ask.view:
        return await asked_by_form(bot, context, parsed, ask.view)
    return await _ran(bot, context, parsed, ticket, trail)


async def _ran(bot: Bot, context: Context, parsed: Parsed, ticket: Ticket | None, trail: "Trail") -> Outcome:
    """Run what was understood and granted: a change with its message, or a read with its answer."""
    if ticket and ticket.kind in _OFFERED and context.scopes and context.namespace != ticket.namespace:
        raise Refused(refusal(bot, context.ask, Reason.CHANGED))
    match parsed.command:
        case Change() as change:
            policy = bot.policy().policy  # what has just granted this
            job = Job(bot, context, change, parsed.asked, parsed.line, policy, trail.end, trail.pinned)
            return await (confirmed(job, ticket) if ticket and ticket.kind == "confirm" else begun(job, ticket))
        case Read() as read if read.follows(parsed.asked):
            return await followed(bot, context, read, parsed)
        case Read() as read:
            reply = await replied(bot, context, read, parsed.asked)
            trail.pinned(reply.pins)
            if ticket and ticket.kind not in _OFFERED:
                return await shared(bot, context, reply, ticket)
            return await shown(bot, context, reply, parsed.line, ticket)
    raise TypeError(f"{parsed.command.name} is neither a read nor a change")


def _told_at(ask: Ask, ticket: Ticket) -> Ask:
    """Say where a change is told: in the shared message that it closes, or under the message that goes on by itself."""
    message = ask.press.message if ask.press else None
    if ticket.kind == "note" and message:
        return replace(ask, thread=message.ts)
    return replace(ask, message=message if ticket.kind == "resolve" else None)


def submitted(bot: Bot, ask: Ask) -> Ask | Reply | Mapping[str, str]:
    """Check a form that was sent, without I/O; return what goes the whole way, a no, or what is wrong, by field."""
    about(ask.request_id)
    trail = Trail(bot, ask)
    try:
        trail.closing(ticket := entered(bot, ask))
        return filled(bot, trail.goes_on(placed(ask, ticket)), ticket)
    except FormWrongError as wrong:
        return wrong.errors
    except PodbotError as error:
        trail.failed(error)
        trail.write()
        whom = bot.policy().policy.ask
        return wording.words(error, trail.typed, ask_whom=whom, request_id=ask.request_id)
    except Exception:
        logger.exception("request %s failed unexpectedly", ask.request_id)
        trail.end(Outcome.FAILED, detail="unexpected")
        trail.write()
        return wording.unexpected(ask.request_id)


def _check_document(ask: Ask, parsed: Parsed) -> None:
    """Raise `UsageError` for a text beside a line that has no use for one: it would be passed over in silence."""
    if ask.document and not parsed.command.takes_document:
        verb = parsed.command.name
        raise UsageError(f"{verb} takes no code block", hint="type it in one line", verb=verb)


async def turn_away(bot: Bot, ask: Ask) -> None:
    """Tell the asker that too much is running, or that podbot is stopping."""
    about(ask.request_id)
    trail = Trail(bot, ask)
    reason = Reason.STOPPING if bot.places.closing else Reason.BUSY
    trail.end(Outcome.REFUSED, detail=reason.name)
    trail.write()
    if not ask.from_bot:
        await answer_error(bot, ask, wording.Typed(ask.words), Refused(refusal(bot, ask, reason)))


async def _is_not_ours(bot: Bot, ask: Ask) -> bool:
    """Whether to stay silent: bots are never answered (two would talk for ever), and a delivery is taken once.

    Raise `Refused` for an edited message, or each correction of its spelling would do the same again.
    """
    if ask.from_bot or (ask.via is Via.MENTION and not await claimed(bot, ask.key)):
        return True
    if ask.edited:
        raise Refused(refusal(bot, ask, Reason.EDITED))
    return False


async def _admit(bot: Bot, ask: Ask, parsed: Parsed) -> Context:
    """Find out who asks and what policy grants them; raise `Refused` where it grants nothing."""
    needed = usergroups_needed(bot.policy().policy, ask.channel)
    lookups = asyncio.gather(*map(bot.chat.usergroup, needed), return_exceptions=True)
    try:
        member = await bot.chat.member(ask.user)
    except ChatError as error:
        raise Refused(refusal(bot, ask, Reason.UNKNOWN_MEMBER)) from error
    finally:
        found = dict(zip(needed, await lookups, strict=True))
    state = bot.policy()  # only now: Slack may have taken half a minute to answer
    granted = authorize(
        state.policy,
        ask,
        member,
        {usergroup: members for usergroup, members in found.items() if not isinstance(members, BaseException)},
        effect=parsed.command.effect,
        cluster=bot.cluster,
        namespace=parsed.namespace,
        everywhere=parsed.everywhere,
        scope_free=parsed.command.scope_free,
        scope_optional=parsed.command.scope_optional,
        stale=state.stale(bot.clock.now()),
        accounts=bot.accounts,
    )
    if isinstance(granted, Refusal):
        raise Refused(granted)
    return Context(
        ask=ask,
        member=member,
        scopes=tuple(Scope(grant, bot.clusters.acting_as(grant)) for grant in granted),
        clock=bot.clock,
        deadline=ask.received + timedelta(seconds=bot.limits.begin),
        commands=bot.commands,
        templates=bot.templates(),
        pod_templates=state.policy.pod_templates,
        vitals=bot.vitals,
        watches=bot.watches,
        accounts=bot.accounts,
    )


class Trail:
    """The record of one ask as it grows; written once."""

    def __init__(self, bot: Bot, ask: Ask) -> None:
        self._bot = bot
        self.ask = ask
        self._record = Record.of(ask)
        self.typed = wording.Typed(ask.words)

    def goes_on(self, ask: Ask) -> Ask:
        """Take the ask as it is known by now: where it came from, and the open form that it is answered in."""
        self.ask = ask
        self._record = replace(self._record, channel=ask.channel)
        return ask

    def parsed(self, parsed: Parsed) -> None:
        """Remember what was understood, redacted."""
        self.typed = wording.Typed(parsed.line, parsed.command.name, parsed.namespace or "")
        self._record = replace(
            self._record,
            line=redact(parsed.line),
            command=parsed.command.name,
            effect=parsed.command.effect.value,
        )

    def closing(self, ticket: Ticket) -> None:
        """Remember which question was closed, which shared answer was taken back, or which form was sent."""
        self._record = replace(self._record, line=redact(ticket.line), command=ticket.kind, cluster=ticket.cluster)

    def granted(self, context: Context) -> None:
        """Remember as whom and where."""
        self._record = self._record.granted(tuple(scope.grant for scope in context.scopes))

    def pinned(self, pins: Mapping[str, str]) -> None:
        """Remember which objects it was about: a name alone may be another pod's by now."""
        self._record = replace(self._record, pins=tuple((name, redact(pin)) for name, pin in pins.items()))

    def end(self, outcome: Outcome, detail: str = "") -> None:
        """Remember how it ended; the first end stands."""
        if not self._record.outcome:
            now = self._bot.clock.now()
            self._record = self._record.ended(outcome, self.ask.received, now, detail)

    def failed(self, error: PodbotError) -> None:
        """Remember a refusal of podbot's own, or what failed."""
        if isinstance(error, Refused):
            self.end(Outcome.REFUSED, detail=error.refusal.reason.name)
        elif isinstance(error, Declined):
            self.end(Outcome.REFUSED, detail=type(error).__name__)
        else:
            self.end(Outcome.FAILED, detail=type(error).__name__)

    def write(self) -> None:
        """Write the record."""
        self._bot.record(self._record)


CLOSING = {"cancel": cancelled, "remove": removed, "stop": stopped, "unfollow": unfollowed}
