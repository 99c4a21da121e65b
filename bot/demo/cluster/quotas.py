"""ResourceQuota at admission: pods by number, and what they ask for.

Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/.
"""

from decimal import Decimal

from bot.core.reading import mapping, objects
from bot.core.resources import Json
from bot.demo.cluster import kinds
from bot.demo.cluster.rules import quantity
from bot.demo.cluster.scheduling import ENDED, requested
from bot.demo.cluster.status import forbidden
from bot.demo.cluster.store import Store

_COUNTS = frozenset({"pods", "count/pods"})


def admit(store: Store, pod: Json) -> None:
    """Raise the 403 for a pod that a quota of its namespace has no room for."""
    name = pod["metadata"]["name"]
    for quota in store.list(kinds.QUOTAS, pod["metadata"]["namespace"]):
        hard = mapping(mapping(quota.get("spec")).get("hard"))
        title = quota["metadata"]["name"]
        for resource in hard:
            if missing := _unsaid(pod, resource):
                why = f"failed quota: {title}: must specify {resource} for: {','.join(missing)}"
                raise forbidden("", "pods", name, why)
        over = [one for one in hard if _used(store, quota, one) + _amount(pod, one) > (quantity(hard[one]) or 0)]
        if over:
            asked = ",".join(f"{one}={_written(_amount(pod, one))}" for one in over)
            used = ",".join(f"{one}={_written(_used(store, quota, one))}" for one in over)
            limited = ",".join(f"{one}={hard[one]}" for one in over)
            why = f"exceeded quota: {title}, requested: {asked}, used: {used}, limited: {limited}"
            raise forbidden("", "pods", name, why)


def status(store: Store, quota: Json) -> Json:
    """Return a quota's status: what is used of it."""
    hard = mapping(mapping(quota.get("spec")).get("hard"))
    return {"hard": hard, "used": {one: _written(_used(store, quota, one)) for one in hard}}


def _used(store: Store, quota: Json, resource: str) -> Decimal:
    pods = store.list(kinds.PODS, quota["metadata"]["namespace"])
    return sum((_amount(pod, resource) for pod in pods if pod["status"].get("phase") not in ENDED), Decimal(0))


def _amount(pod: Json, resource: str) -> Decimal:
    if resource in _COUNTS:
        return Decimal(1)
    key, name = _parts(resource)
    return requested(pod, name, key=key) if key else Decimal(0)


def _unsaid(pod: Json, resource: str) -> list[str]:
    key, name = _parts(resource)
    if not key:
        return []
    containers = objects(pod["spec"]["containers"])
    return [one["name"] for one in containers if name not in mapping(mapping(one.get("resources")).get(key))]


def _parts(resource: str) -> tuple[str, str]:
    """Return "requests" or "limits" and the name; two empty texts for what is not counted here."""
    key, _, name = resource.rpartition(".")
    if name not in ("cpu", "memory") or key not in ("", "requests", "limits"):
        return "", ""
    return key or "requests", name


def _written(amount: Decimal) -> str:
    if amount == amount.to_integral_value():
        return str(int(amount))
    return f"{int(amount * 1000)}m"
