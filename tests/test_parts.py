"""Deadlines and signed tickets, as the line uses them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import create_autospec

import pytest

from bot.core.asks import Ask, Press
from bot.core.errors import Reason, Refused, TooSlow
from bot.core.ports import Chat, Claims, Clusters
from bot.parts import Bot, Limits, pair, pressed, refusal, seal_ticket, within
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
