"""Waiting through what breaks: watches that expire or end, reads that fail, and what happens meanwhile."""

from typing import Any

import pytest

from bot.core.errors import Unreachable
from bot.core.replies import Reply
from bot.demo.cluster.faults import Fault, How, refusing
from bot.render.plain import plain
from tests.demo.cluster.bench import PODS
from tests.handlers.shop import Shop
from tests.simulated import OfWatches

WATCH = "/namespaces/shop/pods$"


@pytest.fixture
def shop() -> Shop:
    """Return a fresh shop."""
    return Shop()


def patch(shop: Shop, *operations: Any, name: str = "web") -> None:
    """Change a pod."""
    headers = {"Content-Type": "application/json-patch+json"}
    assert shop.ask("PATCH", f"{PODS}/{name}", list(operations), headers=headers).status == 200


def said(reply: Reply) -> str:
    """Return an answer as plain text."""
    return plain(reply.blocks)


async def test_a_namesake_that_comes_while_nobody_looks(shop: Shop) -> None:
    """A pod that was replaced while no watch could be had is told by its UID."""
    shop.pod("web")
    await shop.wait(10)
    shop.faults.append(OfWatches(How.REFUSED, times=None))

    def again() -> None:
        shop.drop("web")
        shop.pod("web")

    shop.later(5, again)
    reply = await shop.read("wait web --for=deleted --timeout 5m")
    assert reply.text == ":white_check_mark: *Deleted* after 5s · pod `web` in `main/shop`"
    assert "Another pod has its name now, and is not meant." in said(reply)


@pytest.mark.parametrize(
    "fault",
    [
        refusing(410, "Expired", "too old resource version", times=3),
        refusing(429, "TooManyRequests", "slow down", times=3),
        Fault(How.CUT, times=3),
        Fault(How.TORN, times=3),
        Fault(How.REFUSED, times=3),
    ],
    ids=["expired", "busy", "cut", "torn", "refused"],
)
@pytest.mark.parametrize("seconds", [2, 8])
async def test_a_watch_that_breaks(shop: Shop, fault: Fault, seconds: int) -> None:
    """Whatever breaks three watches, the pod is read again, and what changed meanwhile or later is seen."""
    shop.pod("web", metadata={"labels": {"a": "b"}})
    broken = OfWatches.of(fault)
    shop.faults.append(broken)
    shop.later(seconds, lambda: patch(shop, {"op": "replace", "path": "/metadata/labels/a", "value": "c"}))
    reply = await shop.read("wait web --for=jsonpath=.metadata.labels.a=c")
    assert reply.text.startswith(f":white_check_mark: *metadata.labels.a=c* after {seconds}s")
    assert broken.times == (1 if seconds == 2 else 0)


async def test_reads_that_break_off(shop: Shop) -> None:
    """A read between two watches that fails does not end the wait."""
    shop.pod("web")
    shop.faults.append(OfWatches(How.CUT))
    shop.later(1, lambda: shop.faults.append(Fault(How.REFUSED, path=WATCH, times=2)))
    shop.later(8, lambda: shop.drop("web"))
    assert (await shop.read("wait web --for=deleted")).text.startswith(":white_check_mark: *Deleted* after 8s")
    assert [fault.times for fault in shop.faults] == [0, 0]


async def test_a_version_that_is_forgotten(shop: Shop) -> None:
    """Where the API server has forgotten the past (410), the pod is read again, and nothing is missed."""
    shop.pod("web")
    await shop.wait(10)

    def forget() -> None:
        shop.drop("web")
        shop.simulation.compact()

    shop.later(5, forget)
    reply = await shop.read("wait web --for=deleted --timeout 20s")
    assert reply.text.startswith(":white_check_mark: *Deleted* after ")


async def test_an_api_server_that_stays_away(shop: Shop) -> None:
    """Where nothing can be read any more when time is over, that is the answer."""
    shop.pod("web", readinessProbe={"exec": {"command": ["false"]}})
    shop.later(1, lambda: shop.faults.append(Fault(How.REFUSED, times=None)))
    shop.later(2, shop.simulation.compact)
    with pytest.raises(Unreachable):
        await shop.read("wait web --for=jsonpath=.status.phase=Never --timeout 5s")
