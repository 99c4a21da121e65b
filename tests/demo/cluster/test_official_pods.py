"""The official client, both halves, at work on pods, over HTTP: all that podbot does with them."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from bot.app import SystemClock
from bot.core.resources import Json
from bot.demo.cluster.server import ClusterServer
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.users import ADMINISTRATOR
from tests.contract.sites import pod
from tests.demo.cluster.official import Half, Official, Refused, official, status

CORE = "CoreV1Api"
JSON_PATCH = "application/json-patch+json"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


@pytest.fixture
def simulation() -> Simulation:
    """Return a cluster."""
    return Simulation(SystemClock(), tokens={"token": ADMINISTRATOR})


@pytest.fixture
async def url(simulation: Simulation) -> AsyncIterator[str]:
    """Serve it."""
    async with ClusterServer(simulation) as server:
        yield server.url


@pytest.fixture(params=["sync", "aio"])
async def client(request: pytest.FixtureRequest, url: str) -> AsyncIterator[Official]:
    """Return one half of the client as its administrator, and wait for the pod web to run."""
    half: Half = request.param
    async with official(half, url) as client:
        await running(client, "web", "echo hello; echo again; sleep 3600", app="web")
        yield client


async def running(client: Official, name: str, script: str, *, once: bool = False, **labels: str) -> Json:
    """Create a pod and watch it until it runs, or has ended; return it as it came."""
    body = pod(name, script)
    body["metadata"]["labels"] = labels
    body["spec"]["restartPolicy"] = "Never" if once else "Always"
    made = await client.call(CORE, "create_namespaced_pod", "default", body)
    while True:
        told = await client.watched(
            CORE,
            "list_namespaced_pod",
            "default",
            field_selector=f"metadata.name={name}",
            resource_version=made.metadata.resource_version,
            timeout_seconds=1,
        )
        phases = [one["raw_object"]["status"]["phase"] for one in told]
        if phases and phases[-1] != "Pending":
            found: Json = told[-1]["raw_object"]
            return found


async def refused(client: Official, name: str, *arguments: Any, **named: Any) -> Json:
    """Return the `Status` of a call that is refused; its code is the client's own status too."""
    with pytest.raises(Refused) as caught:
        await client.call(CORE, name, *arguments, **named)
    assert caught.value.status == caught.value.body["code"]
    return caught.value.body


async def test_lists_in_all_ways(client: Official) -> None:
    """Selectors, pages and Tables list the same pods."""
    for name in ("one", "two"):
        await client.call(CORE, "create_namespaced_pod", "default", pod(name, "sleep 1000"))

    async def names(**asked: Any) -> list[str]:
        listed = await client.call(CORE, "list_namespaced_pod", "default", **asked)
        return [one.metadata.name for one in listed.items]

    assert await names() == ["one", "two", "web"]
    assert await names(label_selector="app in (web),!other") == ["web"]
    assert await names(field_selector="metadata.name!=one,spec.restartPolicy=Always") == ["two", "web"]
    first = await client.call(CORE, "list_namespaced_pod", "default", limit=2)
    assert first.metadata.remaining_item_count == 1
    assert await names(limit=2, _continue=first.metadata._continue) == ["web"]
    said = await client.raw(CORE, "list_namespaced_pod", "default", limit=1, _headers={"Accept": TABLE})
    table = json.loads(said)
    assert (table["kind"], table["rows"][0]["cells"][0]) == ("Table", "one")
    assert [column["name"] for column in table["columnDefinitions"]][:5] == [
        "Name",
        "Ready",
        "Status",
        "Restarts",
        "Age",
    ]


async def test_watches(client: Official) -> None:
    """The client's own Watch tells what came after the version that it was given."""
    version = (await client.call(CORE, "list_namespaced_pod", "default")).metadata.resource_version
    await client.call(CORE, "create_namespaced_pod", "default", pod("late", "sleep 1000"))
    await client.call(CORE, "delete_namespaced_pod", "late", "default", grace_period_seconds=0)
    told = await client.watched(CORE, "list_namespaced_pod", "default", resource_version=version, timeout_seconds=1)
    kinds = [one["type"] for one in told if one["object"].metadata.name == "late"]
    assert (kinds[0], kinds[-1]) == ("ADDED", "DELETED")


async def test_an_old_watch_is_gone(client: Official, simulation: Simulation) -> None:
    """A watch from a version that is forgotten ends with 410 in the client's own exception."""
    await client.call(CORE, "create_namespaced_pod", "default", pod("other", "sleep 1000"))
    simulation.compact()
    with pytest.raises(Exception, match=r"410[\s\S]*Expired: too old resource version"):
        await client.watched(CORE, "list_namespaced_pod", "default", resource_version="1", timeout_seconds=1)


