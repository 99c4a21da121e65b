"""What fails ends nothing but itself."""

from dataclasses import dataclass

import pytest

from bot.core.wire import Request
from bot.demo.cluster.faults import Fault, How, refusing
from bot.watching import opening
from bot.watching.desk import Desk, Term
from bot.watching.looking import Looker
from config.policy import Policy
from tests.watching.town import POLICY, Posted, Town, town

RULE = POLICY["grants"][0]
TWO = {**POLICY, "grants": [{**RULE, "channels": ["C0TEAM", "C0OTHER"]}]}
BOOK = "/configmaps/podbot-watches$"
TOO_LONG = refusing(422, "Invalid", "data: Too long: may not be more than 1048576 bytes").body


@dataclass
class Full(Fault):
    """The ConfigMap takes no entry with these words."""

    words: str = ""

    def meets(self, request: Request) -> bool:
        return self.words in request.body.decode() and Fault.meets(self, request)


def full(here: Town, words: str) -> Full:
    """Have the only replica's changes with these words refused."""
    fault = Full(How.ANSWERED, "PATCH", BOOK, times=None, status=422, body=TOO_LONG, words=words)
    here.replicas[0].transport.faults.append(fault)
    return fault


def told(here: Town, channel: str) -> list[Posted]:
    """Return the messages about incidents in a channel."""
    return [one for one in here.channel.incidents if one.ref.channel == channel]


def warned(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged of what is tried again."""
    return [one for one in caplog.messages if "tried again and again" in one]


async def test_what_cannot_be_kept_for_one_channel_is_told_in_the_other(caplog: pytest.LogCaptureFixture) -> None:
    """A watch whose entries do not fit is logged once and tried on; the others go on, and in the end it does too."""
    async with town(TWO) as here:
        await here.turn_on()
        await here.turn_on(channel="C0OTHER")
        here.replica("a")
        fault = full(here, "C0TEAM")
        here.breaks("api-1")
        await here.until(150)
        assert told(here, "C0TEAM") == []
        (other,) = told(here, "C0OTHER")
        here.drop("api-1")
        await here.until(90)
        assert "*Recovered*" in other.says
        (line,) = warned(caplog)
        assert line.startswith("watching main/shop for C0TEAM is tried again and again: Invalid: ")
        fault.times = 0
        here.breaks("api-2")
        await here.until(90)
        (late,) = told(here, "C0TEAM")
        assert "`api-2`" in late.says


async def test_a_message_whose_id_cannot_be_kept_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """It is in the channel all the same: nothing is posted twice, it is edited to its end, and so are the others."""
    async with town(TWO) as here:
        await here.turn_on()
        await here.turn_on(channel="C0OTHER")
        here.replica("a")
        await here.until(10)
        here.breaks("api-1")
        await here.until(20)
        full(here, rf"\"ts\": \"{str(here.clock.now().timestamp())[:5]}")
        await here.until(100)
        here.drop("api-1")
        await here.until(180)
        for channel in ("C0TEAM", "C0OTHER"):
            (one,) = told(here, channel)
            assert "*Recovered*" in one.says
        assert len(here.channel.proofs) == 2
        assert warned(caplog)


async def test_an_end_that_cannot_be_kept_ends_no_other_watch(caplog: pytest.LogCaptureFixture) -> None:
    """Where the word about a lost grant does not fit, the watch looks no more, and the others go on."""
    async with town(TWO) as here:
        await here.turn_on()
        await here.turn_on(channel="C0OTHER")
        here.replica("a")
        await here.until(20)
        fault = full(here, "grants this channel its pods no longer")
        here.policy = Policy.model_validate({**POLICY, "grants": [{**RULE, "channels": ["C0OTHER"]}]})
        here.breaks("api-1")
        await here.until(90)
        assert told(here, "C0TEAM") == []
        assert len(told(here, "C0OTHER")) == 1
        assert len(warned(caplog)) == 1
        fault.times = 0
        await here.until(30)
        (ended,) = told(here, "C0TEAM")
        assert "*No longer watched*" in ended.says


async def test_a_fault_of_podbots_own_in_one_watch_ends_no_other(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody expected is logged once, with its traceback."""

    async def observe(desk: Desk, term: Term, looker: Looker) -> None:
        if looker.watch.channel == "C0TEAM":
            raise RuntimeError("odd")
        await opening.observe(desk, term, looker)

    monkeypatch.setattr("bot.watching.watcher.observe", observe)
    async with town(TWO) as here:
        await here.turn_on()
        await here.turn_on(channel="C0OTHER")
        here.replica("a")
        here.breaks("api-1")
        await here.until(90)
        assert [one.ref.channel for one in here.channel.incidents] == ["C0OTHER"]
        (record,) = (one for one in caplog.records if "failed unexpectedly" in one.message)
        assert record.exc_info


async def test_what_cannot_be_signed_anew_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Entries of an older key are gone by all the same, and that they stay so is logged once."""
    async with town() as here:
        await here.turn_on()
        here.keys = ("n" * 40, *here.keys)
        here.replica("a")
        full(here, "watch.")
        here.breaks("api-1")
        await here.until(90)
        assert len(here.channel.incidents) == 1
        assert len(warned(caplog)) == 1


async def test_an_api_server_that_is_away_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """However long nobody answers, what was tried in vain is a line each, and a line again the next time."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.breaks("api-1")
        await here.until(60)
        for times in (1, 2):
            here.fail(Fault(How.REFUSED, times=None))
            await here.until(120, every=5)
            renewals = [one for one in caplog.messages if "lease was not renewed" in one]
            turns = [one for one in caplog.messages if one.startswith("watching is tried again and again")]
            assert (len(renewals), len(turns)) == (times, times)
            here.replicas[0].transport.faults.clear()
            await here.until(60)
        assert len(here.channel.incidents) == 1


async def test_a_crowd_is_told_as_at_least_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more pods than are kept the message says that they are more."""
    monkeypatch.setattr("bot.steps.unwell.MOST_KEPT", 6)
    async with town() as here:
        here.deployed("api", "exit 3", 8)
        await here.turn_on()
        here.replica("a")
        await here.until(75)
        (one,) = here.channel.incidents
        assert "6 pods or more of Deployment `api`" in one.says
        assert "and at least 1 more" in one.says
        here.scale("api", 0)
        await here.until(120)
        assert "*Recovered*" in one.says
