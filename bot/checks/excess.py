"""The check that podbot itself holds nothing beyond its needs: all rules that reach it, and some rights by name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final

from bot.checks.checking import Check
from bot.checks.cluster import by_tokens
from bot.checks.facts import Facts, Right
from bot.checks.findings import Finding, failure, ok, skipped
from bot.core.errors import PodbotError
from bot.core.inspections import Rule, Rules
from bot.core.rbac import own_rules
from config.policy import Policy
from config.settings import Settings
from handlers import COMMANDS

OWN = ok("own-good", "podbot itself holds what it needs, and nothing beyond, in {namespaces}")
OWN_RULE = failure(
    "own-rule",
    "podbot itself may {rule} in {where}, which it does not need",
    "take that rule from its ServiceAccount: `kubectl get rolebindings,clusterrolebindings -A -o wide` finds its roles",
)
OWN_RIGHT = failure(
    "own-right",
    "podbot itself may {right} in {where}, which it must never",
    "find what allows it, and take it away: RBAC, or another authorizer of the API server",
)
OWN_UNSEEN = skipped("own-unseen", "what podbot itself holds in {where}: {why}")

# What the API server gives to everyone whom it knows, or to every ServiceAccount: questions about oneself, and which
# certificates it trusts.
# Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles.
_EVERYONES: Final = (
    Rule(
        frozenset({"create"}),
        frozenset({"authorization.k8s.io"}),
        frozenset({"selfsubjectaccessreviews", "selfsubjectrulesreviews"}),
    ),
    Rule(frozenset({"create"}), frozenset({"authentication.k8s.io"}), frozenset({"selfsubjectreviews"})),
    Rule(frozenset({"get", "list", "watch"}), frozenset({"certificates.k8s.io"}), frozenset({"clustertrustbundles"})),
)
_ALL = "*"
_ANY_NAME = ""


def own(facts: Facts) -> Iterator[Finding]:
    """Judge the rules that reach podbot itself."""
    if not isinstance(facts.policy, Policy) or not isinstance(facts.settings, Settings):
        return
    seen = facts.cluster.rules
    tokens = by_tokens(facts)
    legacy = not tokens and facts.cluster.constrained is not True and not facts.policy.people
    held = facts.settings
    needed = own_rules(
        COMMANDS, facts.policy, namespace=held.namespace, legacy=legacy, tokens=tokens, cluster=held.cluster
    )
    beyond = _beyond(seen, needed)
    found = [OWN_RULE(rule=described(rule), where=_where(places, seen)) for rule, places in beyond.items()]
    found += _allowed(facts.cluster.probes, beyond)
    found += list(_unseen(seen, facts.cluster.probes))
    yield from found or [OWN(namespaces=", ".join(seen))]


def excess(rule: Rule, needed: Iterable[Rule]) -> bool:
    """Whether any part of a rule is covered by none of what is needed."""
    known = (*needed, *_EVERYONES)
    parts = product(rule.verbs, rule.groups, rule.resources, rule.names or {_ANY_NAME})
    return any(not any(_covers(one, *part) for one in known) for part in parts)


def described(rule: Rule) -> str:
    """Return a rule in words: "get, list pods.apps named web"."""
    groups = sorted(rule.groups - {""})
    suffix = f".{'|'.join(groups)}" if groups else ""
    names = f" named {', '.join(sorted(rule.names))}" if rule.names else ""
    return f"{', '.join(sorted(rule.verbs))} {', '.join(f'{one}{suffix}' for one in sorted(rule.resources))}{names}"


def _beyond(seen: Mapping[str, Rules | PodbotError], needed: Mapping[str, tuple[Rule, ...]]) -> dict[Rule, list[str]]:
    """Return each rule that is not needed, with the namespaces in which it holds."""
    found = defaultdict[Rule, list[str]](list)
    for namespace, rules in seen.items():
        if isinstance(rules, Rules):
            wanted = (*needed.get("", ()), *needed.get(namespace, ()))
            for rule in dict.fromkeys(rules.rules):
                if excess(rule, wanted):
                    found[rule].append(namespace)
    return found


def _allowed(probes: Mapping[Right, bool | PodbotError], beyond: Iterable[Rule]) -> Iterator[Finding]:
    """Yield what was tried and is allowed, unless a rule that was told already says why."""
    rules = list(beyond)
    for right, may in probes.items():
        access = right.access
        part = (access.verb, access.group, access.resource, right.name)
        if may is True and not any(_covers(rule, *part) for rule in rules):
            named = f" named {right.name}" if right.name else ""
            yield OWN_RIGHT(right=f"{access.words}{named}", where=right.namespace or "the whole cluster")


def _unseen(seen: Mapping[str, Rules | PodbotError], probes: Mapping[Right, bool | PodbotError]) -> Iterator[Finding]:
    for namespace, rules in seen.items():
        if isinstance(rules, PodbotError):
            yield OWN_UNSEEN(where=namespace, why=rules)
        elif not rules.is_whole:
            yield OWN_UNSEEN(where=namespace, why="the API server's authorizers do not tell all of it")
    if why := next((one for one in probes.values() if isinstance(one, PodbotError)), None):
        yield OWN_UNSEEN(where="the whole cluster", why=why)


def _covers(rule: Rule, verb: str, group: str, resource: str, name: str) -> bool:
    return (
        _holds(rule.verbs, verb)
        and _holds(rule.groups, group)
        and _holds(rule.resources, resource)
        and (not rule.names or name in rule.names)
    )


def _holds(words: frozenset[str], word: str) -> bool:
    return word in words or _ALL in words


def _where(places: list[str], seen: Mapping[str, object]) -> str:
    return "every namespace that was looked at" if len(places) == len(seen) > 1 else ", ".join(places)


CHECKS: Final = (
    Check(
        "own-rights",
        "podbot itself holds nothing beyond its needs",
        own,
        (OWN, OWN_RULE, OWN_RIGHT, OWN_UNSEEN),
        ("cluster", "policy"),
    ),
)
