"""The RBAC objects that podbot and its tiers need, made from the commands' needs and the policy; nothing more.

Sources: https://kubernetes.io/docs/reference/access-authn-authz/rbac/, for both forms of impersonation
https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/, and for tokens
https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.core.commands import Command
from bot.core.grants import EXTRA_PREFIX, TIER_PREFIX, Account
from bot.core.inspections import Rule
from bot.core.names import Namespace
from bot.core.resources import Access, Json
from config.errors import ConfigError
from config.policy import NEED_IMPERSONATION, GrantRule, Policy

RBAC: Final = "rbac.authorization.k8s.io"
AUTHENTICATION: Final = "authentication.k8s.io"
LABELS: Final = {
    "app.kubernetes.io/name": "podbot",
    "app.kubernetes.io/part-of": "podbot",
    "app.kubernetes.io/managed-by": "podbot",
}
EXTRAS: Final = tuple(f"userextras/{EXTRA_PREFIX}slack-{key}" for key in ("channel", "team", "user"))
BECOME: Final = "impersonate:user-info"
ACT: Final = "impersonate-on:user-info:"

# Beside the claims: one Lease and one ConfigMap, which RBAC can name for every verb but `create`.
WATCHING: Final = "podbot-watching"
WATCHES: Final = "podbot-watches"
_LEASES: Final[Json] = {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"]}
_RECORDS: Final[Json] = {"apiGroups": [""], "resources": ["configmaps"]}
OWN: Final[tuple[Json, ...]] = (
    {**_LEASES, "verbs": ["create", "delete", "get", "list"]},
    {**_LEASES, "resourceNames": [WATCHING], "verbs": ["patch"]},
    {**_RECORDS, "verbs": ["create"]},
    {**_RECORDS, "resourceNames": [WATCHES], "verbs": ["get", "patch"]},
)
REVIEWS: Final = (
    Access("create", "selfsubjectreviews", AUTHENTICATION, scope="cluster"),
    Access("create", "selfsubjectaccessreviews", "authorization.k8s.io", scope="cluster"),
)
_OF_A_TIER = "podbot:tier:"
_UNMOUNTED: Final = {"automountServiceAccountToken": False}
_NEVER = frozenset({("", "nodes/proxy", "get"), ("", "nodes/proxy", "create"), ("", "namespaces", "delete")})


def objects(
    commands: Iterable[Command[Any, Any]],
    policy: Policy,
    *,
    namespace: str,
    service_account: str,
    legacy: bool,
    tokens: bool = False,
    cluster: str | None = None,
    cluster_wide: bool = False,
    name: str = "podbot",
) -> list[Json]:
    """Return podbot's own and the tiers' RBAC objects, in an order that never changes.

    `namespace` and `service_account` are podbot's own; `cluster` leaves out the grants of others. `legacy` uses the
    verb `impersonate` instead of constrained impersonation (Kubernetes 1.36), and `tokens` neither of them, but a
    ServiceAccount for each tier, whose tokens podbot may ask for. `cluster_wide` gives the tiers their
    rights in every namespace, so that namespaces may come and go. `name` begins the name of every role and binding.
    Raises `ConfigError` for people with `legacy`, who would lend podbot all their rights, and with `tokens`, who have
    none; ValueError for a need that podbot may never have.
    """
    _check_form(policy, legacy=legacy, tokens=tokens)
    needed = _Needed(tuple(commands), policy, cluster)
    subject = _account(service_account, namespace)
    places = [""] if cluster_wide and needed.namespaces() else needed.namespaces()
    accounts = _accounts(policy, namespace) if tokens else []
    own = [*OWN, *([_tokens_rule(accounts)] if tokens else [])]
    become = [] if tokens else _legacy_rules(policy) if legacy else _constrained_rules(policy, needed.cluster_wide())
    return [
        _object("v1", "ServiceAccount", service_account, namespace),
        *({**_object("v1", "ServiceAccount", one.name, namespace), **_UNMOUNTED} for one in accounts),
        *_granted(f"{name}:own", own, subject, namespace),
        *_granted(f"{name}:impersonation", become, subject),
        *([] if legacy or tokens else _targets(needed, f"{name}:targets", places, subject)),
        *_tiers(needed, f"{name}:tier", places, {one.tier: _account(one.name, namespace) for one in accounts}),
    ]


def own_rules(
    commands: Iterable[Command[Any, Any]],
    policy: Policy,
    *,
    namespace: str,
    legacy: bool,
    cluster: str,
    tokens: bool = False,
) -> dict[str, tuple[Rule, ...]]:
    """Return what `objects` gives to podbot itself by namespace, with `cluster_wide` and without; "" is everywhere."""
    found: dict[str, tuple[Rule, ...]] = defaultdict(tuple)
    for wide in (False, True):
        made = objects(
            commands,
            policy,
            namespace=namespace,
            service_account="",
            legacy=legacy,
            tokens=tokens,
            cluster=cluster,
            cluster_wide=wide,
        )
        for role in made:
            if not role["metadata"]["name"].startswith(_OF_A_TIER):
                found[role["metadata"].get("namespace", "")] += tuple(_rule(told) for told in role.get("rules", ()))
    return dict(found)


def accesses(
    commands: Iterable[Command[Any, Any]],
    policy: Policy,
    tiers: Collection[str],
    scope: Literal["namespace", "cluster"] = "namespace",
) -> set[Access]:
    """Return what the commands that these tiers may use need."""
    return _Needed(tuple(commands), policy, None).of(tiers, scope)


def _rule(told: Json) -> Rule:
    keys = ("verbs", "apiGroups", "resources", "resourceNames")
    return Rule(*(frozenset(told.get(key, ())) for key in keys))


@dataclass(frozen=True, slots=True)
class _Needed:
    """What the policy lets the commands do, by namespace and tier."""

    commands: tuple[Command[Any, Any], ...]
    policy: Policy
    cluster: str | None

    def rules(self) -> list[GrantRule]:
        return [rule for rule in self.policy.grants if self.cluster in (None, rule.cluster)]

    def namespaces(self) -> list[str]:
        return sorted({namespace for rule in self.rules() for namespace in rule.namespaces})

    def tiers_in(self, place: str) -> list[str]:
        """Return the tiers granted in a namespace, or anywhere where `place` is empty."""
        return sorted({rule.tier for rule in self.rules() if not place or place in rule.namespaces})

    def of(self, tiers: Collection[str], scope: Literal["namespace", "cluster"]) -> set[Access]:
        may = {effect for tier in tiers for effect in self.policy.tiers[tier].may}
        allowed = (command for command in self.commands if command.effect.name in may)
        needs = {access for command in allowed for access in command.needs if access.scope == scope}
        return {access for access in needs if not access.policy or getattr(self.policy, access.policy)}

    def cluster_wide(self) -> set[Access]:
        return {*REVIEWS, *self.of(self.tiers_in(""), "cluster")}


def _targets(needed: _Needed, name: str, places: Collection[str], subject: Json) -> Iterator[Json]:
    for place in places:
        accesses = needed.of(needed.tiers_in(place), "namespace")
        yield from _granted(name, _rules(accesses, ACT), subject, place)


def _tiers(needed: _Needed, prefix: str, places: Collection[str], accounts: Mapping[str, Json]) -> Iterator[Json]:
    """Yield each tier's roles, bound to its account where it has one, otherwise to the user to be impersonated."""
    for tier in needed.tiers_in(""):
        name = f"{prefix}:{tier}"
        user = accounts.get(tier) or {"apiGroup": RBAC, "kind": "User", "name": f"{TIER_PREFIX}{tier}"}
        everywhere = needed.of([tier], "cluster")
        if "" in places:
            everywhere |= needed.of([tier], "namespace")
        yield from _granted(name, _rules(everywhere), user)
        for place in places:
            if place and tier in needed.tiers_in(place):
                yield from _granted(name, _rules(needed.of([tier], "namespace")), user, place)


