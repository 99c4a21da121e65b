"""Commands of each kind with their needs, a policy, and the roles that are made of both."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from bot.core.commands import Change, Command, Context, Plan, Read
from bot.core.rbac import objects
from bot.core.replies import Reply
from bot.core.resources import Access, Json
from config.policy import Policy


@dataclass(frozen=True, slots=True)
class Nothing:
    """A request without parameters."""


async def _plan(_context: Context, _asked: Nothing) -> Plan:
    return Plan("nothing")


async def _read(_context: Context, _asked: Nothing) -> AsyncIterator[str]:
    yield ""


async def _change(_context: Context, _asked: Nothing, _plan: Plan) -> AsyncIterator[str]:
    yield ""


def read(*needs: Access) -> Command[Any, Any]:
    """Return a READ with these needs."""
    return Read(name="list", request=Nothing, render=Reply, summary="", run=_read, needs=needs)


def change(*needs: Access, dangerous: bool = False) -> Command[Any, Any]:
    """Return a CHANGE, or a DANGEROUS one, with these needs."""
    return Change(
        name="delete",
        request=Nothing,
        render=Reply,
        summary="",
        plan=_plan,
        run=_change,
        dangerous=dangerous,
        needs=needs,
    )


LIST = read(
    Access("list", "pods"),
    Access("get", "pods"),
    Access("get", "pods/log"),
    Access("list", "events", optional=True),
    Access("get", "replicasets", "apps"),
)
CREATE = change(Access("create", "pods"), Access("get", "pods"))
DELETE = change(
    Access("get", "pods"), Access("delete", "pods"), Access("create", "pods/eviction", when="--evict"), dangerous=True
)
VOLUMES = read(Access("get", "persistentvolumes", scope="cluster"))
TREE: dict[str, Any] = {
    "team": "T0ACME",
    "tiers": {
        "viewer": {"groups": ["podbot:viewers"], "may": ["READ"]},
        "operator": {"groups": ["podbot:operators", "on-call"], "may": ["READ", "DANGEROUS"]},
    },
    "grants": [
        {"cluster": "main", "tier": "viewer", "channels": ["C0TEAM"], "namespaces": ["shop", "web"]},
        {"cluster": "main", "tier": "operator", "channels": ["C0ONCALL"], "namespaces": ["shop"]},
        {"cluster": "other", "tier": "operator", "channels": ["C0ONCALL"], "namespaces": ["far"]},
    ],
}
PEOPLE = {"U0ALICE": {"user": "alice@example.com", "groups": ["shop-team", "on-call"]}}


def made(
    *commands: Command[Any, Any],
    legacy: bool = False,
    tokens: bool = False,
    cluster: str | None = "main",
    cluster_wide: bool = False,
    name: str = "podbot",
    **policy: Any,
) -> list[Json]:
    """Return the objects for these commands, or for all of them, under the policy or one with changed keys."""
    return objects(
        commands or (LIST, CREATE, DELETE),
        Policy.model_validate({**TREE, **policy}),
        namespace="podbot",
        service_account="bot",
        legacy=legacy,
        tokens=tokens,
        cluster=cluster,
        cluster_wide=cluster_wide,
        name=name,
    )


def identify(item: Json) -> tuple[str, str, str]:
    """Return an object's kind, namespace (empty for the cluster's) and name."""
    return item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]


def role(items: list[Json], kind: str, namespace: str, name: str) -> list[Json]:
    """Return the rules of one of the roles."""
    (found,) = (item["rules"] for item in items if identify(item) == (kind, namespace, name))
    return list(found)


def rules(items: list[Json], kind: str, namespace: str, name: str) -> dict[tuple[str, str], set[str]]:
    """Return a role's verbs by API group and resource."""
    return {
        (group, resource): set(rule["verbs"])
        for rule in role(items, kind, namespace, name)
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }
