"""How podbot itself is, asked in Slack."""

import socket
from pathlib import Path

import pytest

from bot import app
from bot.demo.cluster.faults import Fault, How
from tests.e2e.ground import WORLDS
from tests.e2e.world import ALICE, BOB, GUEST, LOBBY, SHARED, STRANGER, TEAM, World, words
from tests.real import until


@pytest.mark.asyncio(loop_scope="package")
async def test_every_member_is_told(world: World) -> None:
    """Full members are told wherever they ask, in channels without a grant too; nobody else is."""
    for user, channel in ((ALICE, TEAM), (BOB, TEAM), (ALICE, LOBBY)):
        answer = await world.say(user, channel, "status")
        said = words(answer)
        assert answer.only_for == user
        for part in ("All is well", "Kubernetes v1.", "Socket Mode, connected", socket.gethostname(), "7 templates"):
            assert part in said, part
        assert "1 of 20 run, 0 of 40 wait" in said
    assert "All is well" in words(await world.mention(ALICE, TEAM, "status"))
    for user, channel in ((GUEST, TEAM), (STRANGER, SHARED)):
        assert "Refused" in words(await world.say(user, channel, "status"))


@pytest.mark.asyncio(loop_scope="package")
async def test_nothing_secret_is_told(world: World) -> None:
    """No token, key, path or address is in the answer."""
    said = words(await world.say(ALICE, TEAM, "status"))
    for name, value in world.environment.items():
        if value and name not in ("PODBOT_DRAIN", "PODBOT_NAMESPACE"):
            assert value not in said, name
    assert "127.0.0.1" not in said
    assert "/tmp" not in said  # noqa: S108  # looked for, not used


async def test_an_api_server_that_is_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is wrong with the API server or the policy is told, and the answer still comes."""
    monkeypatch.setattr(app, "POLL_SECONDS", 0.05)
    async with WORLDS["simulated-constrained"](tmp_path) as world, world.replica(PODBOT_REVISION="abc1234"):
        assert world.transport is not None
        assert "revision abc1234" in words(await world.say(ALICE, TEAM, "status"))
        fault = Fault(How.REFUSED, times=None)
        world.transport.faults.append(fault)
        assert "the API server cannot be reached" in words(await world.say(ALICE, TEAM, "status"))
        world.transport.faults[:] = [Fault(How.SLOW, times=None)]
        assert "the API server cannot be reached" in words(await world.say(ALICE, TEAM, "status"))
        world.transport.faults[:] = [Fault(How.ANSWERED, times=None, status=401)]
        assert "does not accept podbot's own credentials" in words(await world.say(ALICE, TEAM, "status"))
        world.transport.faults[:] = [Fault(How.ANSWERED, times=None, status=500)]
        assert "answers with an error" in words(await world.say(ALICE, TEAM, "status"))
        world.transport.faults.clear()
        (tmp_path / "policy.yaml").write_text("team: [")

        async def noticed() -> str:
            said = words(await world.say(ALICE, TEAM, "status"))
            return said if "the policy file is broken" in said else ""

        answer = await until(noticed, "the broken policy noticed")
        assert "a later edit is broken and not used" in answer
        assert "policy.yaml" not in answer
