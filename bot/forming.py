"""Forms: opened while Slack lets podbot, filled in by the asker alone, and sent the whole way of a line."""

from dataclasses import replace

from bot.audit import Outcome
from bot.core.asks import Ask, Entry, MessageRef, Via, ViewRef
from bot.core.commands import Context
from bot.core.errors import ChatError, Reason, Refused, UsageError
from bot.core.forms import Form, FormMaker, Sheet, carried
from bot.core.parsing import Parsed, parse
from bot.core.signing import Ticket
from bot.parts import Bot, entered, refusal, seal_ticket

_CLOSED = "not_found"
_OPENING = frozenset({"do", "resolve", "note"})


def opens_form(bot: Bot, ask: Ask, ticket: Ticket | None, parsed: Parsed) -> bool:
    """Whether the line says too little, and came in a way that Slack lets podbot open a form for."""
    form = parsed.command.form
    if form is None or not ask.trigger_id or ask.via not in (Via.SLASH, Via.BUTTON) or ask.document:
        return False
    return (ticket is None or ticket.kind in _OPENING) and form.wanted(parsed.asked, bot.templates())


async def opened(bot: Bot, ask: Ask) -> Ask:
    """Open a form that says that it is being made; whatever is to say to this ask from now on, is said there."""
    return replace(ask, view=await bot.chat.open_form(ask.trigger_id))


async def asked_by_form(bot: Bot, context: Context, parsed: Parsed, view: ViewRef) -> Outcome:
    """Show the form that asks for the rest, signed; after a choice, with what was typed before it."""
    form, nonce = _maker(bot, context.ask, parsed).form(parsed.asked, context.templates), ""
    if context.ask.entry:
        ticket = entered(bot, context.ask)
        form, nonce = _with_typed(bot, context, form, ticket, context.ask.entry), ticket.nonce
    line = _within(form.line, context.namespace)
    value = seal_ticket(bot, context, line, "form", form.pins, bot.limits.form, nonce)
    try:
        await bot.chat.update_form(view, Sheet(form, bot.cluster, context.namespace, value))
    except ChatError as error:
        if error.code != _CLOSED:
            raise
        return Outcome.DROPPED  # its asker has closed it
    return Outcome.ASKED


def chosen(bot: Bot, ask: Ask, entry: Entry) -> Ask:
    """Return what a choice in a form asks for: the line with it, in the place where the form was asked for."""
    ticket = entered(bot, ask)
    parsed = parse(ticket.line, bot.commands)
    line = _maker(bot, ask, parsed).chosen(parsed.asked, entry.values)
    return placed(replace(ask, words=_within(line, ticket.namespace)), ticket)


def placed(ask: Ask, ticket: Ticket) -> Ask:
    """Return an ask in the place where its form was asked for, and about its message; Slack names none of them."""
    message = MessageRef(ticket.channel, ticket.message) if ticket.message else None
    return replace(ask, channel=ticket.channel, thread=ticket.thread, message=message)


def filled(bot: Bot, ask: Ask, ticket: Ticket) -> Ask:
    """Return what a sent form asks for, as if its line had been typed. Pure.

    Raises `FormWrongError` for what is wrong with its fields, and `Refused` or `UsageError` where it can't be sent.
    """
    parsed, templates = parse(ticket.line, bot.commands), bot.templates()
    maker = _maker(bot, ask, parsed)
    if dict(maker.form(parsed.asked, templates).pins) != dict(ticket.pins):
        raise Refused(refusal(bot, ask, Reason.CHANGED))
    sent = maker.filled(parsed.asked, ask.entry.values if ask.entry else {}, templates)
    # A form acts once, however often it is delivered, and closes when it is sent.
    words, key = _within(sent.line, ticket.namespace), f"form:{ticket.nonce}"
    return replace(ask, words=words, document=sent.document, key=key, view=None, entry=None)


def _maker(bot: Bot, ask: Ask, parsed: Parsed) -> "FormMaker[object]":
    if parsed.command.form is None:
        raise Refused(refusal(bot, ask, Reason.FORGED))
    return parsed.command.form


def _with_typed(bot: Bot, context: Context, form: Form, ticket: Ticket, entry: Entry) -> Form:
    before = parse(ticket.line, bot.commands)
    try:
        was = _maker(bot, context.ask, before).form(before.asked, context.templates)
    except UsageError:  # its template is gone
        return form
    return carried(form, was, entry.values)


def _within(line: str, namespace: str) -> str:
    """Name the namespace in the line, so that it stays the one that the form has said."""
    return f"{line} -n {namespace}"