def _check_form(policy: Policy, *, legacy: bool, tokens: bool) -> None:
    if legacy and tokens:
        raise ConfigError("rbac", "", "the legacy form of impersonation and tokens exclude each other; choose one")
    if legacy and policy.people:
        mend = "needs constrained impersonation; remove people, or do without the legacy form"
        raise ConfigError("policy", "people", mend)
    if tokens and policy.people:
        raise ConfigError("policy", "people", NEED_IMPERSONATION)


def _accounts(policy: Policy, namespace: str) -> list[Account]:
    return [Account(Namespace(namespace), tier) for tier in sorted(policy.tiers)]


def _tokens_rule(accounts: Iterable[Account]) -> Json:
    """Name every account: without resourceNames the rule would reach podbot's neighbours in its namespace too."""
    names = [one.name for one in accounts]
    return {"apiGroups": [""], "resources": ["serviceaccounts/token"], "resourceNames": names, "verbs": ["create"]}


def _account(name: str, namespace: str) -> Json:
    return {"kind": "ServiceAccount", "name": name, "namespace": namespace}


def _users(policy: Policy) -> list[str]:
    return sorted({f"{TIER_PREFIX}{tier}" for tier in policy.tiers} | {one.user for one in policy.people.values()})


def _groups(policy: Policy) -> list[str]:
    lists = [*(tier.groups for tier in policy.tiers.values()), *(person.groups for person in policy.people.values())]
    return sorted({group for groups in lists for group in groups})


