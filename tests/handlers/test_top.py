"""What pods use."""

from typing import Any

import pytest

from bot.core.errors import Forbidden, NoMetrics, NotFound, ServerFault, UsageError
from bot.core.names import PodName
from bot.core.replies import Reply
from bot.core.resources import Json, Listing
from bot.render.blocks import context, section, table
from handlers.top import COMMAND, LIMIT, Top
from tests.core.samples import pending, raw_pod
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer
from tests.handlers.shop import Shop

HEADERS = ("Pod", "CPU", "CPU request", "CPU limit", "Memory", "Memory request", "Memory limit")
METRICS = "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods"
BOUNDS = {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}}
NEXT = "`--containers` shows each container by itself."


def asked(pod: str | None = None, selector: str | None = None, *, containers: bool = False, by: str = "") -> Top:
    """Return a request for what pods use."""
    return Top(PodName(pod) if pod else None, selector, containers, by or None)


def pod(name: str) -> Json:
    """Return a pod whose one container has requests and a memory limit."""
    return raw_pod(name, spec={"containers": [{"name": "app", "image": "x", "resources": BOUNDS}]})


def metrics(name: str, cpu: str, memory: str, **more: Any) -> Json:
    """Return what was measured of such a pod 25 seconds ago."""
    used = [{"name": "app", "usage": {"cpu": cpu, "memory": memory}}]
    return {
        "metadata": {"name": name},
        "timestamp": "2026-01-02T03:03:40Z",
        "window": "15s",
        "containers": used,
        **more,
    }


async def test_the_namespaces_pods() -> None:
    """Each pod's use stands beside its request and limit, and the first line has the sum."""
    answers = {
        "list pods": Listing((pod("web-1"), pod("api-1"), pending(name="new"))),
    }
    cluster = _Two(answers, [metrics("web-1", "250m", "32Mi"), metrics("api-1", "1500000n", "123Mi")])
    heading = "*252m* of CPU and *155Mi* of memory are used by *2 pods* in `main/shop`"
    close = ":warning: Close to the memory limit, where containers are killed: `api-1` at 96%."
    rows = [
        ("api-1", "2m", "2% of 100m", "none", "123Mi", "192% of 64Mi", "96% of 128Mi"),
        ("web-1", "250m", "250% of 100m", "none", "32Mi", "50% of 64Mi", "25% of 128Mi"),
    ]
    unmeasured = "Not measured (pods that do not run, or have just started): `new` (Pending)."
    notes = ("Measured 25s ago over 15s.", unmeasured)
    assert await answer(COMMAND, context_of(cluster), asked()) == Reply(
        heading,
        (section(heading), section(close), table(HEADERS, rows, right=range(1, 7)), context(*notes, NEXT)),
    )


async def test_a_phase_that_is_none_pings_nobody() -> None:
    """The API server takes any phase that somebody writes into a pod's status; it is shown, and formats nothing."""
    odd = pending({"phase": "<!channel>"}, name="odd")
    reply = await answer(COMMAND, context_of(_Two({"list pods": Listing((odd,))}, [])), asked())
    assert "`odd` (&lt;!channel&gt;)" in str(reply.blocks)


class _Two(FakeCluster):
    """Answers lists of pods and of their metrics, whose plurals are the same."""

    def __init__(self, answers: dict[str, Any], measured: list[Json] | Exception) -> None:
        super().__init__(answers)
        self.measured = measured

    async def list(self, resource: Any, *, selector: str = "", fields: str = "", limit: int = 500) -> Listing:
        if resource.group != "metrics.k8s.io":
            return await super().list(resource, selector=selector, fields=fields, limit=limit)
        assert limit == LIMIT
        if isinstance(self.measured, Exception):
            raise self.measured
        return Listing(tuple(self.measured))


