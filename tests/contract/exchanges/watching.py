"""Watches: from where, what is told, and how they end. Each lasts a second or two."""

from typing import Any

from tests.contract.exchanges.exchange import (
    MAPS,
    MERGE_PATCH,
    TABLE,
    Exchange,
    Story,
    config_map,
    create,
    delete,
    get,
    patch,
)


def _watch(what: str, **query: str) -> Exchange:
    asked = {"watch": "true", "timeoutSeconds": "1", "labelSelector": "by=podbot", **query}
    return get(what, MAPS, query={key: value for key, value in asked.items() if value})


def _labelled(what: str, name: str, **labels: Any) -> Exchange:
    return patch(what, f"{MAPS}/{name}", {"metadata": {"labels": labels}}, content=MERGE_PATCH)


_INITIAL = {
    "sendInitialEvents": "true",
    "resourceVersionMatch": "NotOlderThan",
    "allowWatchBookmarks": "true",
}
_EVENTS = Story(
    "events",
    (
        create("first", MAPS, config_map("first")),
        get("the version", MAPS, query={"labelSelector": "by=podbot"}, keep={"version": "metadata.resourceVersion"}),
        create("second", MAPS, config_map("second", colour="red")),
        _labelled("blue", "second", colour="blue"),
        _labelled("red again", "second", colour="red"),
        delete("gone", f"{MAPS}/first"),
        _watch("all that came after", resourceVersion="$version"),
        _watch("those who look for red see it come and go", resourceVersion="$version", labelSelector="colour=red"),
        _watch("one by name", resourceVersion="$version", labelSelector="", fieldSelector="metadata.name=second"),
        _watch("what is there first", resourceVersion="0"),
        _watch("what is there first, without a version"),
        _watch("a version that is none", resourceVersion="new"),
        _watch("a time that is none", timeoutSeconds="soon"),
        _watch("a bad selector", labelSelector="="),
        _watch("with a limit", resourceVersion="$version", limit="1"),
        _watch("a match without initial events", resourceVersion="$version", resourceVersionMatch="Exact"),
        _watch("initial events without a match", sendInitialEvents="true"),
        _watch("initial events that are exact", **{**_INITIAL, "resourceVersionMatch": "Exact"}),
        _watch("initial events that are none", **{**_INITIAL, "sendInitialEvents": "perhaps"}),
        _watch("no initial events", resourceVersion="$version", **{**_INITIAL, "sendInitialEvents": "false"}),
        _watch("initial events, and the bookmark after them", **_INITIAL),
        _watch("initial events without bookmarks", **{**_INITIAL, "allowWatchBookmarks": "false"}),
        _watch("bookmarks before it ends", resourceVersion="$version", allowWatchBookmarks="true", timeoutSeconds="4"),
    ),
)
_TABLES = Story(
    "tables",
    (
        create("first", MAPS, config_map("first")),
        get(
            "the version",
            MAPS,
            query={"labelSelector": "by=podbot"},
            accept=TABLE,
            keep={"version": "metadata.resourceVersion"},
        ),
        create("second", MAPS, config_map("second")),
        delete("gone", f"{MAPS}/second"),
        get(
            "a Table an event, with columns in the first alone",
            MAPS,
            accept=TABLE,
            query={
                "watch": "true",
                "timeoutSeconds": "1",
                "labelSelector": "by=podbot",
                "resourceVersion": "$version",
                "includeObject": "None",
            },
        ),
    ),
)
STORIES = (_EVENTS, _TABLES)
