"""Checks of the API server: reached, its clock and Slack's, acting as others, and podbot's own Leases."""

import re
from collections.abc import Iterator
from typing import Final

from bot.checks.checking import Check
from bot.checks.facts import Facts
from bot.checks.findings import Finding, failure, ok, warning
from bot.core.errors import NotFound, PodbotError, Unauthenticated
from bot.core.inspections import Version
from config.policy import Policy
from config.settings import Settings

RBAC: Final = "`podbot rbac --policy FILE --namespace {home}{form} | kubectl apply -f -`"
OLDEST: Final = 28
"""The minor version that SelfSubjectReview is in v1 since."""
SKEWED: Final = 10.0
WRONG: Final = 60.0
"""Seconds that a clock may be off: claims are swept by the API server's, and Slack's signatures live five minutes."""

REACHED = ok("cluster-reached", "Kubernetes {version} answers")
UNREACHED = failure(
    "cluster-unreachable",
    "the API server does not answer: {why}",
    "look at KUBECONFIG and PODBOT_KUBE_CONTEXT, or at what stands between the pod and the API server",
)
UNKNOWN = failure(
    "cluster-unauthenticated",
    "the API server does not accept podbot's credentials: {why}",
    "give podbot a fresh token: its pod's ServiceAccount, or the kubeconfig's user",
)
OLD = failure("cluster-old", "Kubernetes {version} is too old", "podbot needs 1.28 or newer")
CLOCK = ok("clock-good", "podbot's clock is that of {whose}, but for {seconds} s")
CLOCK_OFF = warning("clock-off", "podbot's clock is {seconds} s {how} that of {whose}", "set the node's clock by NTP")
CLOCK_WRONG = failure(
    "clock-wrong", "podbot's clock is {seconds} s {how} that of {whose}", "set the node's clock by NTP, then this one"
)
CLOCK_UNTOLD = ok("clock-untold", "{whose} told no time")
BY_CONSTRAINED = ok("impersonation-constrained", "podbot acts as others by constrained impersonation")
BY_LEGACY = ok("impersonation-legacy", "podbot acts as others by the legacy verb, on named users and groups")
BY_TOKENS = ok(
    "impersonation-tokens",
    "podbot signs in as the tiers' ServiceAccounts and impersonates nobody; the API server's audit log names no person",
)
GROUPS_IDLE = warning(
    "impersonation-groups",
    "a token carries no groups of the policy, so those of {tiers} count for nothing",
    "bind what the groups may do to the tiers' ServiceAccounts, and take the groups out of the policy",
)
BY_NOTHING = failure(
    "impersonation-none",
    "podbot may act as nobody, neither by constrained impersonation nor by the legacy verb",
    f"{RBAC}, with --legacy before Kubernetes 1.36",
)
PEOPLE_LENT = failure(
    "impersonation-lent",
    "podbot may be {user} by the legacy verb, which lends it all of that person's rights",
    "people need constrained impersonation (Kubernetes 1.36): take the legacy rule away, or `people` out of the policy",
)
IMPERSONATION_UNSEEN = failure("impersonation-unseen", "what podbot may be is not known: {why}", "try again")
IDENTITIES = ok("identities-good", "podbot can be all {count} of the policy's tiers and people")
NOT_ABLE = failure("identity-refused", "podbot cannot act as {user}: {why}", RBAC)
LEASES = ok("leases-good", "podbot can make and sweep its claims, and keep its watches, in {home}")
LEASE_REFUSED = failure(
    "lease-refused",
    "podbot cannot make Leases in {home}: {why}",
    f"set PODBOT_NAMESPACE to podbot's own namespace, then {RBAC}",
)
LEASE_HOMELESS = failure(
    "lease-homeless", "there is no namespace {home}", "make it, or set PODBOT_NAMESPACE to podbot's own"
)
LEASE_RIGHT = failure("lease-right", "podbot may not {right} in {home}", RBAC)


def reached(facts: Facts) -> Iterator[Finding]:
    """Judge whether the API server answers, and is not too old."""
    seen = facts.cluster.version
    if isinstance(seen, Unauthenticated):
        yield UNKNOWN(why=seen)
    elif isinstance(seen, PodbotError):
        yield UNREACHED(why=seen)
    else:
        yield OLD(version=seen.name) if 0 < _minor(seen) < OLDEST else REACHED(version=seen.name)


def cluster_clock(facts: Facts) -> Iterator[Finding]:
    """Judge podbot's clock by the API server's."""
    yield _clock(facts.cluster.skew, "the API server")


def slack_clock(facts: Facts) -> Iterator[Finding]:
    """Judge podbot's clock by Slack's."""
    yield _clock(facts.slack.skew, "Slack")


