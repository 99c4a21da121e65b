from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import Forbidden, NotFound
from bot.core.names import PodName
from bot.core.replies import Reply
from bot.core.resources import Json, Listing
from bot.render.blocks import context, section, table
from bot.render.limits import fit
from handlers.events import COMMAND, LIMIT, Events
from tests.core.samples import raw_pod
from tests.fakes import NOW, FakeCluster, context_of
from tests.handlers.running import answer
from tests.handlers.shop import Shop

HEADERS = ("Age", "Type", "Reason", "Object", "Message", "Count")
KEPT = "Kubernetes keeps events for an hour by default."
OWN = "Only of this very pod, not of its controller or a namesake: `/pod events -n shop` has those."
ABOUT = "involvedObject.kind=Pod,involvedObject.name=web-1,involvedObject.uid=uid-web-1"


def asked(pod: str | None = None, *, warnings: bool = False, since: int | None = None) -> Events:
    """Return a request for events."""
    return Events(PodName(pod) if pod else None, warnings, since)


def ago(seconds: int) -> str:
    """Return the time so many seconds before now, as the API server writes it."""
    return (NOW - timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def old(reason: str, message: str, seconds: int, count: int = 1, type_: str = "Normal") -> Json:
    """Return an event of the old API about web-1."""
    about = {"kind": "Pod", "name": "web-1", "uid": "uid-web-1"}
    times = {"lastTimestamp": ago(seconds), "eventTime": None, "count": count}
    return {"type": type_, "reason": reason, "message": message, "involvedObject": about, **times}


def new(reason: str, note: str, seconds: int, **more: Any) -> Json:
    """Return an event of the new API about a ReplicaSet."""
    about = {"kind": "ReplicaSet", "name": "web", "uid": "uid-web"}
    times = {"lastTimestamp": None, "count": None, "eventTime": ago(seconds)}
    return {"type": "Normal", "reason": reason, "note": note, "regarding": about, **times, **more}


BACK_OFF = "Back-off restarting <!channel>"
LISTED = [
    old("BackOff", BACK_OFF, 20, 4, "Warning"),
    new("SuccessfulCreate", "Created pod: web-1", 300, series={"count": 2, "lastObservedTime": ago(120)}),
    old("BackOff", BACK_OFF, 600, 3, "Warning"),
]


async def test_the_namespaces_events() -> None:
    """Events of both APIs come in one table, the newest last, what was said again folded into one with its count."""
    cluster = FakeCluster({"list events": LISTED})
    heading = "*2 events*, seen 9 times, in `main/shop`"
    rows = [
        ("2m", "Normal", "SuccessfulCreate", "replicaset/web", "Created pod: web-1", "2"),
        ("20s", "Warning", "BackOff", "pod/web-1", BACK_OFF, "7"),
    ]
    assert await answer(COMMAND, context_of(cluster), asked()) == Reply(
        heading, (section(heading), table(HEADERS, rows, right=(5,)), context(KEPT))
    )
    assert cluster.calls == [("list events", {"selector": "", "fields": "", "limit": LIMIT})]


async def test_one_pods_events() -> None:
    """A pod's events are those of its UID, which is pinned, and the answer says whose are not among them."""
    cluster = FakeCluster({"get pods/web-1": raw_pod(), "list events": [old("Pulled", "here", 5)]})
    reply = await answer(COMMAND, context_of(cluster), asked("web-1"))
    row = ("5s", "Normal", "Pulled", "pod/web-1", "here", "1")
    heading = "*1 event* of `web-1` in `main/shop`"
    assert reply == Reply(
        heading,
        (section(heading), table(HEADERS, [row], right=(5,)), context(OWN, KEPT)),
        pins={"pod/web-1": "uid-web-1"},
    )
    assert cluster.calls[-1] == ("list events", {"selector": "", "fields": ABOUT, "limit": LIMIT})


async def test_warnings_and_since() -> None:
    """The server picks the warnings; those seen too long ago are left out, and counts are said to reach back."""
    warnings = [LISTED[0], old("Unhealthy", "probe", 61, type_="Warning"), old("Failed", "now", 60, type_="Warning")]
    cluster = FakeCluster({"list events": warnings})
    reply = await answer(COMMAND, context_of(cluster), asked(warnings=True, since=60))
    rows = [
        ("60s", "Warning", "Failed", "pod/web-1", "now", "1"),
        ("20s", "Warning", "BackOff", "pod/web-1", BACK_OFF, "4"),
    ]
    assert reply.blocks == (
        section("*2 warnings*, seen 5 times, in `main/shop` in the last 60s"),
        table(HEADERS, rows, right=(5,)),
        context("Counts reach further back.", KEPT),
    )
    assert cluster.calls[0][1]["fields"] == "type=Warning"


async def test_warnings_of_a_pod() -> None:
    """Both selectors are one."""
    cluster = FakeCluster({"get pods/web-1": raw_pod(), "list events": []})
    await answer(COMMAND, context_of(cluster), asked("web-1", warnings=True))
    assert cluster.calls[-1][1]["fields"] == f"{ABOUT},type=Warning"


@pytest.mark.parametrize(
    ("request_", "heading", "then"),
    [
        (asked(), "No events in `main/shop`", "`/pod list -n shop` shows what runs here."),
        (asked("web-1"), "No events of `web-1` in `main/shop`", "`/pod logs web-1 -n shop` shows what it printed."),
        (asked(warnings=True), "No warnings in `main/shop`", "`/pod events -n shop` shows all that there are."),
        (
            asked("web-1", since=5400),
            "No events of `web-1` in `main/shop` in the last 90m",
            "`/pod events web-1 -n shop` shows all that there are.",
        ),
    ],
)
async def test_nothing(request_: Events, heading: str, then: str) -> None:
    """No events are told with how long events are kept, and with what to type next."""
    cluster = FakeCluster({"get pods/web-1": raw_pod(), "list events": []})
    reply = await answer(COMMAND, context_of(cluster), request_)
    pins = {"pod/web-1": "uid-web-1"} if request_.pod else {}
    assert reply == Reply(heading, (section(f"{heading}."), context(then, KEPT)), pins=pins)


@pytest.mark.parametrize(("length", "shown"), [(20, 99), (900, 7), (8000, 1)])
async def test_many(length: int, shown: int) -> None:
    """Where not all fit, the newest are shown, the file has all in time order, and nothing more is cut on the way."""
    listed = [old(f"R{index}", f"{index} {'x' * length}", 200 - index) for index in range(120)]
    reply = await answer(COMMAND, context_of(FakeCluster({"list events": listed})), asked())
    rows = reply.blocks[1]["rows"]
    assert [row[2]["text"] for row in rows[1:]] == [f"R{index}" for index in range(120 - shown, 120)]
    note = f"The newest {shown} of 120; the file `shop-events.txt` has all."
    assert reply.blocks[2] == context(note, KEPT)
    assert reply.file is not None
    assert reply.file.name == "shop-events.txt"
    lines = reply.file.text.rstrip().split("\n")
    assert [line.split()[2] for line in lines[1:]] == [f"R{index}" for index in range(120)]
    assert (fit(reply).blocks == reply.blocks) == (length < 1000)


@pytest.mark.parametrize(("unread", "words"), [(1500, "1,500 were not read"), (None, "More were not read")])
async def test_unread(unread: int | None, words: str) -> None:
    """Events that were not read are told, for the newest may be among them."""
    listing = Listing((old("Pulled", "here", 5),), unread)
    reply = await answer(COMMAND, context_of(FakeCluster({"list events": listing})), asked())
    why = ", newer ones perhaps among them: the API server does not give them by time."
    assert reply.blocks[-1] == context(f"{words}{why}", KEPT)


async def test_an_event_without_a_time() -> None:
    """An event that no field dates is never hidden by --since."""
    undated = {"type": "Normal", "reason": "Odd", "involvedObject": None}
    reply = await answer(COMMAND, context_of(FakeCluster({"list events": [undated]})), asked(since=1))
    assert reply.blocks[1] == table(HEADERS, [("<unknown>", "Normal", "Odd", "/", "", "1")], right=(5,))


async def test_forbidden() -> None:
    """Without the right to list events, the server's refusal is the answer."""
    with pytest.raises(Forbidden):
        await answer(COMMAND, context_of(FakeCluster({"list events": Forbidden("no")})), asked())


async def test_a_crashing_pod() -> None:
    """Over the simulated cluster a pod's life is told in order, its restarts folded, and a namesake's is left out."""
    shop = Shop()
    shop.pod("web", "exit 3")
    await shop.wait(60)
    before = await shop.read("events web")
    reasons = [row[2]["text"] for row in before.blocks[1]["rows"][1:]]
    assert reasons[0] == "Scheduled"
    assert set(reasons) >= {"Pulled", "Started", "BackOff"}
    assert len(reasons) == len(set(reasons))
    warnings = await shop.read("events --warnings")
    assert {row[1]["text"] for row in warnings.blocks[1]["rows"][1:]} == {"Warning"}
    shop.ask("DELETE", "/api/v1/namespaces/shop/pods/web", query={"gracePeriodSeconds": "0"})
    shop.pod("web")
    after = await shop.read("events web")
    assert "BackOff" not in str(after.blocks)
    assert after.pins != before.pins


async def test_a_pod_that_is_not_there() -> None:
    """A missing pod is told with one that is called nearly so."""
    shop = Shop()
    shop.pod("web-1")
    with pytest.raises(NotFound, match=r"did you mean web-1\?"):
        await shop.read("events web")
