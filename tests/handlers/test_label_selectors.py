"""What `label` says of the selectors that a pod leaves or enters, over the simulated cluster and a fake one."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.core.errors import Forbidden, NotFound, TooSlow
from bot.core.resources import Json, Listing
from handlers.label import COMMAND
from tests.core.samples import raw_pod
from tests.demo.cluster.bench import PODS, pod
from tests.fakes import FakeCluster, context_of
from tests.handlers.labelling import SERVICES, asked, two_pods
from tests.handlers.shop import Shop

SETS = "/apis/apps/v1/namespaces/shop/replicasets"
PATCH = "patch pods/web-1"
STATEFUL = [{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "uid": "s1", "controller": True}]
ROLLOUT = [{"apiVersion": "argoproj.io/v1", "kind": "Rollout", "name": "web", "uid": "o1", "controller": True}]
NODE = [{"apiVersion": "v1", "kind": "Node", "name": "n1", "uid": "n1", "controller": True}]
NO_SERVICES = "Could not look at Services: the right to list services is missing."


@pytest.fixture
def shop() -> Shop:
    """Return a shop with the pods web-1 and web-2, which differ in one label."""
    return two_pods()


async def test_a_services_selector_asks(shop: Shop) -> None:
    """A Service that loses or wins a pod is named, and asked about; one that does not is not."""
    for name, selector in (("web", {"app": "web"}), ("api", {"app": "api"}), ("all", {"tier": "front"})):
        shop.create(SERVICES, {"metadata": {"name": name}, "spec": {"selector": selector, "ports": [{"port": 80}]}})
    plan = await shop.plan("label web-1 app=api --overwrite")
    assert plan.notes[:2] == (
        "Service api will begin to send traffic to web-1.",
        "Service web will send no more traffic to web-1.",
    )
    assert plan.asks
    assert not (await shop.plan("label web-1 app=web new=1")).asks


async def test_what_was_said_of_selectors_is_pinned(shop: Shop) -> None:
    """Where a selector is changed between question and press, so that more follows, the pins differ."""
    ports = [{"port": 80}]
    shop.create(SERVICES, {"metadata": {"name": "one"}, "spec": {"selector": {"app": "web"}, "ports": ports}})
    line = "label web-1 app=other tier=other --overwrite"
    asked = await shop.plan(line)
    assert asked.pins == (await shop.plan(line)).pins
    shop.create(SERVICES, {"metadata": {"name": "two"}, "spec": {"selector": {"tier": "front"}, "ports": ports}})
    again = await shop.plan(line)
    assert (asked.asks, again.asks) == (True, True)
    assert asked.pins != again.pins


async def test_a_replica_sets_selector_asks_both_ways(shop: Shop) -> None:
    """A ReplicaSet that loses a pod brings another; Undo says that it takes the first back, and one then ends."""
    template = {"metadata": {"labels": {"set": "one"}}, "spec": pod("")["spec"]}
    spec = {"replicas": 1, "selector": {"matchLabels": {"set": "one"}}, "template": template}
    shop.create(SETS, {"metadata": {"name": "one"}, "spec": spec})
    await shop.wait(5)
    (name,) = (one["metadata"]["name"] for one in shop.get(PODS, labelSelector="set=one")["items"])
    plan = await shop.plan(f"label {name} set=two --overwrite")
    assert plan.notes[0] == (
        f"ReplicaSet one will let go of {name} and bring a new pod for each; what it lets go of runs on without a "
        "controller."
    )
    assert plan.asks
    (offer,) = (await shop.change(f"label {name} set=two --overwrite"))[-1].offers
    await shop.wait(5)
    assert len(shop.get(PODS, labelSelector="set=one")["items"]) == 1
    back = await shop.plan(offer.line)
    assert back.notes[0] == (
        f"ReplicaSet one will take {name} as its own, and end a pod if it then has more than it wants."
    )
    assert back.asks
    assert {key: value for key, value in back.pins.items() if key != "selectors"} == offer.pins


@pytest.mark.parametrize(
    ("owner", "answers", "said"),
    [
        (STATEFUL, {"list services": Forbidden("no")}, (NO_SERVICES,)),
        (
            STATEFUL,
            {"get statefulsets/db": Forbidden("no")},
            ("Could not look at StatefulSet db: the right to get statefulsets is missing.",),
        ),
        (
            STATEFUL,
            {"get statefulsets/db": TooSlow("late")},
            ("Could not look at StatefulSet db: the API server did not give it.",),
        ),
        (STATEFUL, {"get statefulsets/db": NotFound("gone")}, ()),
        (ROLLOUT, {}, ("Could not look at Rollout web: podbot does not know this kind.",)),
        (NODE, {}, ()),
        (NODE, {"list services": Listing((), unread=None)}, ("Looked at the first 0 Services only.",)),
    ],
)
async def test_what_could_not_be_looked_at_is_told(
    owner: list[Json], answers: Mapping[str, Any], said: tuple[str, ...]
) -> None:
    """A missing right, an unknown kind of controller and a list too long are told, and ask nothing."""
    usual = {
        "get pods/web-1": raw_pod(ownerReferences=owner),
        PATCH: {},
        "list services": (),
        "get statefulsets/db": {"metadata": {"name": "db", "uid": "s1"}, "spec": {}},
    }
    plan = await COMMAND.plan(context_of(FakeCluster({**usual, **answers})), asked("web-1 new=1"))
    assert (plan.notes[:-1], plan.asks) == (said, False)


async def test_nothing_is_looked_at_where_there_is_nothing_to_do() -> None:
    """Where no label would change, the pod is read and that is all."""
    cluster = FakeCluster({"get pods/web-1": raw_pod(labels={"a": "b"})})
    await COMMAND.plan(context_of(cluster), asked("web-1 a=b"))
    assert [call for call, _ in cluster.calls] == ["get pods/web-1"]
