"""What there is to look at under a policy: places, rights, channels; pure."""

import re
from typing import Final

from bot.checks.facts import Place, Right
from bot.core.grants import EXTRA_PREFIX, TIER_PREFIX, Account, Identity, of_tier, tiers_user
from bot.core.names import Namespace
from bot.core.rbac import ACT, AUTHENTICATION, BECOME, WATCHES, WATCHING, accesses
from bot.core.resources import Access
from config.names import OWN, RESERVED
from config.policy import GrantRule, Policy
from handlers import COMMANDS

MOST_RIGHTS: Final = 3000
"""How many access reviews are asked for at most; a policy of many people and namespaces would need more."""

_CHANNEL = re.compile(r"<#(C[A-Z0-9]+)(?:\|[^>]*)?>")
_NAME = re.compile(r"#([^\s#<>]{1,80})")
_CORE, _AUTHORIZATION, _COORDINATION = "", "rbac.authorization.k8s.io", "coordination.k8s.io"


def identities(policy: Policy, accounts: str = "") -> dict[str, Identity | Account]:
    """Return whom podbot acts as, by user; the extras are those of a command, as far as there is no asker.

    `accounts` is as in `of_tier`, here and below.
    """
    extras = {f"{EXTRA_PREFIX}slack-team": (policy.team,)}
    tiers = [of_tier(name, tier.groups, extras, accounts) for name, tier in policy.tiers.items()]
    people = [Identity(one.user, one.groups, extras) for one in policy.people.values()]
    return {one.user: one for one in (*tiers, *people)}


def grants(policy: Policy, cluster: str) -> tuple[GrantRule, ...]:
    """Return the grants of one cluster."""
    return tuple(rule for rule in policy.grants if rule.cluster == cluster)


def places(policy: Policy, cluster: str, accounts: str = "") -> tuple[Place, ...]:
    """Return every tier in each namespace where it is granted, then people where a grant may reach them."""
    rules = grants(policy, cluster)
    tiers = [
        Place(tiers_user(rule.tier, accounts), Namespace(one), rule.tier) for rule in rules for one in rule.namespaces
    ]
    people = [
        Place(person.user, Namespace(one), rule.tier)
        for slack_id, person in policy.people.items()
        for rule in rules
        if not rule.users or slack_id in rule.users
        for one in rule.namespaces
    ]
    return tuple(dict.fromkeys((*tiers, *people)))


def makers(policy: Policy, cluster: str, accounts: str = "") -> list[Place]:
    """Return one tier a namespace that may create pods there."""
    able = [
        place
        for place in places(policy, cluster, accounts)
        if is_tier(place) and "CHANGE" in policy.tiers[place.tier].may
    ]
    return list({place.namespace: place for place in reversed(able)}.values())


def is_tier(place: Place) -> bool:
    """Whether a place is a tier's own, not a person's; no person has such a name."""
    return place.user.startswith((OWN, RESERVED))


def reviews(policy: Policy, cluster: str, accounts: str = "") -> list[tuple[Place, Access]]:
    """Return the rights to ask about, tiers' first; of a person's only those without which a command is of no use."""
    found = dict[tuple[Place, Access], None]()
    for place in places(policy, cluster, accounts):
        needs = accesses(COMMANDS, policy, [place.tier]) | accesses(COMMANDS, policy, [place.tier], "cluster")
        for access in sorted(needs, key=lambda one: one.words):
            if is_tier(place) or not (access.optional or access.when):
                found[place, bare(access)] = None
    return list(found)


def bare(access: Access) -> Access:
    """Return the right alone, so that two commands' needs of it are one question."""
    return Access(access.verb, access.resource, access.group, scope=access.scope)


def targets(policy: Policy, cluster: str) -> list[Right]:
    """Return what constrained impersonation needs on the targets of what tiers do, by namespace."""
    rules, found = grants(policy, cluster), dict[Right, None]()
    for rule in rules:
        for access in accesses(COMMANDS, policy, [rule.tier]):
            acting = Access(f"{ACT}{access.verb}", access.resource, access.group)
            found.update(dict.fromkeys(Right(acting, one) for one in rule.namespaces))
    return list(found)


def becoming(policy: Policy) -> Right:
    """Return the right to be the first tier, by constrained impersonation."""
    return Right(Access(BECOME, "users", AUTHENTICATION), name=f"{TIER_PREFIX}{next(iter(policy.tiers))}")


def at_home(home: str) -> tuple[Right, ...]:
    """Return what podbot itself needs in its own namespace, beyond making a Lease: for its claims and its watches."""
    claims = (Right(Access(verb, "leases", _COORDINATION), home) for verb in ("get", "list", "delete"))
    lease = Right(Access("patch", "leases", _COORDINATION), home, WATCHING)
    kept = (Right(Access(verb, "configmaps"), home, WATCHES) for verb in ("get", "patch"))
    return (*claims, lease, Right(Access("create", "configmaps"), home), *kept)


def probes(home: str) -> tuple[Right, ...]:
    """Return what podbot itself must never be allowed: each would let it act as nobody in Slack asked it to."""
    core = [
        Right(Access("*", "*", "*")),
        Right(Access("list", "pods")),
        Right(Access("create", "pods")),
        Right(Access("create", "pods/exec")),
        Right(Access("get", "secrets")),
        Right(Access("get", "secrets"), home),
        Right(Access("create", "serviceaccounts/token"), home),
        Right(Access("get", "nodes/proxy")),
        Right(Access("delete", "namespaces")),
        Right(Access("deletecollection", "pods")),
        Right(Access("escalate", "clusterroles", _AUTHORIZATION)),
        Right(Access("bind", "clusterroles", _AUTHORIZATION)),
    ]
    for verb, group in (("impersonate", _CORE), (BECOME, AUTHENTICATION)):
        users, groups = Access(verb, "users", group), Access(verb, "groups", group)
        core += [Right(users), Right(users, name="cluster-admin"), Right(groups, name="system:masters")]
    return tuple(core)


def asked_whom(ask: str) -> tuple[str, str]:
    """Return the channel that `ask` of the policy names, as (id, name); both empty where it names none."""
    if found := _CHANNEL.search(ask):
        return found[1], ""
    named = _NAME.search(ask)
    return "", named[1] if named else ""
