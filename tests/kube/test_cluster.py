"""What each method asks of the API server, and makes of its answer."""

import json as jsons
from contextlib import aclosing
from typing import Any

import pytest

from bot.core.errors import BadName, ClusterError, Expired, OutcomeUnknown, ServerFault, TooMany
from bot.core.names import PodName
from bot.core.resources import PODS, Access, Change, Column, Listing, LogQuery, Row, Table, Who
from bot.kube.cluster import BoundCluster
from bot.kube.streams import Lines
from tests.kube.servers import Handler, Server, cut, drop, json, status, stream, text

WEB = PodName("web")
HERE = "/api/v1/namespaces/shop/pods"


def _page(*names: str, token: str = "", **metadata: Any) -> Handler:
    items = [{"metadata": {"name": name}} for name in names]
    return json({"kind": "PodList", "metadata": {"continue": token, **metadata}, "items": items})


def _names(listing: Listing) -> list[str]:
    return [one["metadata"]["name"] for one in listing.items]


def _came(server: Server) -> list[tuple[str, str]]:
    return [(request.method, request.raw_path) for request in server.requests]


async def test_get(server: Server, cluster: BoundCluster) -> None:
    """One object is read from its path."""
    server.says(json({"kind": "Pod"}))
    assert await cluster.get(PODS, "web") == {"kind": "Pod"}
    assert _came(server) == [("GET", f"{HERE}/web")]


async def test_a_list_in_pages(server: Server, cluster: BoundCluster) -> None:
    """Pages are followed to the end, a short or empty one included."""
    server.says(_page("a", token="t1"), _page(token="t2"), _page("b", resourceVersion="7"))
    listing = await cluster.list(PODS, selector="app in (a, b)", fields="status.phase=Running")
    assert (_names(listing), listing.unread, listing.version) == (["a", "b"], 0, "7")
    query = "labelSelector=app%20in%20%28a%2C%20b%29&fieldSelector=status.phase%3DRunning"
    assert [path for _, path in _came(server)] == [
        f"{HERE}?{query}&limit=500",
        f"{HERE}?{query}&limit=499&continue=t1",
        f"{HERE}?{query}&limit=499&continue=t2",
    ]


async def test_a_list_that_is_cut(server: Server, cluster: BoundCluster) -> None:
    """A list ends at its limit and says how much is left."""
    server.says(_page("a", "b", token="t", remainingItemCount=5))
    listing = await cluster.list(PODS, limit=2)
    assert (_names(listing), listing.unread) == (["a", "b"], 5)


async def test_a_list_that_is_cut_uncounted(server: Server, cluster: BoundCluster) -> None:
    """Where the server does not count what is left, nor does podbot."""
    server.says(_page("a", token="t"))
    assert (await cluster.list(PODS, limit=1)).unread is None


async def test_a_server_without_pages(server: Server, cluster: BoundCluster) -> None:
    """A server that gives more than it was asked for is cut all the same."""
    server.says(_page("a", "b", "c"))
    listing = await cluster.list(PODS, limit=2)
    assert (_names(listing), listing.unread) == (["a", "b"], 1)


async def test_a_list_of_null(server: Server, cluster: BoundCluster) -> None:
    """A null where a list belongs is an empty one."""
    server.says(json({"kind": "PodList", "metadata": None, "items": None}))
    assert await cluster.list(PODS) == Listing(())


async def test_a_list_that_expires_on_the_way(server: Server, cluster: BoundCluster) -> None:
    """A 410 between pages starts the list again, from its first page."""
    server.says(_page("a", token="t"), status(410, "Expired"), _page("b"))
    assert _names(await cluster.list(PODS)) == ["b"]
    assert "continue" not in server.requests[2].query


async def test_a_list_that_expires_always(server: Server, cluster: BoundCluster) -> None:
    """A list that expires again and again is given up."""
    server.says(*[status(410, "Expired")] * 3)
    with pytest.raises(Expired):
        await cluster.list(PODS)


async def test_a_table(server: Server, cluster: BoundCluster) -> None:
    """A table's cells become text, and its columns keep their priority."""
    columns = [{"name": "Name", "priority": 0}, {"name": "IP", "priority": 1}]
    rows = [{"cells": ["web", None], "object": None}, {"cells": [1, True]}, {"cells": None}]
    server.says(json({"kind": "Table", "columnDefinitions": columns, "rows": rows}))
    wanted = Table((Column("Name"), Column("IP", 1)), (Row(("web", "")), Row(("1", "true")), Row(())))
    assert await cluster.table(PODS) == wanted
    assert server.requests[0].headers["Accept"] == "application/json;as=Table;v=v1;g=meta.k8s.io"
    assert server.requests[0].query["includeObject"] == "None"


