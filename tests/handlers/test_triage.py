"""What is wrong with a pod, over the simulated cluster: cause, proof, next step, and what could not be looked at."""

from typing import Any

import pytest

from bot.core.errors import NotFound, UsageError
from bot.core.parsing import parse
from bot.core.replies import Offer, Reply
from bot.core.resources import Json
from bot.core.triage.judging import judge
from bot.core.triage.snapshot import Snapshot
from bot.demo.cluster.faults import refusing
from bot.render.plain import plain
from bot.render.triage import offers
from tests.core.samples import raw_pod
from tests.fakes import NOW
from tests.handlers.shop import COMMANDS, Shop

_APPS = "/apis/apps/v1/namespaces/shop"


@pytest.fixture
def shop() -> Shop:
    """Return a fresh shop."""
    return Shop()


def said(reply: Reply) -> str:
    """Return an answer as plain text."""
    return plain(reply.blocks)


async def test_a_pod_that_runs(shop: Shop) -> None:
    """Healthy is one line, and nothing is offered."""
    shop.pod("web")
    await shop.wait(10)
    reply = await shop.read("triage web")
    assert reply.text == ":large_green_circle: *shop/web* Running, 1/1 ready: nothing is wrong"
    assert said(reply).strip() == reply.text
    assert reply.offers == ()
    assert set(reply.pins) == {"pod/web"}


async def test_a_pod_that_crashes(shop: Shop) -> None:
    """The first error line of its log is the cause; log and status are the proofs; the log is offered."""
    shop.pod("web", "echo starting; echo Error: no database is configured; exit 1")
    await shop.wait(60)
    reply = await shop.read("triage web")
    assert reply.text.startswith(":red_circle: *shop/web* CrashLoopBackOff, 0/1 ready: main ends with exit code 1")
    assert reply.text.endswith(": Error: no database is configured")
    text = said(reply)
    assert "Certain: Kubernetes says so" in text
    assert "Log of main" in text
    assert "status.containerStatuses[main].lastState.terminated" in text
    assert reply.offers == (
        Offer("Logs of the previous run", "logs web -c main -p -n shop"),
        Offer("Describe", "describe web -n shop"),
        Offer("Timeline", "timeline web -n shop"),
    )


async def test_a_pod_that_no_node_takes(shop: Shop) -> None:
    """The label is named that no node has, and kubectl's line stands where podbot has no verb."""
    shop.pod("web", spec={"nodeSelector": {"disk": "ssd"}})
    await shop.wait(10)
    reply = await shop.read("triage web")
    assert reply.text.endswith("no node has the labels that it asks for: disk=ssd")
    assert "*Next* `kubectl get nodes --show-labels`" in said(reply)
    assert reply.offers == (Offer("Describe", "describe web -n shop"), Offer("Timeline", "timeline web -n shop"))


async def test_an_image_that_is_not_there(shop: Shop) -> None:
    """A wrong image is named."""
    shop.pod("web", image="nginx:nope")
    await shop.wait(60)
    reply = await shop.read("triage web")
    assert "image nginx:nope" in reply.text


async def test_a_pod_that_is_starting(shop: Shop) -> None:
    """A pod that begins is told so, and no cause is named."""
    shop.pod("web")
    await shop.wait(0.1)
    reply = await shop.read("triage web")
    assert "it is starting, and nothing is wrong so far" in reply.text


async def test_a_pod_that_has_finished(shop: Shop) -> None:
    """A pod that is done is told so."""
    shop.pod("web", "echo done", spec={"restartPolicy": "Never"})
    await shop.wait(60)
    assert "it has finished, and nothing is wrong" in (await shop.read("triage web")).text


async def test_how_many_of_its_controllers_pods_are_ready(shop: Shop) -> None:
    """The impact is how many of the controller's pods are ready."""
    shop.create(f"{_APPS}/replicasets", _replicas("api", 3, "exit 1"))
    await shop.wait(60)
    name = shop.get("/api/v1/namespaces/shop/pods")["items"][0]["metadata"]["name"]
    assert "0 of 3 ready in ReplicaSet api" in said(await shop.read(f"triage {name}"))


async def test_a_pod_that_is_not_there(shop: Shop) -> None:
    """A pod that does not exist is an error, with pods that are called nearly so."""
    shop.pod("web-1")
    with pytest.raises(NotFound, match="did you mean web-1"):
        await shop.read("triage web")


