"""A pod's life in pictures, from a real API server and in Slack's own blocks."""

import pytest

from bot.core.resources import Json
from tests.contract.sites import pod
from tests.e2e.world import ALICE, BOB, ONCALL, TEAM, World, words
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


def _charts(message_blocks: tuple[Json, ...]) -> list[str]:
    return [str(block["title"]) for block in message_blocks if block["type"] == "data_visualization"]


async def test_a_crashing_pod(world: World) -> None:
    """Its steps and its restarts are drawn, and told in words, in the text that is read aloud as well."""
    await world.make(pod("crashing", "exit 3"))

    async def restarted() -> bool:
        found = await world.pod("crashing") or {}
        return any(one["restartCount"] for one in found["status"].get("containerStatuses") or ())

    await until(restarted, "a restart")
    answer = await world.say(ALICE, TEAM, "timeline crashing")
    assert answer.only_for == ALICE
    assert _charts(answer.blocks) == ["How long each step took", "Restarts"]
    for part in ("created", "scheduled to", "failed: Error, exit code 3", "Restarts: `main`"):
        assert part in words(answer)
    assert "Restarts: `main`" in answer.text


async def test_who_may_only_look(world: World) -> None:
    """Bob, who may not read events or metrics, gets what the pod itself tells, and what is missing."""
    await world.make(pod("looked-at"))
    await world.admin.running(world.shop, "looked-at")
    answer = words(await world.say(BOB, ONCALL, "timeline looked-at"))
    assert "`main` started" in answer
    assert ("you may not read them" in answer) == (world.form == "constrained")
