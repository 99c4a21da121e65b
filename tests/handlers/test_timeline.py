"""A pod's life in pictures and words."""

from typing import Any

import pytest

from bot.core.ages import moment
from bot.core.errors import Forbidden, NoMetrics, NotFound, NotSetUp, PodbotError, ServerFault
from bot.core.names import PodName
from bot.core.replies import Reply
from bot.core.resources import POD_METRICS, Json, Resource
from bot.demo.chat.blocks import accept
from bot.render.blocks import context, section
from bot.render.charts import bars
from bot.render.limits import fit
from bot.render.plain import plain
from bot.render.text import when
from handlers.timeline import COMMAND, MOMENTS, Timeline
from tests.core.samples import CREATED, event, raw_pod, running, waiting
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer
from tests.handlers.shop import Shop
from tests.handlers.test_top import metrics, pod

AT = when(moment(CREATED) or pytest.fail("no time"))
REMEMBERED = "The kubelet remembers the last two runs of a container; events are kept for an hour by default."
NEXT = "`/pod events web-1 -n shop` shows what was told, `/pod top web-1 --containers -n shop` its use."


class _Measuring(FakeCluster):
    """Answers for a pod and for its metrics, whose plurals are the same."""

    def __init__(self, raw: Json, events: Any = (), measured: Json | Exception | None = None) -> None:
        super().__init__({"get pods/web-1": raw, "list events": events})
        self.measured = measured

    async def get(self, resource: Resource, name: str) -> Json:
        if resource != POD_METRICS:
            return await super().get(resource, name)
        if isinstance(self.measured, Exception):
            raise self.measured
        assert self.measured, "the metrics of a pod that does not run were asked for"
        return self.measured


async def lived(raw: Json, events: Any = (), measured: Json | Exception | None = None) -> Reply:
    """Return the answer for this pod."""
    return await answer(COMMAND, context_of(_Measuring(raw, events, measured)), Timeline(PodName("web-1")))


async def test_memory_beside_its_limit() -> None:
    """What runs is drawn with its memory and limit, each picture told in words, in the fallback text as well."""
    heading = ":large_green_circle: *Running* · pod `web-1` in `main/shop`, created 4m ago, no restarts"
    words = "Memory and its limit: `app` uses 123Mi of 128Mi (96%)."
    reply = await lived(pod("web-1"), (), metrics("web-1", "1m", "123Mi"))
    assert reply == Reply(
        f"{heading}. {words}",
        (
            section(heading),
            bars("Memory and its limit", "MiB", ["app"], {"used": [123], "limit": [128]}),
            context(words),
            section(f"• {AT} · created\n• {AT} · `app` started"),
            context(REMEMBERED, NEXT),
        ),
        pins={"pod/web-1": "uid-web-1"},
    )


async def test_restarts_where_nothing_runs() -> None:
    """A crashing pod is drawn with its steps and its restarts; its metrics are not asked for."""
    last = {"terminated": {"exitCode": 1, "reason": "Error", "startedAt": CREATED, "finishedAt": CREATED}}
    app = waiting("app", "CrashLoopBackOff", restartCount=3, lastState=last)
    back_off = event("BackOff", "Back-off <!here>", last="2026-01-02T03:01:00Z")
    reply = await lived(raw_pod(status={"containerStatuses": [app], "conditions": []}), [back_off])
    said = plain(reply.blocks)
    for part in (
        "How long each step took: earlier run app 0s, waited app 4m so far.",
        "Restarts: `app` 3 times.",
        "`app` failed: Error, exit code 1",
        ":warning: BackOff",
        "Memory is not shown: no container runs now.",
    ):
        assert part in said
    assert "<!here>" not in said
    assert [block["title"] for block in reply.blocks if "title" in block] == ["How long each step took", "Restarts"]
    assert "Restarts: `app` 3 times." in reply.text


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (Forbidden("no", status=403), "you may not get pods.metrics.k8s.io"),
        (NotSetUp("no", status=403), "you may not get pods.metrics.k8s.io"),
        (NotFound("the API server answered 404: 404 page not found", status=404), "the cluster has no metrics API"),
        (NoMetrics("no"), "the cluster has no metrics API"),
        (NotFound('pods.metrics.k8s.io "web-1" not found', status=404), "it has not been measured yet"),
        (ServerFault("it broke", status=500), "it broke"),
    ],
)
async def test_without_metrics(error: PodbotError, why: str) -> None:
    """Why memory is not shown is said, and the rest is shown all the same."""
    assert f"Memory is not shown: {why}." in plain((await lived(pod("web-1"), (), error)).blocks)


async def test_without_events() -> None:
    """Who may not read events sees what the pod's status tells, and that events are missing."""
    reply = await lived(raw_pod(), Forbidden("no", status=403), metrics("web-1", "1m", "1Mi"))
    said = plain(reply.blocks)
    assert "Without events: you may not read them here." in said
    assert "Memory is not shown: no container has a limit." in said


async def test_much_of_everything_fits() -> None:
    """Many containers and events are cut to what a message holds, and what is not told is counted."""
    names = [f"container-with-a-long-name-{number}" for number in range(60)]
    last = {"terminated": {"exitCode": 1, "startedAt": CREATED, "finishedAt": CREATED}}
    statuses = [running(name, restartCount=2, lastState=last) for name in names]
    raw = raw_pod(spec={"containers": [{"name": name} for name in names]}, status={"containerStatuses": statuses})
    events = [event(f"Odd{number}", "x" * 2000) for number in range(200)]
    reply = fit(await lived(raw, events, metrics("web-1", "1m", "1Mi")))
    assert accept([dict(block) for block in reply.blocks])
    assert f"The newest {MOMENTS} of 381 moments." in plain(reply.blocks)


async def test_on_a_cluster() -> None:
    """A pod that crashes on a cluster has its life drawn, within Slack's limits."""
    shop = Shop()
    script = {"name": "main", "image": "busybox:1.35", "command": ["sh", "-c", "exit 3"]}
    shop.create("/api/v1/namespaces/shop/pods", {"metadata": {"name": "orders"}, "spec": {"containers": [script]}})
    await shop.clock.sleep(100)
    reply = fit(await shop.read("timeline orders"))
    assert accept([dict(block) for block in reply.blocks])
    assert "`main` failed: Error, exit code 3" in plain(reply.blocks)
    assert "earlier run main" in reply.text
