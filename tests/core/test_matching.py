"""Selectors of objects, against labels."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.matching import picks, picks_equal

KEYS, VALUES = st.sampled_from("abc"), st.sampled_from(["", "x", "y"])
LABELS = st.dictionaries(KEYS, VALUES)
EXPRESSION = st.fixed_dictionaries(
    {
        "key": KEYS,
        "operator": st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist"]),
        "values": st.none() | st.lists(VALUES, max_size=2),
    }
)
SELECTOR = st.fixed_dictionaries(
    {}, optional={"matchLabels": st.none() | LABELS, "matchExpressions": st.none() | st.lists(EXPRESSION, max_size=3)}
)


def naive(selector: Any, labels: dict[str, str]) -> bool:
    """Decide by sets of key and value, requirement by requirement."""
    held = set(labels.items())
    verdicts = [pair in held for pair in (selector.get("matchLabels") or {}).items()]
    for one in selector.get("matchExpressions") or []:
        listed = {(one["key"], value) for value in one["values"] or []}
        is_there = one["key"] in labels
        verdicts.append(
            {
                "In": bool(listed & held),
                "NotIn": not listed & held,
                "Exists": is_there,
                "DoesNotExist": not is_there,
            }[one["operator"]]
        )
    return False not in verdicts


@given(SELECTOR, LABELS)
def test_a_selector_picks_what_its_requirements_say(selector: Any, labels: dict[str, str]) -> None:
    """A selector picks labels that meet every one of its requirements, with null for any of its parts."""
    assert picks(selector, labels) is naive(selector, labels)


@given(st.none() | LABELS, LABELS)
def test_a_plain_map_picks_what_it_is_part_of(selector: Any, labels: dict[str, str]) -> None:
    """A Service's selector picks labels that it is a part of, and nothing where it is empty or null."""
    assert picks_equal(selector, labels) is (bool(selector) and set(selector.items()) <= set(labels.items()))


@pytest.mark.parametrize(
    ("selector", "is_picked"),
    [
        (None, False),
        ("app=web", False),
        ({}, True),
        ({"matchLabels": None, "matchExpressions": None}, True),
        ({"matchExpressions": [{"key": "app", "operator": "Near"}]}, False),
        ({"matchExpressions": [{"key": None, "operator": "In", "values": None}]}, False),
        ({"matchExpressions": ["app"]}, True),
    ],
)
def test_junk_is_borne(selector: Any, *, is_picked: bool) -> None:
    """Null picks nothing, an empty selector everything, and an unknown operator nothing."""
    assert picks(selector, {"app": "web"}) is is_picked
