"""podbot's own record of each ask: what was asked, which objects it was about, and how it ended."""

import json
import logging

import pytest

from bot.core.resources import Json
from tests.contract.sites import pod
from tests.e2e.world import ALICE, ONCALL, World
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def _recorded(caplog: pytest.LogCaptureFixture, **wanted: str) -> Json:
    """Wait for the record of an ask: it is written once the ask has been answered."""

    async def found() -> Json | None:
        records = [json.loads(one.getMessage())["audit"] for one in caplog.records if one.name == "podbot.audit"]
        return next((one for one in records if wanted.items() <= one.items()), None)

    return await until(found, f"the record of {wanted}")


async def test_a_record_names_the_very_pod(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Reads, questions and changes are recorded with the UID of the pod, for its name may be another's later."""
    caplog.set_level(logging.INFO, "podbot.audit")
    await world.make(pod("recorded"))
    made = await world.pod("recorded")
    assert made is not None
    pins = [["pod/recorded", made["metadata"]["uid"]]]
    await world.say(ALICE, ONCALL, "describe recorded")
    assert (await _recorded(caplog, command="describe", outcome="answered"))["pins"] == pins
    question = await world.say(ALICE, ONCALL, "delete recorded --grace-period 0")
    assert (await _recorded(caplog, command="delete", outcome="asked"))["pins"] == pins
    await world.done(await world.press(ALICE, question, "confirm"))
    assert (await _recorded(caplog, command="delete", outcome="done"))["pins"] == pins


async def test_what_is_understood_and_declined_is_recorded_as_refused(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A label that has a value already is no mistake of the line's, and nothing failed."""
    caplog.set_level(logging.INFO, "podbot.audit")
    await world.make(pod("labeled-once", labels={"colour": "green"}))
    await world.say(ALICE, ONCALL, "label labeled-once colour=red")
    record = await _recorded(caplog, command="label", line="label labeled-once colour=red")
    assert (record["outcome"], record["detail"]) == ("refused", "Declined")
