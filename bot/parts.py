"""What the line of a command is made with: the wired parts, signed tickets, deadlines and answers."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from bot.audit import Record, write
from bot.core.asks import Ask, Via, ViewRef
from bot.core.commands import NO_WATCHES, Command, Context
from bot.core.errors import (
    CannotPost,
    ChatError,
    OutcomeUnknown,
    PodbotError,
    Reason,
    Refusal,
    Refused,
    ServerFault,
    TooSlow,
    UsageError,
)
from bot.core.ports import Chat, Claims, Clock, Clusters, Watches
from bot.core.redaction import carries_secret
from bot.core.replies import Offer, Reply
from bot.core.signing import LONGEST_METADATA, LONGEST_VALUE, Ticket, seal, unseal
from bot.core.vitals import Vitals, unknown
from bot.render import changes
from bot.render import errors as wording
from config.reload import PolicyState
from config.templates import Template

logger = logging.getLogger("podbot")
Awaited = TypeVar("Awaited")

_ANYBODYS = frozenset({"resolve", "look", "note"})
"""The kinds of buttons that whoever is granted their line may press, not the asker alone: the last two have none."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds from receipt to finish a read and to begin a change; then for the change, and for each kind of button.

    `form` is how long a form may stay open, `follow` how long one message follows something, `long` how many commands
    at once may take longer than others.
    """

    read: float = 30
    begin: float = 60
    change: float = 120
    button: float = 300
    share: float = 540
    remove: float = 30 * 24 * 3600
    form: float = 1800
    follow: float = 300
    long: int = 8


@dataclass(slots=True)
class Places:
    """How many of the commands that take long are running: they must leave room for the others.

    `closing` says that podbot stops, and that what only follows something ends now.
    """

    taken: int = 0
    closing: bool = False


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything a command needs, as `bot.app` wired it."""

    cluster: str
    commands: Mapping[str, Command[Any, Any]]
    chat: Chat
    clusters: Clusters
    claims: Claims
    clock: Clock
    policy: Callable[[], PolicyState]
    templates: Callable[[], Mapping[str, Template]]
    keys: Sequence[str]
    limits: Limits = Limits()
    places: Places = field(default_factory=Places)
    vitals: Callable[[], Awaitable[Vitals]] = unknown
    watches: Watches = NO_WATCHES
    record: Callable[[Record], None] = write
    accounts: str = ""
    """The namespace of the tiers' ServiceAccounts; empty where podbot impersonates."""


def pressed(bot: Bot, ask: Ask) -> Ticket | None:
    """Return what a press carries, once its signature, asker and place hold; None where nothing was pressed."""
    if ask.press is None:
        return None
    ticket = unseal(ask.press.value, bot.keys)
    if (ticket.team, ticket.channel, ticket.cluster) != (ask.team, ask.channel, bot.cluster):
        raise Refused(refusal(bot, ask, Reason.FORGED))
    if ticket.asker != ask.user and ticket.kind not in _ANYBODYS:
        raise Refused(refusal(bot, ask, Reason.NOT_YOURS))
    return ticket


def entered(bot: Bot, ask: Ask) -> Ticket:
    """Return what a form carries, once its signature, asker, place and time hold; its channel is the ticket's own."""
    ticket = unseal(ask.entry.value if ask.entry else "", bot.keys, LONGEST_METADATA)
    if (ticket.kind, ticket.team, ticket.cluster) != ("form", ask.team, bot.cluster):
        raise Refused(refusal(bot, ask, Reason.FORGED))
    if ticket.asker != ask.user:
        raise Refused(refusal(bot, ask, Reason.NOT_YOURS))
    if ask.received > ticket.expires:
        raise Refused(refusal(bot, ask, Reason.EXPIRED))
    return ticket


@contextmanager
def long_place(bot: Bot, ask: Ask) -> Iterator[None]:
    """Take one of the few places for what takes long, or refuse."""
    if bot.places.taken >= bot.limits.long:
        raise Refused(refusal(bot, ask, Reason.BUSY))
    bot.places.taken += 1
    try:
        yield
    finally:
        bot.places.taken -= 1


def pair(bot: Bot, context: Context, line: str, pins: Mapping[str, str]) -> tuple[str, str]:
    """Seal a confirm and a cancel that share one nonce, so that only one of them can win."""
    nonce = secrets.token_urlsafe(12)
    life = bot.limits.button
    return (
        seal_ticket(bot, context, line, "confirm", pins, life, nonce),
        seal_ticket(bot, context, line, "cancel", {}, life, nonce),
    )


