"""One message that follows something: what ends it, who hears of it, and how often it is edited."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.audit import Outcome
from bot.core.errors import CannotPost, ChatError, Forbidden, ServerFault, TooSlow
from bot.following import EVERY, stopped, unfollowed
from bot.parts import Limits, pressed
from bot.render.limits import fit
from tests.fakes import FakeClock
from tests.following import MESSAGE, POLICY, Bench, buttons, says

TOKEN = "xoxb-1234567890-abcdefghijkl"


@pytest.fixture
def bench() -> Bench:
    """Return a bench on which something can be followed."""
    return Bench()


async def test_it_ends_with_its_run(bench: Bench) -> None:
    """Each result edits the one message, at most every three seconds, until the run ends."""
    bench.give("one")
    later = iter(["two", "three", None])
    bench.clock.then = lambda: bench.give(next(later, None))
    assert await bench.follow() is Outcome.ANSWERED
    first, *_, last = bench.chat.shown
    assert "follows `/pod logs web-1 -f`" in says(first)
    assert ("one" in says(first), "Live" in says(first)) == (True, True)
    assert ("three" in says(last), "It has ended." in says(last)) == (True, True)
    assert [one["action_id"] for one in buttons(last)] == ["podbot:remove"]
    assert len(bench.chat.shown) - 1 <= (bench.clock.now() - FakeClock().now()).total_seconds() / EVERY + 1
    assert bench.closed
    assert bench.bot.places.taken == 0


async def test_a_stop_ends_it(bench: Bench) -> None:
    """The press of Stop claims what the following replica looks for, and the run is closed."""
    bench.give("one")

    def press() -> None:
        ticket = pressed(bench.bot, bench.button("stop"))
        assert ticket is not None
        bench.claims.keys.add(f"stop:{ticket.nonce}")

    bench.clock.then = press
    assert await bench.follow() is Outcome.ANSWERED
    assert "Stopped." in says(bench.chat.shown[-1])
    assert bench.closed


async def test_the_press_claims(bench: Bench) -> None:
    """Stop and Remove make the same claim, and Remove takes the message away."""
    bench.give("one", None)
    await bench.follow()
    for press, act in (("stop", stopped), ("remove", unfollowed)):
        ask = bench.button(press)
        ticket = pressed(bench.bot, ask)
        assert ticket is not None
        assert await act(bench.bot, ask, ticket) is Outcome.DONE
        assert bench.claims.keys == {f"stop:{ticket.nonce}"}
    assert bench.chat.removed == [MESSAGE]


async def test_an_old_message_is_removed_without_a_claim(bench: Bench) -> None:
    """Long after, nothing follows any more, and Remove only removes."""
    bench.give("one", None)
    await bench.follow()
    ask = bench.button("remove")
    ticket = pressed(bench.bot, ask)
    assert ticket is not None
    await unfollowed(bench.bot, replace(ask, received=ask.received + timedelta(days=1)), ticket)
    assert (bench.chat.removed, bench.claims.keys) == ([MESSAGE], set())


async def test_time_is_over(bench: Bench) -> None:
    """After its time it ends with a word, though looking for a stop fails each time."""
    bench.claims.broken = True
    bench.give("one")
    await bench.follow()
    assert "The time is over" in says(bench.chat.shown[-1])
    assert (bench.clock.now() - FakeClock().now()).total_seconds() < 30 + 2 * EVERY
    assert len(bench.chat.shown) == 2  # nothing new, so no edit


async def test_a_removed_message_ends_it(bench: Bench) -> None:
    """Where the message is gone, the run is closed and nothing is edited any more."""
    bench.give("one")
    bench.clock.then = lambda: bench.give("more")
    bench.chat.errors = [ChatError("gone", code="message_not_found")]
    await bench.follow()
    assert len(bench.chat.shown) == 1
    assert bench.closed


async def test_a_failed_edit_is_made_up_for(bench: Bench) -> None:
    """What an edit failed to show is shown by the next, though nothing new came."""
    bench.give("one")
    more = iter(["two"])
    bench.clock.then = lambda: bench.give(*more)
    bench.chat.errors = [ChatError("slow down", code="ratelimited")]
    await bench.follow()
    assert any("two" in says(reply) and "Live" in says(reply) for reply in bench.chat.shown)


async def test_a_failing_run(bench: Bench) -> None:
    """A run that breaks off keeps its last lines, and says what went wrong and what to do."""
    bench.give("one", ServerFault("broke off"))
    assert await bench.follow() is Outcome.FAILED
    last = says(bench.chat.shown[-1])
    assert all(part in last for part in ("one", "broke off", "Try again in a minute", "#platform"))


async def test_an_unexpected_failure(bench: Bench) -> None:
    """A fault of podbot's own is told with the request's number, and nothing of its words."""
    bench.give("one", RuntimeError("inside"))
    assert await bench.follow() is Outcome.FAILED
    assert "r-1" in says(bench.chat.shown[-1])
    assert "inside" not in says(bench.chat.shown[-1])


async def test_what_fails_at_once_is_the_askers(bench: Bench) -> None:
    """What fails before there is anything to show is raised, and nothing is posted."""
    bench.give(Forbidden("no"))
    with pytest.raises(Forbidden):
        await bench.follow()
    assert not bench.chat.shown


async def test_what_does_not_begin_in_time(bench: Bench) -> None:
    """A run that shows nothing within a read's time is too slow, and is closed."""
    bench.bot = replace(bench.bot, limits=Limits(read=0.05))
    with pytest.raises(TooSlow):
        await bench.follow()
    assert not bench.chat.shown
    assert bench.closed


