"""`describe` and `kubectl describe pod`: the facts, whatever their order and words."""

from dataclasses import replace
from typing import Any

import pytest

from tests.differential import kubectl_page, podbot_page
from tests.differential.facts import Facts
from tests.differential.sides import Sides, same

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="package")]

PODS = ["web-1", "web-2", "api-1", "plain-1", "again-1", "done-1", "failed-1", "crashing-1", "pull-1", "config-1"]
SHOWN = 12  # events of podbot's page


@pytest.mark.parametrize("pod", [*PODS, "stuck-1", "owner"])
async def test_describe(sides: Sides, pod: str) -> None:
    """Node, addresses, labels, owner, containers with their states, ports, probes and exits, conditions and events."""
    name = await sides.pod_of_owner() if pod == "owner" else pod

    async def kubectl() -> Any:
        return _comparable(kubectl_page.facts_of((await sides.kubectl("describe", "pod", name)).text))

    async def podbot() -> Any:
        return _comparable(podbot_page.facts_of(await sides.podbot.read(f"describe {name}")))

    await same(kubectl, podbot)


def _comparable(facts: Facts) -> Facts:
    """Leave out order where neither promises one: of exits, and of events within a second."""
    boxes = {name: replace(box, exits=sorted(box.exits)) for name, box in facts.containers.items()}
    return replace(facts, containers=boxes, events=sorted(facts.events[-SHOWN:]))