def seal_ticket(
    bot: Bot,
    context: Context,
    line: str,
    kind: str,
    pins: Mapping[str, str],
    life: float,
    nonce: str = "",
    *,
    namespace: str = "",
) -> str:
    """Seal what a button or a form does, for the asker, in this channel, for `life` seconds."""
    now, is_form = bot.clock.now(), kind == "form"
    ticket = Ticket(
        kind=kind,
        line=line,
        pins=pins,
        cluster=bot.cluster,
        namespace=namespace or context.namespace,
        team=context.ask.team,
        channel=context.ask.channel,
        asker=context.ask.user,
        expires=now + timedelta(seconds=life),
        nonce=nonce or secrets.token_urlsafe(12),
        asked=now,
        document=context.ask.document if kind == "confirm" else "",
        thread=context.ask.thread if is_form else "",  # a button's press says it, a form's does not
        message=context.ask.message.ts if is_form and context.ask.message else "",
    )
    return seal(ticket, bot.keys, LONGEST_METADATA if is_form else LONGEST_VALUE)


def offered(bot: Bot, context: Context, reply: Reply, share: str = "") -> Reply:
    """Turn the offers of an answer into signed buttons, and add *Share* where the line `share` is given.

    Lines that carry a secret, or are too long to be signed, get none: a button's value can be read.
    """
    if not context.scopes:
        return changes.pressable(reply, [])
    wanted = [(offer, f"do:{index}", "do") for index, offer in enumerate(reply.offers)]
    if share:
        wanted.append((Offer("Share", share, reply.pins), "share", "share"))
    buttons = []
    for offer, action, kind in wanted:
        if carries_secret(offer.line):
            continue
        with suppress(UsageError):
            value = seal_ticket(bot, context, offer.line, kind, offer.pins, bot.limits.share, namespace=offer.namespace)
            buttons.append(changes.Pressable(offer.label, action, value))
    return changes.pressable(reply, buttons)


async def claimed(bot: Bot, key: str) -> bool:
    """Claim what must happen once; whatever becomes of the claim, nothing else has been done yet."""
    try:
        return await bot.claims.claim(key)
    except OutcomeUnknown as error:
        raise ServerFault("podbot could not make sure that this is done once, so it did nothing") from error


async def within(bot: Bot, ask: Ask, work: Awaitable[Awaited], seconds: float | None = None) -> Awaited:
    """Give a read what is left of its deadline, which counts from receipt; `seconds` where it has one of its own."""
    allowed = bot.limits.read if seconds is None else seconds
    left = allowed - (bot.clock.now() - ask.received).total_seconds()
    try:
        async with asyncio.timeout(max(left, 0.0)):
            return await work
    except TimeoutError as error:
        raise TooSlow(f"no answer within {allowed:.0f} seconds") from error


async def whisper(bot: Bot, ask: Ask, reply: Reply) -> None:
    """Tell the asker alone, whichever way the ask came."""
    try:
        await bot.chat.whisper(ask, reply)
    except ChatError as error:
        logger.warning("request %s could not be answered: %s", ask.request_id, error)


async def answer(bot: Bot, ask: Ask, reply: Reply) -> None:
    """Answer where the audience is: in an open form, a mention in its thread for all, else to the asker alone."""
    reply = wording.with_problem(reply, bot.policy().problem)
    try:
        if ask.view and await _is_shown(bot, ask.view, reply):
            return
        if ask.via is not Via.MENTION or not await _is_posted(bot, ask, reply):
            await bot.chat.whisper(ask, reply)
    except ChatError as error:
        logger.warning("request %s could not be answered: %s", ask.request_id, error)


async def _is_posted(bot: Bot, ask: Ask, reply: Reply) -> bool:
    try:
        await bot.chat.post(ask.channel, reply, thread=ask.thread)
    except CannotPost:
        return False
    return True


async def _is_shown(bot: Bot, view: ViewRef, reply: Reply) -> bool:
    try:
        await bot.chat.update_form(view, reply)
    except ChatError as error:
        logger.info("a form could not show an answer: %s", error)  # closed by its asker, most likely
        return False
    return True


async def answer_error(bot: Bot, ask: Ask, typed: wording.Typed, error: PodbotError) -> None:
    """Answer with an error's words, and give back a text that was written into a form."""
    words = wording.words(error, typed, ask_whom=bot.policy().policy.ask, request_id=ask.request_id)
    was_in_form = ask.via is Via.FORM and ask.document  # which has closed
    await answer(bot, ask, wording.with_document(words, ask.document) if was_in_form else words)


def refusal(bot: Bot, ask: Ask, reason: Reason) -> Refusal:
    """Return a refusal of this asker here, with whom to ask."""
    return Refusal(reason, whom=ask.user, where=ask.channel, ask=bot.policy().policy.ask)
