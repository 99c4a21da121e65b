"""Selectors and affinities in words."""

import pytest

from bot.core.requirements import label_selector, node_affinity
from bot.core.resources import Json


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ({"matchLabels": {"app": "web", "tier": "front"}}, "app=web,tier=front"),
        (
            {
                "matchLabels": {"app": "web"},
                "matchExpressions": [
                    {"key": "a", "operator": "In", "values": ["1", "2"]},
                    {"key": "b", "operator": "NotIn", "values": ["3"]},
                    {"key": "c", "operator": "Exists"},
                    {"key": "d", "operator": "DoesNotExist", "values": []},
                    {"key": "e", "operator": "In", "values": ["4"]},
                ],
            },
            "app=web,a in (1,2),b notin (3),c,!d,e=4",
        ),
        ({}, ""),
        (None, ""),
        ({"matchLabels": None, "matchExpressions": [None, {}]}, "  ()"),
    ],
)
def test_a_label_selector(selector: Json | None, words: str) -> None:
    """A selector reads as it would be typed."""
    assert label_selector(selector) == words


def test_a_node_affinity() -> None:
    """Terms are told with or, since one is enough, and what they require with commas."""
    zone = {"key": "zone", "operator": "In", "values": ["a"]}
    size = {"key": "size", "operator": "Gt", "values": ["4"]}
    name = {"key": "metadata.name", "operator": "In", "values": ["n1"]}
    terms = [{"matchExpressions": [zone, size]}, {"matchFields": [name]}, {}]
    assert node_affinity({"required": {"nodeSelectorTerms": terms}}) == "zone=a,size>4 or metadata.name=n1"
    assert node_affinity({"required": None}) == ""