async def test_a_dry_run_leaves_nothing(client: Official) -> None:
    """A pod that is created, changed or deleted as a dry run is answered, and nothing is different after it."""
    made = await client.call(CORE, "create_namespaced_pod", "default", pod("never", "true"), dry_run="All")
    patch = [{"op": "add", "path": "/metadata/labels/new", "value": "yes"}]
    patched = await client.call(
        CORE, "patch_namespaced_pod", "web", "default", patch, dry_run="All", _content_type=JSON_PATCH
    )
    await client.call(CORE, "delete_namespaced_pod", "web", "default", body={"dryRun": ["All"]})
    assert (made.metadata.name, patched.metadata.labels) == ("never", {"app": "web", "new": "yes"})
    (web,) = (await client.call(CORE, "list_namespaced_pod", "default")).items
    assert (web.metadata.labels, web.metadata.deletion_timestamp) == ({"app": "web"}, None)


async def test_patches_what_it_tested(client: Official) -> None:
    """A JSON Patch changes labels where its tests hold, and nothing where they do not."""
    tested: list[Json] = [{"op": "test", "path": "/metadata/labels/app", "value": "web"}]
    change: list[Json] = [{"op": "replace", "path": "/metadata/labels/app", "value": "api"}]
    asked = ("patch_namespaced_pod", "web", "default", [*tested, *change])
    changed = await client.call(CORE, *asked, _content_type=JSON_PATCH, field_validation="Strict")
    assert changed.metadata.labels == {"app": "api"}
    told = await refused(client, *asked, _content_type=JSON_PATCH)
    assert told["message"] == "the server rejected our request due to an error in our request"
    assert (told["code"], told["reason"]) == (422, "Invalid")


async def test_deletes_what_it_meant(client: Official) -> None:
    """A delete with another pod's UID is a conflict; with the right one and no grace the pod is gone at once."""
    uid = (await client.call(CORE, "read_namespaced_pod", "web", "default")).metadata.uid
    other = {"preconditions": {"uid": "another"}}
    told = await refused(client, "delete_namespaced_pod", "web", "default", body=other)
    assert (told["code"], told["reason"], "UID in the precondition (another)" in told["message"]) == (
        409,
        "Conflict",
        True,
    )
    mine = {"preconditions": {"uid": uid}, "gracePeriodSeconds": 0}
    await client.call(CORE, "delete_namespaced_pod", "web", "default", body=mine)
    assert (await refused(client, "read_namespaced_pod", "web", "default"))["reason"] == "NotFound"


async def test_a_pod_ends_in_its_own_time(client: Official) -> None:
    """A delete with a grace period leaves the pod there, marked."""
    await client.call(CORE, "delete_namespaced_pod", "web", "default", grace_period_seconds=60)
    web = await client.call(CORE, "read_namespaced_pod", "web", "default")
    assert (web.metadata.deletion_grace_period_seconds, web.metadata.deletion_timestamp is not None) == (60, True)


async def test_evicts_within_the_budget(client: Official) -> None:
    """An eviction that a disruption budget forbids is a 429; without the budget the pod goes."""
    budget = {"metadata": {"name": "all"}, "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}}
    await client.call("PolicyV1Api", "create_namespaced_pod_disruption_budget", "default", budget)
    eviction = {"metadata": {"name": "web", "namespace": "default"}, "deleteOptions": {"gracePeriodSeconds": 0}}
    asked = ("create_namespaced_pod_eviction", "web", "default", eviction)
    told = await refused(client, *asked)
    assert (told["code"], told["reason"]) == (429, "TooManyRequests")
    assert told["message"] == "Cannot evict pod as it would violate the pod's disruption budget."
    await client.call("PolicyV1Api", "delete_namespaced_pod_disruption_budget", "all", "default")
    await client.call(CORE, *asked)
    assert (await refused(client, "read_namespaced_pod", "web", "default"))["code"] == 404


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "hello\nagain\n"),
        ({"container": "main"}, "hello\nagain\n"),
        ({"tail_lines": 1}, "again\n"),
        ({"tail_lines": 0}, ""),
        ({"limit_bytes": 7}, "hello\na"),
        ({"since_seconds": 3600}, "hello\nagain\n"),
    ],
)
async def test_reads_logs(client: Official, asked: dict[str, Any], said: str) -> None:
    """A log comes whole, from its end, cut by bytes or by time."""
    assert await client.raw(CORE, "read_namespaced_pod_log", "web", "default", **asked) == said.encode()


async def test_logs_have_times(client: Official) -> None:
    """With timestamps each line begins with one."""
    said = await client.raw(CORE, "read_namespaced_pod_log", "web", "default", timestamps=True)
    stamps, words = zip(*(line.split(" ", 1) for line in said.decode().splitlines()), strict=True)
    assert words == ("hello", "again")
    assert all(datetime.fromisoformat(stamp).tzinfo is not None for stamp in stamps)