def impersonation(facts: Facts) -> Iterator[Finding]:
    """Judge by which form podbot acts as others."""
    if by_tokens(facts):
        idle = (
            [name for name, tier in facts.policy.tiers.items() if tier.groups]
            if isinstance(facts.policy, Policy)
            else []
        )
        yield GROUPS_IDLE(tiers=", ".join(idle)) if idle else BY_TOKENS()
        return
    seen = facts.cluster
    unseen = [one for one in (seen.constrained, seen.legacy) if isinstance(one, PodbotError)]
    lent = [PEOPLE_LENT(user=user) for user, is_lent in seen.lent.items() if is_lent is True]
    if unseen:
        yield IMPERSONATION_UNSEEN(why=unseen[0])
    elif lent:
        yield from lent
    elif seen.constrained:
        yield BY_CONSTRAINED()
    else:
        yield BY_LEGACY() if seen.legacy else BY_NOTHING(**rbac_of(facts))


def identities(facts: Facts) -> Iterator[Finding]:
    """Judge whether podbot is taken for each tier and person."""
    tried = facts.cluster.identities
    refused = [NOT_ABLE(user=user, why=why, **rbac_of(facts)) for user, why in tried.items() if why]
    yield from refused or [IDENTITIES(count=len(tried))]


def leases(facts: Facts) -> Iterator[Finding]:
    """Judge whether what must happen once can be claimed."""
    rbac, why = rbac_of(facts), facts.cluster.claim
    home = rbac["home"]
    found: list[Finding] = []
    if isinstance(why, NotFound):
        found.append(LEASE_HOMELESS(home=home))
    elif why is not None:
        found.append(LEASE_REFUSED(why=why, **rbac))
    rights = facts.cluster.leases.items()
    found += [LEASE_RIGHT(**rbac, right=right.access.words) for right, may in rights if may is False]
    yield from found or [LEASES(home=home)]


def rbac_of(facts: Facts) -> dict[str, str]:
    """Return what the line of `RBAC` has in its places: podbot's own namespace, and the form that the cluster has."""
    home = facts.settings.namespace if isinstance(facts.settings, Settings) else "NAMESPACE"
    is_legacy = facts.cluster.legacy is True and facts.cluster.constrained is not True
    return {"home": home, "form": " --tokens" if by_tokens(facts) else " --legacy" if is_legacy else ""}


def by_tokens(facts: Facts) -> bool:
    """Whether podbot signs in as the tiers' ServiceAccounts, and impersonates nobody."""
    return isinstance(facts.settings, Settings) and bool(facts.settings.accounts)


def _clock(skew: float | None, whose: str) -> Finding:
    if skew is None:
        return CLOCK_UNTOLD(whose=whose)
    seconds, how = f"{abs(skew):.0f}", "ahead of" if skew > 0 else "behind"
    if abs(skew) < SKEWED:
        return CLOCK(whose=whose, seconds=seconds)
    kind = CLOCK_OFF if abs(skew) < WRONG else CLOCK_WRONG
    return kind(whose=whose, seconds=seconds, how=how)


def _minor(version: Version) -> int:
    """Return the minor version; 0 where it cannot be read."""
    found = re.match(r"v1\.(\d{1,4})\b", version.name)
    return int(found[1]) if found else 0


_CLOCKS = (CLOCK, CLOCK_OFF, CLOCK_WRONG, CLOCK_UNTOLD)
CHECKS: Final = (
    Check(
        "cluster",
        "the API server answers podbot, and is not too old",
        reached,
        (REACHED, UNREACHED, UNKNOWN, OLD),
        ("settings",),
    ),
    Check("cluster-clock", "podbot's clock is the API server's", cluster_clock, _CLOCKS, ("cluster",)),
    Check("slack-clock", "podbot's clock is Slack's", slack_clock, _CLOCKS, ("slack-token",)),
    Check(
        "impersonation",
        "podbot may act as others, by one form and as it should",
        impersonation,
        (BY_CONSTRAINED, BY_LEGACY, BY_TOKENS, GROUPS_IDLE, BY_NOTHING, PEOPLE_LENT, IMPERSONATION_UNSEEN),
        ("cluster", "policy"),
    ),
    Check(
        "identities",
        "each tier and each person is tried, and is who the API server sees",
        identities,
        (IDENTITIES, NOT_ABLE),
        ("cluster", "policy"),
    ),
    Check(
        "leases",
        "claims can be made in podbot's own namespace",
        leases,
        (LEASES, LEASE_REFUSED, LEASE_HOMELESS, LEASE_RIGHT),
        ("cluster",),
    ),
)
