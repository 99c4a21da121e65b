"""Keeping up with the pods that are not well."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.core.errors import Expired, Forbidden, ServerFault
from bot.core.resources import Change, Json, Listing
from bot.steps.unwell import MOST_KEPT, Unwell
from tests.driven import DrivenClock
from tests.fakes import FakeCluster

LIST, WATCH = "list pods", "watch pods"


def pod(name: str, version: str = "1", *, ready: bool = False) -> Json:
    """Return a pod that runs, and is ready or not."""
    return {
        "metadata": {"name": name, "uid": f"u-{name}", "resourceVersion": version},
        "status": {
            "phase": "Running",
            "conditions": [{"type": "Ready", "status": str(ready)}],
            "containerStatuses": [{"name": "main", "ready": ready, "state": {"running": {}}}],
        },
        "spec": {"containers": [{"name": "main"}]},
    }


@asynccontextmanager
async def keeping_up(*watches: Any, lists: Any = None) -> AsyncIterator[tuple[Unwell, FakeCluster, DrivenClock]]:
    """Run it over prepared answers."""
    listed = lists or [Listing((pod("ill"), pod("well", ready=True)), version="10")]
    cluster = FakeCluster({LIST: deque(listed), WATCH: deque([*watches, []])})
    clock = DrivenClock()
    view = Unwell(cluster, "app=web", clock)
    task = asyncio.create_task(view.run())
    try:
        yield view, cluster, clock
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_of_a_list_only_what_is_not_well_is_kept() -> None:
    """Pods that run well are let go of at once."""
    async with keeping_up() as (view, cluster, clock):
        assert not view.is_whole
        await clock.advance(0.5)
        assert (set(view.pods), view.is_whole) == ({"u-ill"}, True)
        assert cluster.calls[0][1]["selector"] == "app=web"


async def test_changes_are_taken_in() -> None:
    """What gets ill comes, what gets well or is deleted goes, and the next watch begins where the last one ended."""
    changes = [
        Change("ADDED", pod("new", "11")),
        Change("MODIFIED", pod("ill", "12", ready=True)),
        Change("MODIFIED", pod("well", "13")),
        Change("DELETED", pod("new", "14")),
    ]
    async with keeping_up(changes) as (view, cluster, clock):
        await clock.advance(1.5)
        assert set(view.pods) == {"u-well"}
        versions = [options["version"] for call, options in cluster.calls if call == WATCH]
        assert versions[:2] == ["10", "14"]
        assert [call for call, _ in cluster.calls].count(LIST) == 1


async def test_a_version_that_is_too_old_is_listed_again() -> None:
    """410 is no trouble: what is known stays whole until the next list."""
    lists = [Listing((pod("ill"),), version="10"), Listing((pod("other"),), version="20")]
    async with keeping_up(Expired("too old"), lists=lists) as (view, cluster, clock):
        await clock.advance(0.5)
        assert view.is_whole
        await clock.advance(1)
        assert set(view.pods) == {"u-other"}
        assert [options["version"] for call, options in cluster.calls if call == WATCH][:2] == ["10", "20"]


async def test_what_fails_is_tried_ever_more_slowly() -> None:
    """Nothing may be concluded meanwhile, and the first time of the trouble is known; then all is well again."""
    lists = [*[Forbidden("no")] * 4, Listing((pod("ill"),), version="10")]
    async with keeping_up(lists=lists) as (view, cluster, clock):
        began = clock.now()
        await clock.advance(14)
        assert [call for call, _ in cluster.calls] == [LIST] * 4
        assert (view.is_whole, type(view.error), view.since) == (False, Forbidden, began)
        await clock.advance(1.5)
        assert (view.is_whole, view.error, view.since) == (True, None, None)


async def test_a_watch_that_breaks_leaves_nothing_to_conclude() -> None:
    """Until the list has been read again it is not known what is so."""
    lists = [Listing((pod("ill"),), version="10"), ServerFault("down"), Listing((), version="20")]
    async with keeping_up(ServerFault("broke off"), lists=lists) as (view, _, clock):
        await clock.advance(0.5)
        assert (view.is_whole, set(view.pods)) == (False, {"u-ill"})
        await clock.advance(5)
        assert (view.is_whole, view.pods) == (True, {})


def crowd(many: int, first: int = 0) -> tuple[Json, ...]:
    """Return so many pods that are not well."""
    return tuple(pod(f"p-{number}") for number in range(first, first + many))


@pytest.mark.parametrize(("listed", "is_cut"), [(MOST_KEPT - 1, False), (MOST_KEPT, True), (MOST_KEPT + 5, True)])
async def test_a_crowd_is_bounded(listed: int, *, is_cut: bool) -> None:
    """Of a namespace where everything is ill so many are kept and no more, and it is known that some were left out."""
    lists = [Listing(crowd(listed), version="10")]
    async with keeping_up([Change("ADDED", pod("more", "11"))], lists=lists) as (view, _, clock):
        await clock.advance(0.5)
        assert (len(view.pods), view.is_cut) == (MOST_KEPT, is_cut)


async def test_what_was_left_out_is_listed_when_there_is_room() -> None:
    """A pod that is well again makes room for one that was left out."""
    lists = [Listing(crowd(MOST_KEPT + 1), version="10"), Listing(crowd(MOST_KEPT, first=1), version="20")]
    async with keeping_up([Change("MODIFIED", pod("p-0", "11", ready=True))], lists=lists) as (view, _, clock):
        await clock.advance(1.5)
        assert (len(view.pods), view.is_cut) == (MOST_KEPT, False)
        assert f"u-p-{MOST_KEPT}" in view.pods


async def test_what_is_known_stays_known_in_a_crowd() -> None:
    """A pod that is still ill is not left out of the next list for others, which would look as if it were well."""
    more = (*(pod(f"a-{number}") for number in range(MOST_KEPT)), pod("ill"))
    lists = [Listing((pod("ill"),), version="10"), Listing(more, version="20")]
    async with keeping_up(Expired("too old"), lists=lists) as (view, _, clock):
        await clock.advance(1.5)
        assert "u-ill" in view.pods
        assert (len(view.pods), view.is_cut) == (MOST_KEPT, True)


async def test_lists_wait_for_each_other() -> None:
    """Where others list their pods just now, this waits."""
    lists = asyncio.Semaphore(1)
    await lists.acquire()
    cluster = FakeCluster({LIST: Listing((pod("ill"),), version="10"), WATCH: []})
    clock = DrivenClock()
    view = Unwell(cluster, "", clock, lists)
    task = asyncio.create_task(view.run())
    await clock.advance(0.5)
    assert cluster.calls == []
    lists.release()
    await clock.advance(0.5)
    assert set(view.pods) == {"u-ill"}
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