def _constrained_rules(policy: Policy, cluster_wide: Collection[Access]) -> list[Json]:
    return [*_become(policy, AUTHENTICATION, BECOME), *_rules(cluster_wide, ACT)]


def _legacy_rules(policy: Policy) -> list[Json]:
    return _become(policy, "", "impersonate")


def _become(policy: Policy, group: str, verb: str) -> list[Json]:
    """Name every user and group: without resourceNames the rule would reach Kubernetes' own users too."""
    named = [("users", _users(policy)), ("groups", _groups(policy))]
    rules: list[Json] = [
        {"apiGroups": [group], "resources": [resource], "resourceNames": names, "verbs": [verb]}
        for resource, names in named
        if names
    ]
    return [*rules, {"apiGroups": [AUTHENTICATION], "resources": list(EXTRAS), "verbs": [verb]}]


def _rules(accesses: Collection[Access], prefix: str = "") -> list[Json]:
    """Return the fewest rules: the resources of a group that need the same verbs share one."""
    verbs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for access in accesses:
        _check(access)
        verbs[access.group, access.resource].add(f"{prefix}{access.verb}")
    resources: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (group, resource), needed in sorted(verbs.items()):
        resources[group, tuple(sorted(needed))].append(resource)
    return [
        {"apiGroups": [group], "resources": names, "verbs": list(needed)}
        for (group, needed), names in resources.items()
    ]


def _check(access: Access) -> None:
    words = (access.group, access.resource, access.verb)
    if any("*" in word for word in words) or access.verb == "deletecollection" or words in _NEVER:
        raise ValueError(f"podbot never asks for {access.verb} on {access.resource}")


def _granted(name: str, rules: list[Json], subject: Json, namespace: str = "") -> list[Json]:
    """Return a role and its binding: the cluster's where `namespace` is empty; none at all without rules."""
    if not rules:
        return []
    prefix = "" if namespace else "Cluster"
    role = {**_object(f"{RBAC}/v1", f"{prefix}Role", name, namespace), "rules": rules}
    binding = {
        **_object(f"{RBAC}/v1", f"{prefix}RoleBinding", name, namespace),
        "roleRef": {"apiGroup": RBAC, "kind": f"{prefix}Role", "name": name},
        "subjects": [subject],
    }
    return [role, binding]


def _object(version: str, kind: str, name: str, namespace: str = "") -> Json:
    place = {"namespace": namespace} if namespace else {}
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **place, "labels": dict(LABELS)}}
