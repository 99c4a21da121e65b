"""Tokens of the tiers' ServiceAccounts: when they are asked for, renewed and replaced."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.errors import NotSetUp, Unreachable
from bot.kube.tokens import Issued, Tokens
from tests.fakes import FakeClock
from tests.kube.issuing import OPERATOR, VIEWER, Issuer, Told


def _tokens(issuer: Issuer, clock: FakeClock, told: Told | None = None) -> Tokens:
    return Tokens(issuer.issue, clock, (told or Told()).tell)


def _later(clock: FakeClock, seconds: float) -> None:
    clock.time += timedelta(seconds=seconds)


async def test_one_request_at_a_time() -> None:
    """However many need a token at once, it is asked for once; each account has its own."""
    issuer = Issuer()
    tokens = _tokens(issuer, FakeClock())
    assert set(await asyncio.gather(*(tokens.of(VIEWER) for _ in range(20)))) == {"t1"}
    assert await tokens.of(OPERATOR) == "t2"
    assert issuer.asked == [VIEWER, OPERATOR]
    assert issuer.most == 1


async def test_a_token_is_renewed_in_time() -> None:
    """At half of the life that the API server gave, which may be less than was asked for."""
    issuer, clock = Issuer(seconds=700), FakeClock()
    tokens = _tokens(issuer, clock)
    assert await tokens.of(VIEWER) == "t1"
    _later(clock, 349)
    assert await tokens.of(VIEWER) == "t1"
    _later(clock, 1)
    assert await tokens.of(VIEWER) == "t2"


async def test_the_old_token_bridges_a_gap() -> None:
    """Where renewing fails for a while the old token is used to its end, and the API server is not asked each time."""
    issuer, clock = Issuer(), FakeClock()
    tokens = _tokens(issuer, clock)
    await tokens.of(VIEWER)
    issuer.fails = [Unreachable("gone"), Unreachable("gone")]
    _later(clock, 301)
    assert [await tokens.of(VIEWER), await tokens.of(VIEWER)] == ["t1", "t1"]
    assert len(issuer.asked) == 2
    _later(clock, 300)
    with pytest.raises(Unreachable):
        await tokens.of(VIEWER)
    assert await tokens.of(VIEWER) == "t4"


async def test_a_right_that_was_taken_away_counts_at_once() -> None:
    """A refusal of the renewal is no gap: the old token is not used any more."""
    issuer, clock = Issuer(), FakeClock()
    tokens = _tokens(issuer, clock)
    await tokens.of(VIEWER)
    issuer.fails = [NotSetUp("no")]
    _later(clock, 301)
    with pytest.raises(NotSetUp):
        await tokens.of(VIEWER)


async def test_a_token_that_is_not_accepted_is_replaced_once() -> None:
    """Of many who hold the same rejected token only the first asks for another."""
    issuer = Issuer()
    tokens = _tokens(issuer, FakeClock())
    old = await tokens.of(VIEWER)
    assert set(await asyncio.gather(*(tokens.of(VIEWER, instead_of=old) for _ in range(5)))) == {"t2"}
    assert len(issuer.asked) == 2


async def test_no_log_may_hold_a_token() -> None:
    """The newest token and the one before are registered, so that the list does not grow; no repr shows one."""
    issuer, clock, told = Issuer(), FakeClock(), Told()
    tokens = _tokens(issuer, clock, told)
    for _ in range(3):
        await tokens.of(VIEWER)
        _later(clock, 301)
    assert told.secrets == {VIEWER.user: ["t3", "t2"]}
    assert "t1" not in repr(Issued("t1", 600))
