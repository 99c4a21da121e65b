"""`delete`, over a fake cluster, and what it looks like."""

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.core.errors import Conflict, Forbidden, NotFound, TooMany
from bot.core.names import PodName
from bot.core.owners import Ownership
from bot.core.pods import Owner, Pod
from bot.core.replies import Reply
from bot.core.resources import Json
from bot.render.blocks import context, section
from handlers.delete import COMMAND, Delete, Deleted, Deletion, Stage
from tests.core.samples import raw_pod
from tests.fakes import NOW, FakeClock, FakeCluster, context_of

GET, DELETE, EVICT = "get pods/web-1", "delete pods/web-1", "evict web-1"
UID = "uid-web-1"
REPLICASET = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-7d9", "controller": True}
DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "controller": True}
LEAVING: Json = {"deletionTimestamp": "2026-01-02T03:04:35Z", "deletionGracePeriodSeconds": 30}
GONE = NotFound("gone", status=404)


def asked(grace_period: int | None = None, *, evict: bool = False) -> Delete:
    """Ask for the end of web-1."""
    return Delete(PodName("web-1"), grace_period, evict)


async def planned(
    request: Delete | None = None, raw: Json | None = None, answers: Mapping[str, Any] | None = None
) -> Deletion:
    """Plan the end of web-1."""
    cluster = FakeCluster({GET: raw or raw_pod(), DELETE: None, EVICT: None, **(answers or {})})
    return await COMMAND.plan(context_of(cluster), request or asked())


async def followed(request: Delete, *later: Json | Exception) -> tuple[list[Deleted], FakeCluster, FakeClock]:
    """End web-1, which then looks like this, the last answer staying."""
    cluster = FakeCluster({GET: deque(later), DELETE: None, EVICT: None})
    clock = FakeClock()
    results = COMMAND.run(context_of(cluster, clock=clock), request, await planned(request))
    return [result async for result in results], cluster, clock


async def test_plan_pins_the_pod_and_asks() -> None:
    """The plan carries the pod's UID, always asks, and says what will be lost and that nothing comes back."""
    plan = await planned(
        raw=raw_pod(spec={"volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "c", "configMap": {}}]})
    )
    assert (plan.summary, plan.pins, plan.asks) == ("delete pod web-1", {"pod/web-1": UID}, True)
    assert plan.notes == (
        "It is Running, 1/1 ready, 4m old.",
        "Nothing will bring it back.",
        "What is in these volumes goes with it: tmp.",
    )


async def test_plan_says_which_controller_brings_a_new_one() -> None:
    """The Deployment above the pod's ReplicaSet is named."""
    plan = await planned(
        raw=raw_pod(ownerReferences=[REPLICASET]),
        answers={"get replicasets/web-7d9": {"metadata": {"ownerReferences": [DEPLOYMENT]}}},
    )
    assert plan.notes[1] == "Deployment web will bring a new one, under another name."


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        ("StatefulSet", "StatefulSet db will bring a new one, under the same name."),
        ("Job", "Job db controls it and may bring a new one."),
        ("Node", "Node db goes on running it: this only ends its entry in the API."),
    ],
)
async def test_plan_knows_the_kinds_of_controllers(kind: str, note: str) -> None:
    """What follows depends on the kind of the controller."""
    plan = await planned(raw=raw_pod(ownerReferences=[{"kind": kind, "name": "db", "controller": True}]))
    assert plan.notes[1] == note


async def test_plan_tells_what_holds_the_pod() -> None:
    """A pod that is terminating already, its finalizers, and a grace period of 0 are told."""
    plan = await planned(asked(0), raw_pod(finalizers=["example.com/a", "example.com/b"], **LEAVING))
    assert plan.notes == (
        "It is Terminating, 1/1 ready, 4m old.",
        "Nothing will bring it back.",
        "It has been terminating for 0s already.",
        "It stays until its finalizers are removed: example.com/a, example.com/b.",
        "With grace period 0 it leaves the API at once; its containers may still run for a while.",
    )


@pytest.mark.parametrize(
    ("request_", "call"),
    [(asked(5), DELETE), (asked(5, evict=True), EVICT)],
)
async def test_plan_only_has_the_server_check(request_: Delete, call: str) -> None:
    """The plan makes dry runs alone, bound to the UID."""
    cluster = FakeCluster({GET: raw_pod(), DELETE: None, EVICT: None})
    await COMMAND.plan(context_of(cluster), request_)
    assert cluster.calls == [(GET, {}), (call, {"uid": UID, "grace_period": 5, "dry_run": True})]


