"""`label` and `kubectl label`: what a pod's labels are afterwards, and what is refused."""

from itertools import count
from typing import Any

import pytest

from bot.core.errors import PodbotError
from bot.core.resources import Json
from tests.differential.objects import container, of
from tests.differential.sides import Sides

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="package")]

BEFORE = {"app": "twin", "tier": "front"}
_TWINS = count(1)

EFFECTS = [
    "{} color=blue",
    "{} color=blue size=5",
    "{} example.com/color=blue",
    "{} empty=",
    "{} tier-",
    "{} tier- app-",
    "{} tier- color=blue",
    "{} tier=back --overwrite",
    "{} --overwrite tier=back color=blue",
    "{} tier=front",
    "{} absent-",
    "-l twin={} color=blue",
    "-l twin={} tier=back --overwrite",
    "-l twin={} tier-",
]
REFUSED = [
    ("{} tier=back", "already has a value", "already has a value"),
    ("{} color=blue color-", "can not both modify and remove", "both set and removed"),
    ("{} color=-x", "invalid label value", "not a label value"),
    ("{} -x=1", "unknown shorthand flag", "is not an option"),
    ("{} a/b/c=1", "a valid label key", "not a label key"),
    (f"{{}} color={'x' * 64}", "invalid label value", "not a label value"),
    (f"{{}} {'x' * 64}=1", "no more than 63", "not a label key"),
    ("{}", "at least one label update is required", "at least one label"),
    ("nope color=blue", "not found", "not found"),
]


async def _twins(sides: Sides) -> tuple[str, str]:
    """Make two pods alike, which nothing schedules: one for kubectl, one for podbot."""
    number = next(_TWINS)
    names = (f"twin-{number}-kubectl", f"twin-{number}-podbot")
    for name in names:
        await sides.world.make(of(name, container("main"), labels={**BEFORE, "twin": name}, schedulerName="none"))
    return names


async def _labels(sides: Sides, name: str) -> Json:
    pod = await sides.world.pod(name)
    assert pod is not None
    found: Any = pod["metadata"].get("labels", {})
    return {key: value for key, value in found.items() if key != "twin"}


@pytest.mark.parametrize("line", EFFECTS)
async def test_label(sides: Sides, line: str) -> None:
    """The pod has the same labels afterwards."""
    mine, podbots = await _twins(sides)
    said = await sides.kubectl("label", "pods", *sides.words(line.format(mine)))
    assert said.code == 0, said.error
    await sides.podbot.change(f"label {line.format(podbots)}")
    assert await _labels(sides, podbots) == await _labels(sides, mine)


@pytest.mark.parametrize(("line", "fact", "told"), REFUSED, ids=[case[0][:40] for case in REFUSED])
async def test_label_refused(sides: Sides, line: str, fact: str, told: str) -> None:
    """Both refuse for the same reason, and neither pod is changed."""
    mine, podbots = await _twins(sides)
    said = await sides.kubectl("label", "pods", *sides.words(line.format(mine)))
    assert said.code != 0
    assert fact in said.error
    with pytest.raises(PodbotError) as caught:
        await sides.podbot.change(f"label {line.format(podbots)}")
    assert told in str(caught.value)
    assert await _labels(sides, podbots) == await _labels(sides, mine) == BEFORE
