"""What the API server refuses in quotas and limit ranges.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go.
"""

from collections.abc import Iterator
from typing import Final

from bot.core.reading import mapping, objects, strings, text
from bot.core.resources import Json
from bot.demo.cluster import rules
from bot.demo.cluster.rules import amount
from bot.demo.cluster.status import Cause, prohibited, wrong

_STANDARD: Final = frozenset(
    {
        *(f"{part}{name}" for part in ("", "requests.", "limits.") for name in ("cpu", "memory", "ephemeral-storage")),
        *("requests.storage", "persistentvolumeclaims", "pods", "services", "services.nodeports"),
        *("services.loadbalancers", "secrets", "configmaps", "resourcequotas", "replicationcontrollers"),
    }
)
_WHOLE: Final = _STANDARD - {one for one in _STANDARD if "cpu" in one or "memory" in one or "storage" in one}


def quota_causes(item: Json) -> Iterator[Cause]:
    """Yield what is wrong with a ResourceQuota."""
    for name, value in strings(mapping(item.get("spec")).get("hard")).items():
        path = f"spec.hard[{name}]"
        if "/" not in name and name not in _STANDARD:
            yield wrong(path, name, "must be a standard resource type or fully qualified")
            yield wrong(path, name, "must be a standard resource for quota")
        if amount(value) < 0:
            yield wrong(path, value, "must be greater than or equal to 0")
        elif (name in _WHOLE or name.startswith("count/")) and amount(value) % 1:
            yield wrong(path, value, "must be an integer")


def limit_causes(item: Json) -> Iterator[Cause]:
    """Yield what is wrong with a LimitRange."""
    for index, one in enumerate(objects(mapping(item.get("spec")).get("limits"))):
        path = f"spec.limits[{index}]"
        for why in rules.key_problems(text(one.get("type"))):
            yield wrong(f"{path}.type", text(one.get("type")), why)
        if one.get("type") == "Pod":
            for key in ("default", "defaultRequest"):
                if one.get(key):
                    yield prohibited(f"{path}.{key}", "may not be specified when `type` is 'Pod'")
            continue
        yield from _limit(path, one)


def _limit(path: str, limit: Json) -> Iterator[Cause]:
    keys = {"min": "min", "defaultRequest": "default request", "default": "default", "max": "max"}
    amounts = {key: strings(limit.get(key)) for key in keys}
    for name in sorted({name for one in amounts.values() for name in one}):
        # the server names the field that is to blame, but sometimes shows another's value
        for low, high, field, shown in (
            ("min", "max", "min", "min"),
            ("min", "defaultRequest", "defaultRequest", "defaultRequest"),
            ("defaultRequest", "max", "defaultRequest", "defaultRequest"),
            ("defaultRequest", "default", "defaultRequest", "defaultRequest"),
            ("min", "default", "default", "min"),
            ("default", "max", "default", "max"),
        ):
            least, most = amounts[low].get(name), amounts[high].get(name)
            if least is not None and most is not None and amount(least) > amount(most):
                why = f"{keys[low]} value {least} is greater than {keys[high]} value {most}"
                yield wrong(f"{path}.{field}[{name}]", amounts[shown][name], why)
