"""Reading what happened to a pod."""

import pytest

from bot.core.errors import Forbidden, NotSetUp
from bot.core.pods import Pod
from bot.steps.events import events_of
from tests.core.samples import event
from tests.fakes import FakeCluster

POD = Pod("web-1", uid="u-1")


async def test_asks_for_the_events_of_this_very_pod() -> None:
    """Events are selected by kind, name and UID, and come with the newest last."""
    listing = [
        event("Late", "b", last="2026-01-02T03:09:00Z"),
        event("Early", "a", last="2026-01-02T03:01:00Z"),
    ]
    cluster = FakeCluster({"list events": listing})
    found = await events_of(cluster, POD)
    assert found is not None
    assert [one.reason for one in found] == ["Early", "Late"]
    fields = "involvedObject.kind=Pod,involvedObject.name=web-1,involvedObject.uid=u-1"
    assert cluster.calls == [("list events", {"selector": "", "fields": fields, "limit": 500})]


@pytest.mark.parametrize("error", [Forbidden("no"), NotSetUp("no")])
async def test_says_that_events_may_not_be_read(error: Exception) -> None:
    """A missing right is no error, since events are an optional part of an answer."""
    assert await events_of(FakeCluster({"list events": error}), POD) is None
