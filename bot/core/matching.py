"""Whether the selectors that objects carry pick something with given labels.

What is null, missing or unknown in a selector picks nothing, for so the controllers read it. Source:
LabelSelectorAsSelector in https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/helpers.go.
"""

from collections.abc import Mapping
from typing import Any

from bot.core.reading import objects, strings, text, texts
from bot.core.resources import Json


def picks(selector: Any, labels: Mapping[str, str]) -> bool:
    """Whether a LabelSelector, as ReplicaSets and Jobs have one, picks these labels; an empty one picks everything."""
    if not isinstance(selector, dict):
        return False
    expressions = objects(selector.get("matchExpressions"))
    return _equal(strings(selector.get("matchLabels")), labels) and all(_meets(one, labels) for one in expressions)


def picks_equal(selector: Any, labels: Mapping[str, str]) -> bool:
    """Whether a plain map, as Services and ReplicationControllers have one, picks these labels; an empty one nothing.

    Source: https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors.
    """
    wanted = strings(selector)
    return bool(wanted) and _equal(wanted, labels)


def _equal(wanted: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    return all(labels.get(key) == value for key, value in wanted.items())


def _meets(expression: Json, labels: Mapping[str, str]) -> bool:
    value, values = labels.get(text(expression.get("key"))), texts(expression.get("values"))
    match expression.get("operator"):
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
    return False
