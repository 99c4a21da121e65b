"""What goes wrong at the API server and at Slack: a clear reply or a fallback each time, and never a change twice."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import app
from bot.core.wire import Request
from bot.demo.cluster.faults import Fault, How, refusing
from tests.contract.sites import pod
from tests.e2e.ground import WORLDS
from tests.e2e.world import ALICE, ONCALL, TEAM, World, state_of, words

PODS = r"/pods(/\w+)?$"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Run podbot over a simulated cluster of the test's own."""
    async with WORLDS["simulated-constrained"](tmp_path) as prepared, prepared.replica():
        yield prepared


@dataclass(slots=True)
class ForReal(Fault):
    """A fault that lets dry runs pass."""

    def meets(self, request: Request) -> bool:
        """Whether this is the change itself."""
        is_dry = ("dryRun", "All") in request.query or b"dryRun" in request.body
        return not is_dry and Fault.meets(self, request)


def _status(code: int, reason: str, message: str, **more: Any) -> Fault:
    return refusing(code, reason, message, path=PODS, times=None, **more)


def _own(world: World) -> str:
    return f'User "system:serviceaccount:{world.home}:podbot" cannot impersonate resource "users"'


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(How.REFUSED, path=PODS, times=None), "cannot be reached"),
        (Fault(How.SLOW, path=PODS, times=None), "did not come in time"),
        (Fault(How.TORN, path=PODS, times=None), "broke off"),
        (Fault(How.CUT, path=PODS, times=None), "connection ended"),
        (Fault(How.ANSWERED, path=PODS, times=None, status=302, headers={"Location": "/api"}), "redirect"),
        (_status(401, "Unauthorized", "Unauthorized"), "podbot's own credentials"),
        (_status(403, "Forbidden", 'User "podbot:viewer" cannot list resource "pods"'), "Refused by Kubernetes"),
        (_status(404, "NotFound", "the server could not find it"), "Not found"),
        (_status(410, "Expired", "the continue token is too old"), "too old on the way"),
        (_status(422, "Invalid", "unable to parse requirement"), "unable to parse requirement"),
        (_status(429, "TooManyRequests", "slow down"), "busy"),
        (_status(500, "InternalError", "etcd is sad"), "etcd is sad"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_read_that_fails_says_how(world: World, fault: Fault, said: str) -> None:
    """Each failure of a read has its own words and a next step, to the asker alone."""
    assert world.transport is not None
    world.transport.faults.append(fault)
    answer = await world.say(ALICE, TEAM, "list")
    assert said in words(answer)
    assert answer.only_for == ALICE
    world.transport.faults.clear()
    assert "No pods" in words(await world.say(ALICE, TEAM, "list"))


async def test_the_bots_own_missing_right_is_not_the_persons(world: World) -> None:
    """A 403 that names podbot itself is a matter of its set-up, and said to be."""
    assert world.transport is not None
    world.transport.faults.append(_status(403, "Forbidden", _own(world)))
    assert "podbot itself lacks a right" in words(await world.say(ALICE, TEAM, "list"))


@pytest.mark.parametrize(
    ("fault", "state", "is_gone"),
    [
        (ForReal(How.REFUSED, "DELETE"), "failed", False),
        (ForReal(How.CUT, "DELETE"), "unknown", False),
        (ForReal(How.CUT, "DELETE", done=True), "unknown", True),
        (ForReal(How.SLOW, "DELETE", done=True), "unknown", True),
        (ForReal(How.ANSWERED, "DELETE", status=500, body=b"{}"), "unknown", False),
        (ForReal(How.ANSWERED, "DELETE", status=401, body=b"{}"), "failed", False),
        (ForReal(How.ANSWERED, "DELETE", status=403, body=b"{}"), "failed", False),
        (ForReal(How.ANSWERED, "DELETE", status=404, body=b"{}"), "failed", False),
        (ForReal(How.ANSWERED, "DELETE", status=409, body=b"{}"), "failed", False),
        (ForReal(How.ANSWERED, "DELETE", status=422, body=b"{}"), "failed", False),
        (ForReal(How.ANSWERED, "DELETE", status=429, body=b"{}"), "failed", False),
    ],
    ids=lambda value: f"{value.how.name}-{value.status}-{value.done}" if isinstance(value, Fault) else "",
)
async def test_a_change_that_fails_says_whether_it_happened(
    world: World, fault: Fault, state: str, *, is_gone: bool
) -> None:
    """A definite no is failed, a lost answer is unknown, and nothing is sent a second time."""
    assert world.transport is not None
    assert world.simulation is not None
    await world.make(pod("doomed"))
    await world.admin.running(world.shop, "doomed")
    question = await world.say(ALICE, ONCALL, "delete doomed")
    world.transport.faults.append(fault)
    ended = await world.done(await world.press(ALICE, question, "confirm"))
    assert state_of(ended) == state
    assert fault.times == 0
    deleted = [entry for entry in world.simulation.audit if entry.verb == "delete" and entry.name == "doomed"]
    assert len(deleted) == 2 + fault.done  # two dry runs, at the question and at the press
    now = await world.pod("doomed")
    assert (now is None or "deletionTimestamp" in now["metadata"]) == is_gone


async def test_a_lost_answer_to_create_is_unknown(world: World) -> None:
    """A pod that was made though the answer got lost is said to be possible, with how to look."""
    assert world.transport is not None
    world.transport.faults.append(ForReal(How.CUT, "POST", r"/pods$", done=True))
    ended = await world.done(await world.say(ALICE, ONCALL, "create single maybe"))
    assert state_of(ended) == "unknown"
    assert "/pod list" in words(ended)
    assert await world.pod("maybe") is not None


async def test_what_fails_after_the_change_does_not_undo_it_in_words(world: World) -> None:
    """A pod that was made stays done, whatever fails while it is followed."""
    assert world.transport is not None
    announced = await world.say(ALICE, ONCALL, "create debug followed --dry-run")
    await world.done(announced)
    world.transport.faults.append(Fault(How.ANSWERED, "GET", r"/pods/followed$", times=None, status=500, body=b"{}"))
    ended = await world.done(await world.say(ALICE, ONCALL, "create debug followed"))
    assert state_of(ended) == "done"
    assert await world.pod("followed") is not None


async def test_leases_that_cannot_be_made_stop_the_change(world: World) -> None:
    """Where once cannot be promised, a press does nothing, and says what podbot lacks."""
    assert world.transport is not None
    await world.make(pod("kept"))
    question = await world.say(ALICE, ONCALL, "delete kept")
    world.transport.faults.append(Fault(How.ANSWERED, path="/leases", times=None, status=403, body=b"{}"))
    answer = await world.press(ALICE, question, "confirm")
    assert "podbot itself lacks a right" in words(answer)
    found = await world.pod("kept")
    assert found is not None
    assert "deletionTimestamp" not in found["metadata"]


async def test_slack_that_asks_to_wait_is_waited_for(world: World) -> None:
    """A 429 delays the announcement, which is posted once."""
    world.chat.fail("chat.postMessage", error="ratelimited", status=429, retry_after=1)
    ended = await world.done(await world.say(ALICE, ONCALL, "create single patient"))
    assert state_of(ended) == "done"
    assert len([one for one in world.chat.driver.messages(ONCALL) if "patient" in words(one)]) == 1


async def test_an_announcement_that_comes_too_late_starts_nothing(tmp_path: Path) -> None:
    """A change that could not begin within its deadline is refused, and its message says so."""
    async with WORLDS["simulated-constrained"](tmp_path) as world, world.replica(PODBOT_CHANGE_DEADLINE="0.5"):
        world.chat.fail("chat.postMessage", error="ratelimited", status=429, retry_after=1)
        ended = await world.done(await world.say(ALICE, ONCALL, "create single late"))
        assert state_of(ended) == "refused"
        assert "too late" in words(ended)
        assert await world.pod("late") is None


async def test_an_announcement_whose_fate_is_unknown_starts_nothing(world: World) -> None:
    """Where the answer to the announcement gets lost, nothing is done, and the asker is told."""
    world.chat.fail("chat.postMessage", drop=True)
    answer = await world.say(ALICE, ONCALL, "create single unsaid")
    assert "Slack" in words(answer)
    assert await world.pod("unsaid") is None


async def test_a_press_that_cannot_be_announced_starts_nothing(world: World) -> None:
    """Where the question can't be edited to its start, the pod is left alone, and the asker is told."""
    await world.make(pod("kept"))
    question = await world.say(ALICE, ONCALL, "delete kept")
    world.chat.fail("chat.update", error="fatal_error")
    ended = await world.done(await world.press(ALICE, question, "confirm"))
    assert state_of(ended) == "failed"
    assert "podbot:confirm" not in str(ended.blocks)
    found = await world.pod("kept")
    assert found is not None
    assert "deletionTimestamp" not in found["metadata"]


async def test_an_expired_response_url_has_a_fallback(world: World) -> None:
    """An answer finds another way to the asker alone."""
    world.chat.fail("response_url", error="expired_url", status=404)
    answer = await world.say(ALICE, TEAM, "list")
    assert answer.only_for == ALICE
    assert "No pods" in words(answer)


async def test_a_message_that_slack_finds_too_big_comes_as_a_file(world: World) -> None:
    """What Slack refuses as too much is sent as text and a file, and the change is done once."""
    world.chat.fail("chat.update", error="msg_blocks_too_long")
    ended = await world.done(await world.say(ALICE, ONCALL, "create single big"))
    assert state_of(ended) == "done"


async def test_an_unknown_member_is_refused(world: World) -> None:
    """Where Slack does not say who somebody is, nothing is done."""
    world.chat.fail("users.info", error="internal_error", times=5)
    assert "did not say who you are" in words(await world.say(ALICE, TEAM, "list"))


async def test_a_broken_policy_is_said_and_the_last_good_one_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken edit shows in every reply, and mending it ends that, without a restart."""
    monkeypatch.setattr(app, "POLL_SECONDS", 0.01)
    async with WORLDS["simulated-constrained"](tmp_path) as world, world.replica():
        path = tmp_path / "policy.yaml"
        good = path.read_text()
        path.write_text("team: [")
        assert await _until_said(world, "policy file is broken", is_said=True)
        path.write_text(good.replace("team: T0ACME", 'team: T0ACME\nfrozen: "a release"'))
        assert await _until_said(world, "policy file is broken", is_said=False)
        answer = words(await world.say(ALICE, ONCALL, "create single frozen"))
        assert "a release" in answer
        assert await world.pod("frozen") is None


async def _until_said(world: World, said: str, *, is_said: bool) -> bool:
    """Ask again until an answer says it, or no longer does."""
    for _ in range(200):
        if (said in words(await world.say(ALICE, TEAM, "list"))) == is_said:
            return True
    return False
