"""Disruption budgets and evictions.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/storage/eviction.go.
"""

import math
from http import HTTPStatus
from typing import Any

from bot.core.reading import mapping, objects
from bot.core.resources import Json
from bot.demo.cluster import kinds, times
from bot.demo.cluster.scheduling import ENDED
from bot.demo.cluster.selectors import pods_of
from bot.demo.cluster.status import StatusError
from bot.demo.cluster.store import Store

_REFUSED = "Cannot evict pod as it would violate the pod's disruption budget."
_SEVERAL = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."


def budget_status(store: Store, budget: Json) -> Json:
    """Return a budget's status: how many pods are healthy, and how many may go."""
    spec = mapping(budget.get("spec"))
    matches = pods_of(spec.get("selector"))
    pods = [pod for pod in store.list(kinds.PODS, budget["metadata"]["namespace"]) if matches(pod) and not _over(pod)]
    healthy = sum(_is_healthy(pod) for pod in pods)
    if spec.get("maxUnavailable") is not None:
        desired = len(pods) - _share(spec["maxUnavailable"], len(pods))
    else:
        desired = _share(spec.get("minAvailable", 1), len(pods))
    allowed = max(0, healthy - desired)
    return {
        "conditions": [_condition(store, budget, allowed)],
        "observedGeneration": budget["metadata"]["generation"],
        "currentHealthy": healthy,
        "desiredHealthy": desired,
        "disruptionsAllowed": allowed,
        "expectedPods": len(pods),
    }


def _condition(store: Store, budget: Json, allowed: int) -> Json:
    """Return what a budget says of itself; it keeps its time while it says the same."""
    status = str(allowed > 0)
    known = objects(mapping(budget.get("status")).get("conditions"))
    since = next((one["lastTransitionTime"] for one in known if one["status"] == status), times.seconds(store.now()))
    return {
        "type": "DisruptionAllowed",
        "status": status,
        "reason": "SufficientPods" if allowed else "InsufficientPods",
        "message": "",
        "observedGeneration": budget["metadata"]["generation"],
        "lastTransitionTime": since,
    }


def check_eviction(store: Store, pod: Json) -> None:
    """Raise the 429 for a pod that a budget keeps, and the 500 for one that several keep."""
    if _over(pod) or not pod["spec"].get("nodeName") or pod["metadata"].get("deletionTimestamp"):
        return
    budgets = store.list(kinds.BUDGETS, pod["metadata"]["namespace"])
    keeping = [one for one in budgets if pods_of(mapping(one.get("spec")).get("selector"))(pod)]
    if len(keeping) > 1:
        raise StatusError(HTTPStatus.INTERNAL_SERVER_ERROR, "", _SEVERAL)
    for budget in keeping:
        status = budget_status(store, budget)
        if status["disruptionsAllowed"] < 1 and _is_healthy(pod):
            raise _refusal(budget, status)


def _refusal(budget: Json, status: Json) -> StatusError:
    numbers = f"{status['desiredHealthy']} healthy pods and has {status['currentHealthy']} currently"
    message = f"The disruption budget {budget['metadata']['name']} needs {numbers}"
    details = {"causes": [{"reason": "DisruptionBudget", "message": message}]}
    return StatusError(HTTPStatus.TOO_MANY_REQUESTS, "TooManyRequests", _REFUSED, details=details)


def _share(amount: Any, total: int) -> int:
    if isinstance(amount, str):
        return math.ceil(int(amount.rstrip("%")) * total / 100)
    return int(amount)


def _over(pod: Json) -> bool:
    return pod["status"].get("phase") in ENDED


def _is_healthy(pod: Json) -> bool:
    conditions = objects(pod["status"].get("conditions"))
    ready = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
    return ready and not pod["metadata"].get("deletionTimestamp")