async def test_where_it_may_not_post(bench: Bench) -> None:
    """Where podbot is no member, the run is closed, and the asker hears why."""
    bench.give("one")
    bench.chat.refuses = CannotPost("no", code="not_in_channel")
    with pytest.raises(CannotPost):
        await bench.follow()
    assert bench.closed
    assert bench.bot.places.taken == 0


async def test_podbots_own_end(bench: Bench) -> None:
    """When podbot stops, the message says so."""
    bench.give("one")
    following = asyncio.create_task(bench.follow())

    def stop() -> None:
        following.cancel()

    bench.clock.then = stop
    assert await following is Outcome.ANSWERED
    assert "podbot was restarted" in says(bench.chat.shown[-1])


async def test_it_does_not_hold_podbots_end(bench: Bench) -> None:
    """As soon as podbot begins to stop, what is followed ends by itself."""
    bench.give("one")

    def close() -> None:
        bench.bot.places.closing = True

    bench.clock.then = close
    assert await bench.follow() is Outcome.ANSWERED
    assert "podbot was restarted" in says(bench.chat.shown[-1])
    assert (bench.clock.now() - FakeClock().now()).total_seconds() == EVERY


async def test_another_policy_ends_it(bench: Bench) -> None:
    """What is followed under a policy that holds no more ends, with a word; the same one, read again, ends nothing."""
    bench.give("one")
    policies = iter([POLICY.model_copy(), POLICY.model_copy(update={"frozen": "a move"})])

    def adopt() -> None:
        bench.policy = next(policies)

    bench.clock.then = adopt
    assert await bench.follow() is Outcome.ANSWERED
    assert "The policy was changed" in says(bench.chat.shown[-1])
    assert (bench.clock.now() - FakeClock().now()).total_seconds() == 2 * EVERY
    assert bench.closed


async def test_a_run_without_results(bench: Bench) -> None:
    """A run that ends without a word is told to have ended."""
    bench.give(None)
    await bench.follow()
    assert "It has ended." in says(bench.chat.shown[-1])


@pytest.mark.parametrize("line", [f"logs web-1 -f --grep {TOKEN}", f"logs web-1 -f --grep {'&' * 600}"])
async def test_secrets_and_sizes(bench: Bench, line: str) -> None:
    """However long line and result are, the message needs no file; a secret is in no button, and none is cut."""
    bench.give(f"{'x' * 7000} {TOKEN}{' y' * 2990}", ServerFault("z" * 2000))
    await bench.follow(line)
    for reply in bench.chat.shown:
        assert fit(reply).file is None
        assert TOKEN not in str(reply)
        assert TOKEN[-10:] not in says(reply)
    assert all(pressed(bench.bot, bench.button(name)) for name in ("stop", "remove"))
    ticket = pressed(bench.bot, bench.button("stop"))
    assert ticket is not None
    assert TOKEN not in ticket.line


async def test_many_share_slacks_rate(bench: Bench) -> None:
    """Where many are followed, each is edited less often, so that together they leave room for the edits of changes."""
    bench.bot.places.taken = 7
    bench.give("one")
    bench.clock.then = lambda: bench.give("more")
    await bench.follow()
    assert len(bench.chat.shown) - 2 <= 30 / 16
