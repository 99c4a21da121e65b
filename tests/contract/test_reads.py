"""Reading one object, lists, tables, logs and changes."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from bot.core.errors import BadName, Invalid, NotFound
from bot.core.names import PodName
from bot.core.resources import PODS, Column, LogQuery
from tests.contract.sites import POD, Site, pod
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def _log(site: Site, **query: Any) -> bytes:
    async with aclosing(site.cluster.logs(POD, LogQuery("main", **query))) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def test_get(site: Site) -> None:
    """One object comes as raw JSON."""
    found = await site.cluster.get(PODS, POD)
    assert (found["metadata"]["name"], found["metadata"]["namespace"]) == (POD, site.namespace)


async def test_what_is_not_there(site: Site) -> None:
    """A name that nobody has is NotFound, with the server's own words."""
    with pytest.raises(NotFound, match='pods "absent" not found') as caught:
        await site.cluster.get(PODS, "absent")
    assert (caught.value.status, caught.value.cause) == (404, "NotFound")


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "%2e%2e", "a/b", "a" * 254, "ä"])
async def test_a_name_that_would_change_the_path(site: Site, name: str) -> None:
    """A name that is no name reaches no API."""
    with pytest.raises(BadName):
        await site.cluster.get(PODS, name)


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("app=web", 1),
        ("app==web", 1),
        ("app!=web", 0),
        ("app in (web,api)", 1),
        ("app notin (web)", 0),
        ("app", 1),
        ("!app", 0),
    ],
)
async def test_every_form_of_selector(site: Site, selector: str, found: int) -> None:
    """The server understands every form of label selector."""
    listing = await site.cluster.list(PODS, selector=selector, fields=f"metadata.name={POD}")
    assert len(listing.items) == found
    assert listing.version


async def test_a_junk_selector_is_invalid(site: Site) -> None:
    """A selector that the server can't read is Invalid."""
    with pytest.raises(Invalid):
        await site.cluster.list(PODS, selector="a b c")


async def test_a_junk_field_is_invalid(site: Site) -> None:
    """A field that can't be selected by is Invalid."""
    with pytest.raises(Invalid, match="field label not supported"):
        await site.cluster.list(PODS, fields="spec.junk=1")


async def test_a_list_is_cut_with_the_count(site: Site) -> None:
    """A list that is longer than asked for says how much was not read."""
    for number in range(3):
        await site.cluster.create(PODS, pod(f"many-{number}"))
    everything = await site.cluster.list(PODS)
    cut = await site.cluster.list(PODS, limit=2)
    assert (len(cut.items), cut.unread) == (2, len(everything.items) - 2)
    assert everything.unread == 0
    narrowed = await site.cluster.list(PODS, selector="!app", limit=1)
    assert (len(narrowed.items), narrowed.unread) == (1, None)


async def test_a_table(site: Site) -> None:
    """A table has kubectl's columns and cells, and no labels unless they are asked for."""
    table = await site.cluster.table(PODS, selector="app=web")
    assert table.columns[:5] == tuple(Column(name) for name in ("Name", "Ready", "Status", "Restarts", "Age"))
    assert {column.name for column in table.columns[5:]} == {"IP", "Node", "Nominated Node", "Readiness Gates"}
    assert table.rows[0].cells[:4] == (POD, "1/1", "Running", "0")
    assert table.rows[0].labels == ()


async def test_a_table_with_labels(site: Site) -> None:
    """Labels come with a table where they are asked for."""
    table = await site.cluster.table(PODS, selector="app=web", labels=True)
    assert table.rows[0].labels == (("app", "web"),)


async def test_a_log(site: Site) -> None:
    """A log comes as the container wrote it."""
    assert await _log(site) == b"ready\nonce more\n"


async def test_the_tail_of_a_log(site: Site) -> None:
    """The tail is counted in lines."""
    assert await _log(site, tail=1) == b"once more\n"


async def test_a_logs_budget(site: Site) -> None:
    """No more than the budget is read."""
    assert await _log(site, budget=4) == b"read"


async def test_a_log_with_times(site: Site) -> None:
    """Times stand before the lines where they are asked for."""
    first, _, line = (await _log(site, timestamps=True, tail=1)).partition(b" ")
    assert (first[10:11], line) == (b"T", b"once more\n")


async def test_a_previous_log_that_is_not_there(site: Site) -> None:
    """A container that never ended has no previous log."""
    with pytest.raises(Invalid, match='previous terminated container "main" in pod "web" not found'):
        await _log(site, previous=True)


async def test_a_followed_log_can_be_left(site: Site) -> None:
    """Whoever follows a log can stop in the middle."""
    async with aclosing(site.cluster.logs(POD, LogQuery("main", follow=True))) as chunks:
        async for chunk in chunks:
            assert chunk.startswith(b"ready")
            break


async def test_a_watch(site: Site) -> None:
    """A watch from a list's version tells what came after."""
    version = (await site.cluster.list(PODS)).version
    made = await site.cluster.create(PODS, pod("watched"))
    async with aclosing(site.cluster.watch(PODS, version=version, fields="metadata.name=watched")) as changes:
        first = await anext(changes)
    assert (first.kind, first.object["metadata"]["uid"]) == ("ADDED", made["metadata"]["uid"])


async def test_a_watch_ends(site: Site) -> None:
    """A watch of nothing ends by itself."""
    watch = site.cluster.watch(PODS, version="", fields="metadata.name=nothing", seconds=1)
    async with aclosing(watch) as changes:
        assert [change async for change in changes] == []


async def _followed(site: Site, name: str, **query: Any) -> list[bytes]:
    log = site.cluster.logs(PodName(name), LogQuery("main", follow=True, **query))
    async with asyncio.timeout(60), aclosing(log) as chunks:
        return b"".join([chunk async for chunk in chunks]).splitlines()


async def test_a_followed_log_ends_with_its_container(site: Site) -> None:
    """A followed log has the lines as they were written, and ends when the container does."""
    body = pod("brief", "echo one; sleep 1; echo two; sleep 4; false")
    body["spec"]["restartPolicy"] = "Never"
    await site.cluster.create(PODS, body)
    await until(lambda: _has_begun(site, "brief"), "the container's start")
    assert await _followed(site, "brief") == [b"one", b"two"]
    assert await _followed(site, "brief", tail=1) == [b"two"]


async def test_a_followed_logs_times_and_budget(site: Site) -> None:
    """Times stand before the lines of a followed log too, and its budget counts them."""
    [line] = await _followed(site, POD, timestamps=True, budget=20)
    assert (line[10:11], len(line)) == (b"T", 20)


async def test_a_followed_log_ends_with_its_pod(site: Site) -> None:
    """A followed log ends when its pod is deleted."""
    made = await site.cluster.create(PODS, pod("doomed", "echo here; sleep 3600"))
    await site.admin.running(site.namespace, "doomed")
    log = site.cluster.logs(PodName("doomed"), LogQuery("main", follow=True))
    async with asyncio.timeout(60), aclosing(log) as chunks:
        assert await anext(chunks) == b"here\n"
        await site.cluster.delete(PODS, "doomed", uid=made["metadata"]["uid"], grace_period=0)
        assert [chunk async for chunk in chunks] == []


async def _has_begun(site: Site, name: str) -> bool:
    statuses = (await site.cluster.get(PODS, name))["status"].get("containerStatuses") or [{}]
    return {"running", "terminated"} & set(statuses[0].get("state", {})) != set()