async def test_a_namespace_in_which_all_is_well(shop: Shop) -> None:
    """One line."""
    shop.pod("web")
    await shop.wait(10)
    reply = await shop.read("triage")
    assert reply.text == ":large_green_circle: *Nothing is wrong* with 1 pod in `main/shop`"


async def test_a_namespace_by_cause_and_owner(shop: Shop) -> None:
    """Pods of one controller with one cause are one group, those that fail come before those that wait."""
    shop.create(f"{_APPS}/replicasets", _replicas("api", 3, "echo Error: x; exit 1"))
    shop.pod("lost", spec={"nodeSelector": {"disk": "ssd"}})
    shop.pod("web")
    await shop.wait(90)
    reply = await shop.read("triage")
    assert reply.text == ":red_circle: *4 of 5 pods need help* in `main/shop`"
    text = said(reply)
    assert text.index("*3 pods of ReplicaSet api*: main ends with exit code 1") < text.index("*pod lost*: no node has")
    assert [offer.line.split(" ")[0] for offer in reply.offers] == ["triage", "triage"]


async def test_a_selector(shop: Shop) -> None:
    """Only pods with these labels are told of."""
    shop.pod("lost", spec={"nodeSelector": {"disk": "ssd"}}, metadata={"labels": {"app": "lost"}})
    shop.pod("web", metadata={"labels": {"app": "web"}})
    await shop.wait(10)
    assert "Nothing is wrong" in (await shop.read("triage -l app=web")).text
    assert "1 of 1 pod needs help" in (await shop.read("triage -l app=lost")).text


async def test_a_pod_and_a_selector_contradict_each_other() -> None:
    """Which pods are meant must be clear."""
    with pytest.raises(UsageError, match="contradict"):
        parse("triage web -l app=web", COMMANDS)


async def test_what_may_not_be_read_is_told(shop: Shop) -> None:
    """Rights that are missing are named, and the rest is judged all the same."""
    shop.pod("web", "exit 3")
    await shop.wait(60)
    for path in ("/events$", "/log$", "/services$", "/endpointslices$", "/persistentvolumeclaims$"):
        shop.faults.append(refusing(403, "Forbidden", "it is forbidden: User x cannot", path=path))
    reply = await shop.read("triage web")
    assert "main ends with exit code 3" in reply.text
    text = said(reply)
    for part in ("its events: you may not list events", "the log of main: you may not get pods/log"):
        assert part in text
    assert "its claims" not in text


def _replicas(name: str, count: int, script: str) -> Json:
    container = {"name": "main", "image": "busybox:1.35", "command": ["sh", "-c", script]}
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}
    spec: dict[str, Any] = {"replicas": count, "selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": name}, "spec": spec}


async def test_a_service_that_leads_nowhere(shop: Shop) -> None:
    """It is told of a namespace, and named where a pod can't reach it."""
    spec = {"selector": {"app": "database"}, "ports": [{"port": 5432}]}
    shop.create("/api/v1/namespaces/shop/services", {"metadata": {"name": "db"}, "spec": spec})
    shop.pod("web", "echo dial tcp: lookup db: no such host; exit 1")
    await shop.wait(60)
    assert "Service db selects no pod: none has app=database" in said(await shop.read("triage"))
    assert "main does not reach db: Service db selects no pod (app=database)" in (await shop.read("triage web")).text


@pytest.mark.parametrize(("kind", "moves"), [("ReplicaSet", True), ("DaemonSet", False), ("", False)])
def test_a_pod_on_a_bad_node_may_be_moved(kind: str, moves: bool) -> None:  # noqa: FBT001  # a table's column
    """Where the node is to blame, and a controller makes another pod that may go elsewhere, evicting it is offered."""
    owners = [{"apiVersion": "apps/v1", "kind": kind, "name": "web", "uid": "u", "controller": True}] if kind else []
    silent = {"conditions": [{"type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown"}]}
    seen = Snapshot(NOW, raw_pod(ownerReferences=owners), node={"metadata": {"name": "node-a"}, "status": silent})
    verdict = judge(seen)
    assert verdict.first is not None
    assert verdict.first.rule == "K8"
    assert [one.label for one in offers(seen, verdict)] == ["Describe", "Timeline", *["Evict"] * moves]
