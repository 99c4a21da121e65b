"""The recorded exchanges: the real cluster's answers are the simulated one's too, and still the real one's."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.app import SystemClock
from bot.core.ports import Clock
from bot.core.resources import Json
from tests.contract import records
from tests.contract.exchanges import THEMES
from tests.contract.exchanges.exchange import Story
from tests.contract.playing import play
from tests.contract.sites import Site, real_site, simulated_site
from tests.fakes import FakeClock

_STORIES = [
    pytest.param(theme, story, id=f"{theme}: {story.name}") for theme, stories in THEMES.items() for story in stories
]


def _differences(recorded: list[Json], played: list[Json]) -> Iterator[str]:
    """Tell each exchange whose answer is another than the recorded one."""
    asked = [[(one["what"], one["asked"]) for one in answers] for answers in (recorded, played)]
    assert asked[0] == asked[1], "the exchanges have changed: python -m tests.contract.record"
    for wanted, given in zip(recorded, played, strict=True):
        if wanted != given:
            yield f"{wanted['what']}\n--- recorded\n{json.dumps(wanted)}\n--- now\n{json.dumps(given)}"


async def _check(theme: str, story: Story, site: Site, clock: Clock) -> None:
    played: list[Any] = [answer async for answer in play(story, site, clock)]
    differences = [*_differences(records.read(theme)[story.name], json.loads(json.dumps(played)))]
    assert not differences, f"{len(differences)} answers differ:\n" + "\n\n".join(differences)


def test_every_record_has_its_story() -> None:
    """What is recorded is asked, and every exchange of a story shows something of its own."""
    assert {path.stem for path in records.FOLDER.iterdir()} == THEMES.keys()
    for theme, stories in THEMES.items():
        assert [*records.read(theme)] == [story.name for story in stories]
        for story in stories:
            assert len({one.what for one in story.exchanges}) == len(story.exchanges), story.name


@pytest.mark.parametrize(("theme", "story"), _STORIES)
async def test_the_simulated_cluster_answers_as_recorded(theme: str, story: Story) -> None:
    """The simulated cluster answers as the real one did when it was recorded."""
    clock = FakeClock()
    async with simulated_site("constrained", clock) as site:
        await _check(theme, story, site, clock)


@pytest.mark.cluster
@pytest.mark.parametrize(("theme", "story"), _STORIES)
async def test_the_real_cluster_still_answers_as_recorded(theme: str, story: Story) -> None:
    """The real cluster still answers as it did when it was recorded."""
    async with real_site("constrained") as site:
        await _check(theme, story, site, SystemClock())