async def test_a_table_with_labels(server: Server, cluster: BoundCluster) -> None:
    """Labels come from the objects' metadata, in order."""
    rows = [{"cells": ["web"], "object": {"metadata": {"labels": {"b": "2", "a": "1"}}}}]
    server.says(json({"kind": "Table", "columnDefinitions": [{"name": "Name"}], "rows": rows}))
    table = await cluster.table(PODS, labels=True)
    assert table.rows == (Row(("web",), (("a", "1"), ("b", "2"))),)
    assert server.requests[0].query["includeObject"] == "Metadata"


async def test_no_table(server: Server, cluster: BoundCluster) -> None:
    """An answer that is no Table is a fault."""
    server.says(_page("a"))
    with pytest.raises(ServerFault, match="Table"):
        await cluster.table(PODS)


async def test_create(server: Server, cluster: BoundCluster) -> None:
    """An object is created under strict validation, or only checked."""
    server.says(json({}, 201), json({}, 201))
    await cluster.create(PODS, {"kind": "Pod"})
    await cluster.create(PODS, {"kind": "Pod"}, dry_run=True)
    path = f"{HERE}?fieldValidation=Strict"
    assert _came(server) == [("POST", path), ("POST", f"{path}&dryRun=All")]
    assert server.bodies == [b'{"kind": "Pod"}'] * 2


async def test_a_dry_run_has_no_unknown_outcome(server: Server, cluster: BoundCluster) -> None:
    """What changes nothing can't have happened, with or without an answer."""
    server.says(drop, drop)
    with pytest.raises(ServerFault):
        await cluster.create(PODS, {}, dry_run=True)
    with pytest.raises(ServerFault):
        await cluster.delete(PODS, "web", uid="u", dry_run=True)


async def test_patch(server: Server, cluster: BoundCluster) -> None:
    """A JSON Patch goes out as one."""
    server.says(json({}))
    await cluster.patch(PODS, "web", [{"op": "remove", "path": "/a"}])
    assert _came(server) == [("PATCH", f"{HERE}/web?fieldValidation=Strict")]
    assert server.requests[0].headers["Content-Type"] == "application/json-patch+json"
    assert server.bodies == [b'[{"op": "remove", "path": "/a"}]']


async def test_delete(server: Server, cluster: BoundCluster) -> None:
    """A delete is bound to a UID; the dry run stands in the body, for the query is not read beside one."""
    server.says(json({}), json({}))
    await cluster.delete(PODS, "web", uid="u-1")
    await cluster.delete(PODS, "web", uid="u-1", grace_period=0, dry_run=True)
    plain, dry = (jsons.loads(body) for body in server.bodies)
    options = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"}
    assert plain == {**options, "preconditions": {"uid": "u-1"}}
    assert dry == {**plain, "gracePeriodSeconds": 0, "dryRun": ["All"]}
    assert _came(server) == [("DELETE", f"{HERE}/web")] * 2


async def test_evict(server: Server, cluster: BoundCluster) -> None:
    """An eviction is bound to a UID, and says when a budget forbids it."""
    server.says(json({}, 201), status(429, "TooManyRequests", "disruption budget", retryAfterSeconds=10))
    await cluster.evict(WEB, uid="u-1", grace_period=3, dry_run=True)
    with pytest.raises(TooMany) as caught:
        await cluster.evict(WEB, uid="u-1")
    assert caught.value.retry_after == 10
    assert _came(server)[0] == ("POST", f"{HERE}/web/eviction?fieldValidation=Strict&dryRun=All")
    assert jsons.loads(server.bodies[0]) == {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": "web", "namespace": "shop"},
        "deleteOptions": {"preconditions": {"uid": "u-1"}, "gracePeriodSeconds": 3},
    }


async def test_no_end_without_a_uid(server: Server, cluster: BoundCluster) -> None:
    """Without a UID nothing is ended, whatever has the name."""
    with pytest.raises(BadName):
        await cluster.delete(PODS, "web", uid="")
    with pytest.raises(BadName):
        await cluster.evict(WEB, uid="")
    assert server.requests == []


async def test_a_change_that_is_cut(server: Server, cluster: BoundCluster) -> None:
    """A delete whose answer was cut may have happened."""
    server.says(cut(b"{"))
    with pytest.raises(OutcomeUnknown):
        await cluster.delete(PODS, "web", uid="u-1")


