"""SIGTERM: podbot itself, as its own process, is told to stop while it works."""

import signal
from pathlib import Path

import pytest

from tests.e2e.ground import WORLDS
from tests.e2e.processes import process
from tests.e2e.world import ALICE, ENDED, LOBBY, ONCALL, TEAM, World, state_of, words

pytestmark = [pytest.mark.asyncio(loop_scope="function"), pytest.mark.cluster]


async def test_sigterm_answers_or_tells_everyone(tmp_path: Path) -> None:
    """Ten changes in flight end with their outcome told, what comes later is turned away, and the exit code is 0."""
    async with WORLDS["real-constrained"](tmp_path) as world:
        async with process({**world.environment, "PODBOT_DRAIN": "3"}) as podbot:
            await world.chat.driver.wait_for(lambda: world.chat.sockets.connections, 30)
            messages = [
                await world.say(ALICE, ONCALL, f"create single slow-{number} image=nginx:0.0.0-none")
                for number in range(10)
            ]
            podbot.send_signal(signal.SIGTERM)
            ended = [await world.done(message, 60) for message in messages]
            _, errors = await podbot.communicate()
        assert {state_of(message) for message in ended} <= ENDED
        assert all("slow-" in words(message) for message in ended)
        assert podbot.returncode == 0, errors.decode()


async def test_what_comes_while_stopping_is_turned_away(tmp_path: Path) -> None:
    """A command typed while podbot drains is told to ask again."""
    async with WORLDS["real-constrained"](tmp_path) as world:
        async with process({**world.environment, "PODBOT_DRAIN": "10"}) as podbot:
            await world.chat.driver.wait_for(lambda: world.chat.sockets.connections, 30)
            await world.say(ALICE, ONCALL, "create single slow image=nginx:0.0.0-none")
            podbot.send_signal(signal.SIGTERM)
            assert await _turned_away(world)
            _, errors = await podbot.communicate()
        assert podbot.returncode == 0, errors.decode()


async def _turned_away(world: World) -> bool:
    """Ask until the signal has been noticed; whatever was asked before it is answered as ever."""
    for _ in range(50):
        if "being stopped" in words(await world.say(ALICE, TEAM, "templates")).lower():
            return True
    return False


async def test_a_broken_setting_stops_the_start(tmp_path: Path) -> None:
    """Podbot that can't start says which setting is wrong and what to do, without a secret in it."""
    async with process({"SLACK_BOT_TOKEN": "xoxb-secret", "PODBOT_POLICY": str(tmp_path / LOBBY)}) as podbot:
        _, errors = await podbot.communicate()
    assert podbot.returncode == 1
    assert "SIGNING_KEYS" in errors.decode()
    assert "xoxb-secret" not in errors.decode()