@pytest.mark.parametrize(
    ("request_", "answers", "error"),
    [
        (asked(), {GET: GONE, "table pods": Forbidden("no")}, NotFound),
        (asked(), {DELETE: Forbidden("no")}, Forbidden),
        (asked(evict=True), {EVICT: TooMany("it would violate the pod's disruption budget")}, TooMany),
    ],
)
async def test_plan_refuses_before_anyone_is_asked(
    request_: Delete, answers: dict[str, Any], error: type[Exception]
) -> None:
    """A missing pod, a missing right and a disruption budget end the command in its plan."""
    with pytest.raises(error):
        await planned(request_, answers=answers)


async def test_run_deletes_this_very_pod_and_follows_it() -> None:
    """The pod with the planned UID is deleted, and watched until it is gone."""
    results, cluster, clock = await followed(asked(5), raw_pod(**LEAVING), GONE)
    assert [result.stage for result in results] == [Stage.ENDING, Stage.GONE]
    assert cluster.calls[0] == (DELETE, {"uid": UID, "grace_period": 5, "dry_run": False})
    assert (clock.now() - NOW).total_seconds() == 2


async def test_run_evicts() -> None:
    """With --evict the eviction is asked for, and no deletion."""
    results, cluster, _ = await followed(asked(evict=True), GONE)
    assert results[-1].evicted
    assert [call for call, _ in cluster.calls] == [EVICT, GET]


async def test_run_takes_a_namesake_for_gone() -> None:
    """A StatefulSet's new pod of the same name means that the old one is gone."""
    results, _, _ = await followed(asked(), raw_pod(uid="another"))
    assert results[-1].stage is Stage.GONE


async def test_run_stops_following_in_time() -> None:
    """A pod that a finalizer keeps is left after 45 seconds, as it then is."""
    results, _, clock = await followed(asked(), raw_pod(finalizers=["example.com/a"], **LEAVING))
    assert (results[-1].stage, results[-1].pod.finalizers) == (Stage.LATE, ("example.com/a",))
    assert (clock.now() - NOW).total_seconds() == 45


async def test_run_yields_nothing_where_the_pod_is_another_one() -> None:
    """A pod recreated since the plan is a conflict, and nothing was done."""
    cluster = FakeCluster({DELETE: Conflict("the UID in the precondition does not match")})
    with pytest.raises(Conflict):
        await anext(aiter(COMMAND.run(context_of(cluster), asked(), await planned())))


POD = Pod.of(raw_pod())
OWNED = Ownership((Owner("apps/v1", "ReplicaSet", "web-7d9"), Owner("apps/v1", "Deployment", "web")))
HELD = Pod.of(raw_pod(finalizers=["example.com/<a>"], **LEAVING))
SLOW = Pod.of(raw_pod(**LEAVING))
NOTHING = section("Nothing will bring it back.")
NEXT = context("Next: `/pod list -n shop`")


@pytest.mark.parametrize(
    ("result", "answer", "rest"),
    [
        (Deleted(POD, Ownership()), ":hourglass_flowing_sand: *Terminating* · pod `web-1`", (NOTHING,)),
        (
            Deleted(POD, Ownership(), Stage.GONE),
            ":white_check_mark: *Gone* · pod `web-1` was deleted",
            (NOTHING, NEXT),
        ),
        (
            Deleted(POD, OWNED, Stage.GONE, evicted=True),
            ":white_check_mark: *Gone* · pod `web-1` was evicted",
            (section("Deployment web will bring a new one, under another name."), NEXT),
        ),
        (
            Deleted(SLOW, Ownership(), Stage.LATE),
            ":warning: *Still terminating* · pod `web-1`",
            (section("It was told to end and has 30s for it. Nothing will bring it back."), NEXT),
        ),
        (
            Deleted(replace(SLOW, deletion_grace=10**15), Ownership(), Stage.LATE),
            ":warning: *Still terminating* · pod `web-1`",
            (section("It was told to end and has 10000y for it. Nothing will bring it back."), NEXT),
        ),
        (
            Deleted(HELD, Ownership(), Stage.LATE),
            ":warning: *Still terminating* · pod `web-1`",
            (
                section(
                    "Its finalizers keep it until they are removed: example.com/&lt;a&gt;. Nothing will bring it back."
                ),
                NEXT,
            ),
        ),
    ],
)
def test_render(result: Deleted, answer: str, rest: tuple[Any, ...]) -> None:
    """Each stage of a pod's end is said whole: the answer, what holds it, what follows, and a next step."""
    assert COMMAND.render(result) == Reply(answer, (section(answer), *rest))