@pytest.mark.parametrize(("by", "order"), [("", ["a", "b"]), ("cpu", ["b", "a"]), ("memory", ["a", "b"])])
async def test_the_order(by: str, order: list[str]) -> None:
    """By name, or the greatest use of one resource first."""
    cluster = _Two({"list pods": [pod("a"), pod("b")]}, [metrics("b", "9m", "1Mi"), metrics("a", "1m", "9Mi")])
    reply = await answer(COMMAND, context_of(cluster), asked(by=by))
    assert [row[0]["text"] for row in reply.blocks[1]["rows"][1:]] == order


async def test_nothing_is_measured() -> None:
    """Where nothing runs, the answer says so and what to type next."""
    reply = await answer(COMMAND, context_of(_Two({"list pods": []}, [])), asked(selector="app=web"))
    heading = "No pod in `main/shop` matching `app=web` has metrics yet"
    assert reply == Reply(heading, (section(f"{heading}."), context("`/pod list -n shop` shows what runs here.")))


@pytest.mark.parametrize(
    "error",
    [
        NotFound("the API server answered 404: 404 page not found", status=404),
        NotFound("the server could not find the requested resource", status=404, cause="NotFound"),
        ServerFault("the server is currently unable to handle the request", status=503),
    ],
)
async def test_no_metrics_api(error: Exception) -> None:
    """An API that is not served, or that nothing answers for, is told as such and not as a pod that is missing."""
    with pytest.raises(NoMetrics):
        await answer(COMMAND, context_of(_Two({}, error)), asked())


@pytest.mark.parametrize("error", [Forbidden("no", status=403), ServerFault("odd", status=500)])
async def test_other_errors_stay_what_they_are(error: Exception) -> None:
    """A refusal, or another fault of the server, is its own answer."""
    with pytest.raises(type(error)) as caught:
        await answer(COMMAND, context_of(_Two({}, error)), asked())
    assert caught.value is error


async def test_a_name_and_a_selector() -> None:
    """As with kubectl, a pod's name and a selector exclude each other."""
    with pytest.raises(UsageError, match="exclude"):
        await answer(COMMAND, context_of(FakeCluster()), asked("web-1", "app=web"))


@pytest.mark.parametrize("unread", [7, None])
async def test_what_was_not_read(unread: int | None) -> None:
    """Pods that were left unread are told."""
    cluster = _Two({"list pods": Listing((pod("a"),), unread)}, [metrics("a", "1m", "1Mi")])
    reply = await answer(COMMAND, context_of(cluster), asked())
    assert "At most 500 pods are read; narrow it with `-l`." in str(reply.blocks[-1])


async def test_over_the_simulation() -> None:
    """Without a metrics API that is said; with one, a pod that is measured is told by container, a new one is not."""
    shop = Shop()
    shop.pod("web", resources=BOUNDS)
    shop.pod("new")
    await shop.wait(5)
    for line in ("top", "top web"):
        with pytest.raises(NoMetrics):
            await shop.read(line)
    shop.simulation.metrics = True
    used = [{"name": "main", "usage": {"cpu": "10m", "memory": "16Mi"}}]
    shop.create(METRICS, {"metadata": {"name": "web"}, "timestamp": None, "containers": used})
    reply = await shop.read("top web --containers")
    cells = [cell["text"] for cell in reply.blocks[1]["rows"][1]]
    assert cells == ["web", "main", "10m", "10% of 100m", "none", "16Mi", "25% of 64Mi", "12% of 128Mi"]
    assert set(reply.pins) == {"pod/web"}
    assert "`/pod describe web -n shop` shows how it is." in str(reply.blocks[-1])
    every = await shop.read("top --containers")
    assert "`/pod describe POD -n shop` shows how one of them is." in str(every.blocks[-1])
    unmeasured = await shop.read("top new")
    assert unmeasured.text == "Pod `new` in `main/shop` has no metrics yet"
    assert "`/pod describe new -n shop`" in str(unmeasured.blocks)
    with pytest.raises(NotFound, match="did you mean web"):
        await shop.read("top wep")
