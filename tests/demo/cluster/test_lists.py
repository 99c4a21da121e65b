"""Lists in pages, and watches."""

import json
from typing import Any

import pytest

from bot.core.resources import Json
from bot.demo.cluster.answers import Stream
from tests.demo.cluster.bench import PODS, Bench, pod


@pytest.fixture
def four(bench: Bench) -> Bench:
    """Return a cluster with the pods a to d."""
    for name in "abcd":
        bench.pod(name)
    return bench


def _names(listing: Json) -> list[str]:
    return [item["metadata"]["name"] for item in listing["items"]]


def test_a_list_in_pages(four: Bench) -> None:
    """Each page says how to go on and how many are left; the last one says neither."""
    first = four.get(PODS, limit="3")
    assert _names(first) == ["a", "b", "c"]
    assert first["metadata"]["remainingItemCount"] == 1
    last = four.get(PODS, limit="3", **{"continue": first["metadata"]["continue"]})
    assert _names(last) == ["d"]
    assert last["metadata"] == {"resourceVersion": first["metadata"]["resourceVersion"]}
    assert "kind" not in last["items"][0]


def test_a_narrowed_list_does_not_count(four: Bench) -> None:
    """A list that a selector narrows does not say how many are left."""
    assert "remainingItemCount" not in four.get(PODS, limit="1", labelSelector="!app")["metadata"]


def test_pages_are_one_list(four: Bench) -> None:
    """What changed after the first page is not seen by the next."""
    first = four.get(PODS, limit="1")
    four.ask("DELETE", f"{PODS}/b", {"gracePeriodSeconds": 0})
    four.pod("c2")
    assert _names(four.get(PODS, **{"continue": first["metadata"]["continue"]})) == ["b", "c", "d"]


def test_a_list_that_expired(four: Bench) -> None:
    """A page that comes too late is answered with 410, and with a token for the rest as it is now."""
    token = four.get(PODS, limit="2")["metadata"]["continue"]
    four.pod("e")
    four.simulation.compact()
    given = four.ask("GET", PODS, query={"continue": token})
    assert (given.status, given.json()["reason"]) == (410, "Expired")
    assert given.json()["message"].startswith("The provided continue parameter is too old")
    assert _names(four.get(PODS, **{"continue": given.json()["metadata"]["continue"]})) == ["c", "d", "e"]


def test_a_token_that_is_none(bench: Bench) -> None:
    """A token that the server never gave is a bad request, and so is one beside a version."""
    code, message = bench.says("GET", PODS, query={"continue": "zzz"})
    assert code == 400
    assert message.startswith("invalid continue token: continue key is not valid")
    code, message = bench.says("GET", PODS, query={"continue": "zzz", "resourceVersion": "5"})
    assert message == "specifying resource version is not allowed when using continue"


def test_a_limit_that_is_no_number(bench: Bench) -> None:
    """A limit must be a number."""
    wanted = 'strconv.ParseInt: parsing "x": invalid syntax'
    assert bench.says("GET", PODS, query={"limit": "x"}) == (400, wanted)


def _watch(bench: Bench, **query: str) -> Stream:
    stream = bench.ask("GET", PODS, query={"watch": "true", **query}).stream
    assert stream is not None
    return stream


def _told(stream: Stream) -> list[tuple[str, str]]:
    events: list[Any] = [json.loads(line) for line in (stream.read() or b"").splitlines()]
    return [(event["type"], event["object"]["metadata"].get("name", "")) for event in events]


def test_a_watch_begins_with_what_is_there(four: Bench) -> None:
    """A watch from no version tells what is there, and then what comes."""
    watch = _watch(four)
    assert _told(watch) == [("ADDED", name) for name in "abcd"]
    four.pod("e")
    assert _told(watch) == [("ADDED", "e")]


def test_a_watch_from_a_version(four: Bench) -> None:
    """A watch from a list's version tells what came after, deletion included."""
    watch = _watch(four, resourceVersion=four.get(PODS)["metadata"]["resourceVersion"])
    four.ask("DELETE", f"{PODS}/a")
    assert _told(watch) == [("MODIFIED", "a"), ("DELETED", "a")]
    assert _told(watch) == []


def test_a_watch_of_some(four: Bench) -> None:
    """To a watch with a selector, what begins to match is added and what ceases to is deleted."""
    watch = _watch(four, labelSelector="app=web")
    patch = {"Content-Type": "application/merge-patch+json"}
    for value in ("web", "api"):
        four.ask("PATCH", f"{PODS}/a", {"metadata": {"labels": {"app": value}}}, headers=patch)
    assert _told(watch) == [("ADDED", "a"), ("DELETED", "a")]


async def test_a_watch_ends(bench: Bench) -> None:
    """A watch is over when its time is."""
    watch = _watch(bench, timeoutSeconds="5")
    assert watch.read() == b""
    await bench.wait(5)
    assert watch.read() is None


def test_a_watch_that_is_too_old(four: Bench) -> None:
    """A watch from a version that was forgotten tells an error, and ends."""
    watch = _watch(four)
    four.simulation.compact()
    four.pod("e")
    late = _watch(four, resourceVersion="1")
    event = json.loads(late.read() or b"")
    assert event["type"] == "ERROR"
    assert event["object"]["message"].startswith("too old resource version: 1 (")
    assert late.read() is None
    assert _told(watch)[0] == ("ADDED", "a")


def test_a_watch_that_falls_behind(four: Bench) -> None:
    """A watch whose past was forgotten while nobody read it tells an error, and ends."""
    watch = _watch(four)
    assert _told(watch)
    four.pod("e")
    four.simulation.compact()
    assert _told(watch) == [("ERROR", "")]
    assert watch.read() is None


def test_a_watch_from_junk(bench: Bench) -> None:
    """A version that is no number is refused."""
    code, message = bench.says("GET", PODS, query={"watch": "true", "resourceVersion": "abc"})
    assert (code, 'Invalid value: "abc"' in message) == (500, True)


def test_the_past_is_bounded() -> None:
    """The store forgets the older half of a past that grows long: who watches on from the newer half goes on."""
    bench = Bench(kept=16)
    version = bench.get(PODS)["metadata"]["resourceVersion"]
    for name in "abcdefghijklmnopqrstuvw":
        bench.create(PODS, pod(name))
    recent = bench.get(PODS)["metadata"]["resourceVersion"]
    bench.create(PODS, pod("newest"))
    assert len(bench.simulation.store.changes) <= 16
    assert b"too old" in (_watch(bench, resourceVersion=version).read() or b"")
    assert b"too old" not in (_watch(bench, resourceVersion=recent).read() or b"")


def test_the_record_is_bounded() -> None:
    """A simulation that is asked to keeps the last requests only."""
    bench = Bench(kept=5)
    for name in "abcdefgh":
        bench.ask("GET", f"{PODS}/{name}")
    assert [entry.name for entry in bench.simulation.audit] == list("defgh")