async def test_follows_a_log_to_its_end(client: Official) -> None:
    """A log that is followed comes on until its container ends."""
    await running(client, "short", "echo one; sleep 2; echo two; exit 0", once=True)
    said = await client.raw(CORE, "read_namespaced_pod_log", "short", "default", follow=True)
    assert said == b"one\ntwo\n"


async def test_the_previous_log(client: Official) -> None:
    """Of a container that never ran before there is no previous log, and the client says why."""
    told = await refused(client, "read_namespaced_pod_log", "web", "default", previous=True)
    assert told == status(400, "BadRequest", 'previous terminated container "main" in pod "web" not found')


async def test_runs_commands(client: Official) -> None:
    """The client's own websocket brings what a command prints."""
    assert await client.execute("web", ["echo", "from inside"]) == "from inside\n"


async def test_asks_a_pod(client: Official) -> None:
    """The proxy brings what listens in the pod, and says so where nothing does."""
    body = {"metadata": {"name": "nginx"}, "spec": {"containers": [{"name": "main", "image": "nginx:1.22"}]}}
    await client.call(CORE, "create_namespaced_pod", "default", body)
    asked = ("connect_get_namespaced_pod_proxy_with_path", "nginx:80", "default", "index.html")
    told = await client.watched(CORE, "list_namespaced_pod", "default", timeout_seconds=2)
    assert told
    assert b"Welcome to nginx" in await client.raw(CORE, *asked)
    none = await refused(client, "connect_get_namespaced_pod_proxy_with_path", "nginx:81", "default", "x")
    assert (none["code"], "connection refused" in none["message"]) == (503, True)


async def test_adds_an_ephemeral_container(client: Official) -> None:
    """A debugger joins a running pod by a JSON Patch of its subresource."""
    add = [{"op": "add", "path": "/spec/ephemeralContainers", "value": [{"name": "debugger", "image": "busybox:1.35"}]}]
    changed = await client.call(
        CORE, "patch_namespaced_pod_ephemeralcontainers", "web", "default", add, _content_type=JSON_PATCH
    )
    assert [one.name for one in changed.spec.ephemeral_containers] == ["debugger"]


async def test_events_tell_the_story(client: Official) -> None:
    """The events about a pod are found by a field selector, as the client's own models."""
    found = await client.call(
        CORE, "list_namespaced_event", "default", field_selector="involvedObject.name=web,involvedObject.kind=Pod"
    )
    assert {one.reason for one in found.items} == {"Scheduled", "Pulled", "Created", "Started"}


BROKEN: Json = {"metadata": {"name": "Broken!"}, "spec": {"containers": [{"name": "main", "image": "x"}]}}
REFUSALS: list[tuple[str, tuple[Any, ...], dict[str, Any], int, str, str]] = [
    ("read_namespaced_pod", ("no", "default"), {}, 404, "NotFound", 'pods "no" not found'),
    ("create_namespaced_pod", ("nowhere", pod("a", "true")), {}, 404, "NotFound", 'namespaces "nowhere" not found'),
    ("create_namespaced_pod", ("default", pod("web", "true")), {}, 409, "AlreadyExists", 'pods "web" already exists'),
    ("create_namespaced_pod", ("default", BROKEN), {}, 422, "Invalid", 'Pod "Broken!" is invalid: metadata.name'),
    (
        "list_namespaced_pod",
        ("default",),
        {"label_selector": "=="},
        400,
        "BadRequest",
        "found '==', expected: !, identifier",
    ),
    (
        "list_namespaced_pod",
        ("default",),
        {"field_selector": "spec.x=1"},
        400,
        "BadRequest",
        "field label not supported",
    ),
    ("list_namespaced_pod", ("default",), {"_continue": "x"}, 400, "BadRequest", "continue key is not valid"),
    ("read_namespaced_pod_log", ("web", "default"), {"tail_lines": -1}, 422, "Invalid", "tailLines: Invalid value: -1"),
    ("read_namespaced_pod_log", ("web", "default"), {"container": "x"}, 400, "BadRequest", "container x is not valid"),
]


@pytest.mark.parametrize(("name", "arguments", "named", "code", "reason", "words"), REFUSALS)
async def test_refusals_have_their_status(
    client: Official, name: str, arguments: tuple[Any, ...], named: dict[str, Any], code: int, reason: str, words: str
) -> None:
    """A refusal is the client's own ApiException, with the server's Status as its body."""
    told = await refused(client, name, *arguments, **named)
    assert (told["kind"], told["status"], told["code"], told["reason"]) == ("Status", "Failure", code, reason)
    assert words in told["message"]
