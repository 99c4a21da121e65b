"""`triage`: the cause in the first line, its proof, the next step as a button, and what may not be looked at."""

import pytest

from bot.core.resources import Json
from bot.demo.chat.messages import Message
from handlers import REGISTRY
from tests.contract.sites import pod
from tests.e2e.world import ALICE, BOB, GUEST, ONCALL, SHARED, STRANGER, TEAM, World, words
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")

_NEEDS = {(access.verb, access.resource) for access in REGISTRY["triage"].needs}


async def _crashing(world: World) -> None:
    """Make a pod that says why it fails, and wait until it has failed twice."""
    if not await world.pod("orders"):
        await world.make(pod("orders", "echo taking orders; echo Error: no stock service; exit 3"))

    async def failed() -> Json | None:
        found = await world.pod("orders")
        statuses = (found or {}).get("status", {}).get("containerStatuses") or [{}]
        return found if statuses[0].get("restartCount", 0) > 0 and "waiting" in statuses[0]["state"] else None

    await until(failed, "a pod that has failed twice")


async def test_the_cause_comes_first(world: World) -> None:
    """The first line has the pod, its word and the cause; the log's line and the status are the proofs."""
    await _crashing(world)
    answer = await world.say(ALICE, TEAM, "triage orders")
    said = words(answer)
    assert f"*{world.shop}/orders*" in answer.text
    assert "main ends with exit code 3" in answer.text
    assert answer.text.endswith("Error: no stock service")
    for part in ("Certain: Kubernetes says so", "Log of main", "status.containerStatuses[main].lastState.terminated"):
        assert part in said, part
    assert "Could not look at" not in said


async def test_the_next_step_is_a_button(world: World) -> None:
    """Its press goes the whole way again, and brings the log."""
    await _crashing(world)

    async def pressed() -> Message | None:
        answer = await world.press(ALICE, await world.say(ALICE, TEAM, "triage orders"), "do:0")
        return None if "it no longer has this run's log" in words(answer) else answer  # the next run has just ended

    answer = await until(pressed, "the log of a run that the node has kept")
    assert "taking orders" in words(answer)
    assert answer.only_for == ALICE


async def test_a_pod_that_runs_is_told_in_a_line(world: World) -> None:
    """Nothing is wrong, and nothing more is said."""
    await world.make(pod("steady-one"))
    await world.admin.running(world.shop, "steady-one")
    answer = await world.say(ALICE, TEAM, "triage steady-one")
    assert answer.text.endswith("Running, 1/1 ready: nothing is wrong")


async def test_a_namespace_names_who_needs_help(world: World) -> None:
    """The pods that fail are told with their cause, the others are counted."""
    await _crashing(world)
    body = pod("nowhere-to-run")
    body["spec"]["nodeSelector"] = {"nowhere": "at-all"}
    await world.make(body)

    async def passed_over() -> Json | None:
        found = await world.pod("nowhere-to-run")
        return found if found and found["status"].get("conditions") else None

    await until(passed_over, "the scheduler's answer")
    said = words(await world.say(ALICE, TEAM, "triage"))
    for part in ("need help", "*pod orders*: main ends with exit code 3", "no node has the labels that it asks for"):
        assert part in said, part
    assert "steady-one" not in said


async def test_what_may_not_be_read_is_told(world: World) -> None:
    """Who may read pods and their logs alone gets the cause, and which rights the rest needs."""
    await _crashing(world)
    said = words(await world.say(BOB, ONCALL, "triage orders"))
    assert "main ends with exit code 3" in said
    if world.form == "constrained":
        assert "its events: you may not list events" in said


async def test_few_calls_as_the_asker_with_declared_rights(world: World) -> None:
    """One pod takes eight calls at most, all of them as the asker, and none without a right that the verb declares."""
    await _crashing(world)
    before = len(world.audit())
    await world.say(ALICE, TEAM, "triage orders")
    made = [event for event in world.audit()[before:] if event["objectRef"]["resource"] != "leases"]
    assert 3 <= len(made) <= 8
    assert {event["impersonatedUser"]["username"] for event in made} == {"podbot:viewer"}
    assert {event["responseStatus"]["code"] for event in made} == {200}
    assert {(event["verb"], _resource(event)) for event in made} <= _NEEDS


def _resource(event: Json) -> str:
    about = event["objectRef"]
    return f"{about['resource']}/{about['subresource']}" if about.get("subresource") else str(about["resource"])


@pytest.mark.parametrize(("user", "channel"), [(GUEST, TEAM), (STRANGER, SHARED)])
async def test_outsiders_get_no_triage(world: World, user: str, channel: str) -> None:
    """A guest and a stranger are refused."""
    assert "Refused" in words(await world.say(user, channel, "triage orders"))
