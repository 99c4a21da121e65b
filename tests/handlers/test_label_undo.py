"""The ways back that `label` offers, over the simulated cluster."""

import pytest

from tests.demo.cluster.bench import PODS
from tests.handlers.labelling import labels, relabel, two_pods
from tests.handlers.shop import Shop


@pytest.fixture
def shop() -> Shop:
    """Return a shop with the pods web-1 and web-2, which differ in one label."""
    return two_pods()


async def test_undo_and_undo_of_undo(shop: Shop) -> None:
    """What Undo runs finds the pins that it carries, restores exactly what was, and can itself be undone."""
    before = labels(shop, "web-1")
    line = "label web-1 app=api example.com/new=1 tier- --overwrite"
    for expected in ({"app": "api", "example.com/new": "1"}, before, {"app": "api", "example.com/new": "1"}):
        (reply,) = await shop.change(line)
        (offer,) = reply.offers
        assert labels(shop, "web-1") == expected
        assert (await shop.plan(offer.line)).pins == offer.pins
        line = offer.line


async def test_undo_does_not_fit_what_was_changed_since(shop: Shop) -> None:
    """After another change of these labels, or a new pod of the name, the pins differ; other labels don't matter."""
    (offer,) = (await shop.change("label web-1 canary=1"))[-1].offers
    relabel(shop, "web-1", tier="back")
    assert (await shop.plan(offer.line)).pins == offer.pins
    relabel(shop, "web-1", canary="2")
    assert (await shop.plan(offer.line)).pins != offer.pins
    shop.ask("DELETE", f"{PODS}/web-1", {"gracePeriodSeconds": 0})
    shop.pod("web-1", metadata={"labels": {"canary": "1"}})
    assert (await shop.plan(offer.line)).pins != offer.pins


async def test_several_pods_are_undone_each_its_way(shop: Shop) -> None:
    """Pods that had different values get a button each; those that had the same share one."""
    shop.pod("web-3", metadata={"labels": {"app": "web", "tier": "back"}})
    reply = (await shop.change("label -l app=web tier=x --overwrite"))[-1]
    assert reply.text == ":label: *Labeled* · 3 pods"
    assert [(offer.label, offer.line) for offer in reply.offers] == [
        ("Undo web-1", "label web-1 tier=front --overwrite -n shop"),
        ("Undo web-2 and 1 more", "label web-2 web-3 tier=back --overwrite -n shop"),
    ]
    for offer in reply.offers:
        assert (await shop.plan(offer.line)).pins == offer.pins


async def test_too_many_ways_back_have_no_buttons(shop: Shop) -> None:
    """Where each of many pods had another value, nothing is offered."""
    for number in range(3, 6):
        shop.pod(f"web-{number}", metadata={"labels": {"app": "web", "tier": str(number)}})
    assert (await shop.change("label -l app=web tier=x --overwrite"))[-1].offers == ()
