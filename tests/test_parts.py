"""Deadlines and signed tickets, as the line uses them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from unittest.mock import create_autospec
from uuid import UUID

import pytest

from bot.core.asks import Ask, Press
from bot.core.errors import Reason, Refused, TooSlow
from bot.core.ports import Chat, Claims, Clusters
from bot.core.replies import Offer, Reply
from bot.core.signing import Ticket
from bot.parts import Bot, Limits, offered, pair, pressed, refusal, seal_ticket, within
from bot.render.blocks import section
from config.policy import Policy
from config.reload import PolicyState
from tests.fakes import FakeClock, FakeCluster, ask_of, context_of

POLICY = Policy.model_validate({"team": "T0ACME", "ask": "#platform", "tiers": {"viewer": {"may": ["READ"]}}})


@pytest.fixture
def bot() -> Bot:
    """Return as much of a bot as tickets and deadlines need; nothing here speaks or asks a cluster."""
    return Bot(
        cluster="main",
        commands={},
        chat=create_autospec(Chat),
        clusters=create_autospec(Clusters),
        claims=create_autospec(Claims),
        clock=FakeClock(),
        policy=lambda: PolicyState(POLICY),
        templates=dict,
        keys=("k" * 40,),
        limits=Limits(read=30, button=300),
    )


async def test_what_takes_too_long_is_too_slow(bot: Bot) -> None:
    """A read whose deadline is over since its receipt is broken off."""
    ask = replace(ask_of("list"), received=bot.clock.now() - timedelta(seconds=31))
    with pytest.raises(TooSlow):
        await within(bot, ask, asyncio.sleep(60))


def _press(bot: Bot, **changed: Any) -> Ask:
    """Return a press of a button that was made for the asker."""
    context = context_of(FakeCluster())
    value = seal_ticket(bot, context, "delete web-1", "confirm", {"pod/web-1": "u1"}, 300)
    return replace(context.ask, press=Press(value), **changed)


def test_a_press_carries_its_line(bot: Bot) -> None:
    """The asker's press in its place gives back what was signed."""
    ticket = pressed(bot, _press(bot))
    assert ticket is not None
    assert (ticket.kind, ticket.line, ticket.pins) == ("confirm", "delete web-1", {"pod/web-1": "u1"})


def test_no_press_no_ticket(bot: Bot) -> None:
    """An ask that was typed carries no ticket."""
    assert pressed(bot, ask_of("list")) is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"user": "U0OTHER"}, Reason.NOT_YOURS),
        ({"channel": "C0OTHER"}, Reason.FORGED),
        ({"team": "T0OTHER"}, Reason.FORGED),
    ],
)
def test_a_press_elsewhere_is_refused(bot: Bot, changed: dict[str, Any], reason: Reason) -> None:
    """A value holds for its asker, its channel and its workspace only."""
    with pytest.raises(Refused) as caught:
        pressed(bot, _press(bot, **changed))
    assert caught.value.refusal.reason is reason


def test_a_press_of_another_clusters_podbot_is_refused(bot: Bot) -> None:
    """A value signed for another cluster, with the same keys, does nothing here."""
    with pytest.raises(Refused) as caught:
        pressed(replace(bot, cluster="other"), _press(bot))
    assert caught.value.refusal.reason is Reason.FORGED


def test_a_pair_shares_its_nonce(bot: Bot) -> None:
    """Confirm and cancel of one question exclude each other by one nonce."""
    context = context_of(FakeCluster())
    tickets = [pressed(bot, replace(context.ask, press=Press(value))) for value in pair(bot, context, "delete x", {})]
    assert {ticket.kind for ticket in tickets if ticket} == {"confirm", "cancel"}
    assert len({ticket.nonce for ticket in tickets if ticket}) == 1


def test_a_refusal_says_whom_to_ask(bot: Bot) -> None:
    """The policy's word for questions stands in every refusal."""
    assert refusal(bot, ask_of("list"), Reason.LATE).ask == "#platform"


def _buttons(bot: Bot, reply: Reply) -> list[tuple[str, str, Ticket]]:
    """Return each button's label and action, and what its press would carry."""
    ask = context_of(FakeCluster()).ask
    row = reply.blocks[-1]["elements"] if reply.blocks[-1]["type"] == "actions" else ()
    found = [(one, pressed(bot, replace(ask, press=Press(one["value"])))) for one in row]
    return [(one["text"]["text"], one["action_id"], ticket) for one, ticket in found if ticket]


def _offering(*offers: Offer) -> Reply:
    return Reply("Done", (section("Done"),), pins={"pod/web-1": "u1"}, offers=offers)


UNDO = Offer("Undo", "label web-1 a- --overwrite -n shop", {"pod/web-1": "u1 a=b"})


def test_offers_become_signed_buttons(bot: Bot) -> None:
    """Each offer is a button with a number of its own that runs its line under its pins; Share comes last."""
    reply = offered(bot, context_of(FakeCluster()), _offering(UNDO, Offer("More", "list")), share="list -n shop")
    found = _buttons(bot, reply)
    assert [(label, action, ticket.kind, ticket.line, dict(ticket.pins)) for label, action, ticket in found] == [
        ("Undo", "podbot:do:0", "do", UNDO.line, dict(UNDO.pins)),
        ("More", "podbot:do:1", "do", "list", {}),
        ("Share", "podbot:share", "share", "list -n shop", {"pod/web-1": "u1"}),
    ]
    assert len({ticket.nonce for _, _, ticket in found}) == 3
    assert {ticket.expires - ticket.asked for _, _, ticket in found} == {timedelta(minutes=9)}
    assert (reply.offers, reply.blocks[0]) == ((), section("Done"))


@pytest.mark.parametrize(
    "line",
    [
        "label web-1 token=xoxb-1234567890-abcdefghijkl",
        f"label {' '.join(sha256(bytes([n])).hexdigest() for n in range(200))}",
    ],
)
def test_a_line_that_is_secret_or_too_long_has_no_button(bot: Bot, line: str) -> None:
    """What can't be signed, or must not be read, is not offered; the others are."""
    reply = offered(bot, context_of(FakeCluster()), _offering(Offer("Redo", line), UNDO))
    assert [(label, action) for label, action, _ in _buttons(bot, reply)] == [("Undo", "podbot:do:1")]


def test_without_a_namespace_nothing_is_offered(bot: Bot) -> None:
    """A command that touches no namespace gets no buttons, and its offers go."""
    assert offered(bot, context_of(), _offering(UNDO), share="help") == replace(_offering(UNDO), offers=())


def test_twenty_pods_fit_on_a_button(bot: Bot) -> None:
    """A question and an Undo of as many pods as may be labeled at once, with names as Deployments give, fit."""
    names = [f"checkout-service-{sha256(str(n).encode()).hexdigest()[:10]}-x7k2p" for n in range(20)]
    uids = [str(UUID(bytes=sha256(name.encode()).digest()[:16])) for name in names]
    pins = {f"pod/{name}": f"{uid} 0123456789ab" for name, uid in zip(names, uids, strict=True)}
    line = f"label {' '.join(names)} app=checkout-service tier=front --overwrite -n shop"
    reply = offered(bot, context_of(FakeCluster()), _offering(Offer("Undo", line, pins)))
    assert [(label, dict(ticket.pins)) for label, _, ticket in _buttons(bot, reply)] == [("Undo", pins)]
