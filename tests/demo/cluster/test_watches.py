"""Watches where they last too long for an exchange with the real cluster."""

import json
from collections.abc import Mapping

from bot.core.resources import Json
from bot.demo.cluster.answers import Stream
from tests.demo.cluster.bench import TABLE, Bench

MAPS = "/api/v1/namespaces/shop/configmaps"


def watch(bench: Bench, headers: Mapping[str, str] | None = None, **query: str) -> Stream:
    """Begin a watch."""
    stream = bench.ask("GET", MAPS, headers=headers, query={"watch": "true", **query}).stream
    assert stream is not None
    return stream


def told(stream: Stream) -> list[Json]:
    """Return what a watch has to tell."""
    return [json.loads(line) for line in (stream.read() or b"").splitlines()]


async def test_a_bookmark_a_minute(bench: Bench) -> None:
    """A watch that allows bookmarks gets one in a minute, and the last shortly before its end."""
    version = str(bench.simulation.store.version)
    stream = watch(bench, allowWatchBookmarks="true", timeoutSeconds="100", resourceVersion=version)
    kinds: list[list[str]] = []
    for _ in range(10):
        kinds.append([event["type"] for event in told(stream)])
        await bench.wait(10)
    assert kinds == [[]] * 6 + [["BOOKMARK"]] + [[]] * 3
    assert [event["type"] for event in told(stream)] == ["BOOKMARK"]
    assert stream.read() is None


async def test_no_bookmarks(bench: Bench) -> None:
    """A watch that does not ask for bookmarks gets none."""
    stream = watch(bench, timeoutSeconds="100", resourceVersion=str(bench.simulation.store.version))
    await bench.wait(90)
    assert told(stream) == []


async def test_tables_of_a_watch(bench: Bench) -> None:
    """A watch of Tables tells the columns once, and bookmarks as they are."""
    version = str(bench.simulation.store.version)
    stream = watch(bench, TABLE, resourceVersion=version, allowWatchBookmarks="true", timeoutSeconds="10")
    for name in ("one", "two"):
        bench.create(MAPS, {"metadata": {"name": name}})
    first, second = (event["object"] for event in told(stream))
    assert ([one["name"] for one in first["columnDefinitions"]], second["columnDefinitions"]) == (
        ["Name", "Data", "Age"],
        None,
    )
    await bench.wait(9)
    assert [event["object"]["kind"] for event in told(stream)] == ["ConfigMap"]


def test_a_list_of_a_forgotten_version(bench: Bench) -> None:
    """A list of exactly a version that is forgotten is gone."""
    bench.create(MAPS, {"metadata": {"name": "one"}})
    bench.simulation.compact()
    asked = {"resourceVersion": "1000", "resourceVersionMatch": "Exact"}
    assert bench.says("GET", MAPS, query=asked) == (410, "The resourceVersion for the provided list is too old.")