async def test_a_log_and_what_it_asks(server: Server, cluster: BoundCluster) -> None:
    """A log's options are kubectl's, and its bytes are not touched."""
    server.says(stream(b"\xff\x00", b"more"), text(b"", 204))
    query = LogQuery("main", previous=True, tail=0, since=60, timestamps=True, follow=True, budget=100)
    async with aclosing(cluster.logs(WEB, query)) as chunks:
        assert b"".join([chunk async for chunk in chunks]) == b"\xff\x00more"
    assert [chunk async for chunk in cluster.logs(WEB, LogQuery("main"))] == []
    asked = "container=main&previous=true&follow=true&timestamps=true&tailLines=0&sinceSeconds=60&limitBytes=100"
    assert _came(server)[0] == ("GET", f"{HERE}/web/log?{asked}")
    assert _came(server)[1] == ("GET", f"{HERE}/web/log?container=main&limitBytes={16 * 1024 * 1024}")


async def test_a_log_beyond_its_budget(server: Server, cluster: BoundCluster) -> None:
    """A server that sends more than the budget is left."""
    server.says(text(b"abcdef"))
    async with aclosing(cluster.logs(WEB, LogQuery("main", budget=4))) as chunks:
        assert [chunk async for chunk in chunks] == [b"abcd"]


async def test_a_watch(server: Server, cluster: BoundCluster) -> None:
    """Changes come as they are, cut wherever the network cuts them; bookmarks are left out."""
    server.says(
        stream(b'{"type":"ADDED","obj', b'ect":{"a":1}}\n\n{"type":"BOOKMARK","object":{}}\n{"type":"DEL', b'ETED"}\n')
    )
    async with aclosing(cluster.watch(PODS, version="5", fields="metadata.name=web")) as changes:
        assert [change async for change in changes] == [Change("ADDED", {"a": 1}), Change("DELETED", {})]
    asked = "fieldSelector=metadata.name%3Dweb&watch=true&timeoutSeconds=60&resourceVersion=5"
    assert _came(server) == [("GET", f"{HERE}?{asked}")]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"type":"ERROR","object":{"code":410,"reason":"Expired","message":"too old"}}\n', Expired),
        (b'{"type":"ERROR","object":null}\n', ServerFault),
        (b"<html>\n", ServerFault),
    ],
)
async def test_a_watch_that_fails(server: Server, cluster: BoundCluster, body: bytes, kind: type[ClusterError]) -> None:
    """An ERROR event is raised as what it tells."""
    server.says(stream(body))
    with pytest.raises(kind):
        assert [change async for change in cluster.watch(PODS)]


async def test_a_watch_beyond_its_time(server: Server, cluster: BoundCluster) -> None:
    """A watch that the server does not end is left when its time is over."""
    server.says(stream(b'{"type":"ADDED","object":{}}\n', *[b"\n" * 1000] * 1000))
    async with aclosing(cluster.watch(PODS, seconds=0)) as changes:
        assert len([change async for change in changes]) <= 1


def test_a_line_that_is_too_long() -> None:
    """A line that does not end is given up."""
    lines = Lines(10)
    assert lines.feed(b"12345\n6") == [b"12345"]
    with pytest.raises(ServerFault, match="more than 10 bytes"):
        lines.feed(b"789012345678")


async def test_who(server: Server, cluster: BoundCluster) -> None:
    """A review's answer is read whatever is null in it."""
    user = {"username": "alice", "groups": ["g"], "extra": {"b": ["2"], "a": None}}
    server.says(json({"status": {"userInfo": user}}, 201), json({"status": None}, 201))
    assert await cluster.who() == Who("alice", ("g",), (("a", ()), ("b", ("2",))))
    assert await cluster.who() == Who("")
    assert _came(server)[0] == ("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews")


@pytest.mark.parametrize(
    ("answer", "may"),
    [({"allowed": True}, True), ({"allowed": False}, False), ({"allowed": True, "denied": True}, False)],
)
async def test_allowed(server: Server, cluster: BoundCluster, answer: dict[str, bool], may: bool) -> None:  # noqa: FBT001  # a parameter set's
    """An access review asks in RBAC's words, here or in the whole cluster."""
    server.says(json({"status": answer}, 201), json({"status": answer}, 201))
    assert await cluster.allowed(Access("get", "pods/log")) is may
    assert await cluster.allowed(Access("list", "storageclasses", "storage.k8s.io", scope="cluster")) is may
    here, everywhere = (jsons.loads(body)["spec"]["resourceAttributes"] for body in server.bodies)
    assert here == {"namespace": "shop", "verb": "get", "resource": "pods", "subresource": "log"}
    assert everywhere == {"verb": "list", "group": "storage.k8s.io", "resource": "storageclasses"}
