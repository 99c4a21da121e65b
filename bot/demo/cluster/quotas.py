"""ResourceQuota at admission: objects by number, and what pods ask for.

Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/.
"""

from collections.abc import Iterable
from decimal import Decimal

from bot.core.reading import mapping, objects, strings
from bot.core.resources import Json
from bot.demo.cluster import kinds
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.rules import amount, written
from bot.demo.cluster.scheduling import ENDED, requested
from bot.demo.cluster.status import forbidden
from bot.demo.cluster.store import Store

_COUNTED = {kind.plural: kind for kind in kinds.STORED if kind.namespaced and kind is not kinds.POD_METRICS}


def admit(store: Store, kind: Kind, item: Json) -> None:
    """Raise the 403 for an object that a quota of its namespace has no room for."""
    name = item["metadata"]["name"]
    for quota in store.list(kinds.QUOTAS, item["metadata"].get("namespace", "")) if kind.namespaced else ():
        hard = strings(mapping(quota.get("spec")).get("hard"))
        title = quota["metadata"]["name"]
        if missing := [f"{one} for: {','.join(names)}" for one in sorted(hard) if (names := _unsaid(kind, item, one))]:
            raise forbidden(kind.group, kind.plural, name, f"failed quota: {title}: must specify {'; '.join(missing)}")
        asked = {one: _amount(kind, item, one) for one in sorted(hard)}
        used = {one: _used(store, quota, one) for one in asked if asked[one]}
        over = [one for one in used if used[one] + asked[one] > amount(hard[one])]
        if over:
            told = (("requested", asked), ("used", used), ("limited", hard))
            parts = (f"{word}: {','.join(f'{one}={_told(amounts[one])}' for one in over)}" for word, amounts in told)
            raise forbidden(kind.group, kind.plural, name, f"exceeded quota: {title}, {', '.join(parts)}")


def status(store: Store, quota: Json) -> Json:
    """Return a quota's status: what is used of it."""
    hard = strings(mapping(quota.get("spec")).get("hard"))
    return {"hard": hard, "used": {one: written(_used(store, quota, one)) for one in hard}}


def _used(store: Store, quota: Json, resource: str) -> Decimal:
    kind = _counts(resource) or kinds.PODS
    items: Iterable[Json] = store.list(kind, quota["metadata"]["namespace"])
    if kind is kinds.PODS:
        items = (pod for pod in items if pod["status"].get("phase") not in ENDED)
    return sum((_amount(kind, item, resource) for item in items), Decimal(0))


def _amount(kind: Kind, item: Json, resource: str) -> Decimal:
    if counted := _counts(resource):
        return Decimal(1 if counted is kind else 0)
    key, name = _parts(resource)
    return requested(item, name, key=key) if key and kind is kinds.PODS else Decimal(0)


def _unsaid(kind: Kind, item: Json, resource: str) -> list[str]:
    key, name = _parts(resource)
    if not key or kind is not kinds.PODS:
        return []
    containers = objects(item["spec"]["containers"])
    return [one["name"] for one in containers if name not in mapping(mapping(one.get("resources")).get(key))]


def _counts(resource: str) -> Kind | None:
    """Return the kind whose objects a quota's resource counts, None if it counts something else."""
    plural, _, group = resource.removeprefix("count/").partition(".")
    kind = _COUNTED.get(plural)
    return kind if kind is not None and group == kind.group else None


def _parts(resource: str) -> tuple[str, str]:
    """Return "requests" or "limits" and the name; two empty texts for what is not counted here."""
    key, _, name = resource.rpartition(".")
    if name not in ("cpu", "memory") or key not in ("", "requests", "limits"):
        return "", ""
    return key or "requests", name


def _told(amount: Decimal | str) -> str:
    return amount if isinstance(amount, str) else written(amount)
