"""Checks of what tiers and people may do, of podbot acting for them, and of the templates' pods."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from bot.checks import planning
from bot.checks.checking import Check
from bot.checks.cluster import RBAC, by_tokens, rbac_of
from bot.checks.facts import Facts, Place
from bot.checks.findings import Finding, failure, ok, skipped, warning
from bot.core.errors import PodbotError
from bot.core.rbac import ACT
from bot.core.resources import Access
from config.policy import Policy
from config.settings import Settings
from handlers import COMMANDS

RIGHTS = ok("rights-good", "each tier may do in each namespace what its commands need: {places}")
RIGHTS_MISSING = failure("rights-missing", "{user} in {namespace} lacks {rights}", RBAC)
RIGHTS_PART = warning("rights-part", "{user} in {namespace} lacks {rights}, for a part of what these do", RBAC)
PERSON_NOTHING = warning(
    "rights-person",
    "{user} may use no command in any of {namespaces}: Kubernetes gives that person too few rights there",
    "bind a role to {user} there, or take the person out of `people`",
)
RIGHTS_UNSEEN = failure("rights-unseen", "what {user} may do in {namespace} is not known: {why}", RBAC)
RIGHTS_NOBODY = skipped("rights-nobody", "what {user} may do, for podbot cannot act as {user}")
RIGHTS_UNASKED = skipped("rights-unasked", "{count} rights of people: no more than {most} are asked about")
TARGETS = ok("targets-good", "podbot may act for others in each namespace as far as its tiers go")
TARGETS_LEGACY = ok("targets-legacy", "the legacy verb needs no rights on what is acted on")
TARGETS_TOKENS = ok("targets-tokens", "a token needs no rights on what is acted on beyond those of its ServiceAccount")
TARGETS_MISSING = failure("targets-missing", "podbot may not act for others in {namespace}: {rights}", RBAC)
TARGETS_UNSEEN = failure("targets-unseen", "whether podbot may act for others is not known: {why}", "try again")
PODS = ok("pods-good", "the API server takes the pods of {templates} templates in {namespaces}")
PODS_NOBODY = ok("pods-nobody", "no tier may create pods")
POD_REFUSED = failure(
    "pod-refused",
    "template {template} in {namespace}: {why}",
    "mend the template, or what refuses it there (admission, quota); `podbot templates lint` checks it too",
)
PODS_UNASKED = skipped("pods-unasked", "templates in {namespace}, for podbot cannot act as {user}")
POD_UNSEEN = skipped("pod-unseen", "template {template} in {namespace}: {why}")


def rights(facts: Facts) -> Iterator[Finding]:
    """Judge what tiers and people may do."""
    if not isinstance(facts.policy, Policy) or not isinstance(facts.settings, Settings):
        return
    policy, found = facts.policy, list[Finding]()
    cluster, accounts = facts.settings.cluster, facts.settings.accounts
    tried = list(dict.fromkeys(place for place, _ in facts.cluster.rights))
    told = {place: _told_of(facts, place) for place in tried}
    for place in tried:
        found += _of_place(place, told[place], policy, rbac_of(facts))
    found += _of_people({place: rights for place, rights in told.items() if not planning.is_tier(place)}, policy)
    able = {user for user, error in facts.cluster.identities.items() if error is None}
    granted = dict.fromkeys(place.user for place in planning.places(policy, cluster, accounts))
    found += [RIGHTS_NOBODY(user=user) for user in granted if user not in able]
    wanted = sum(place.user in able for place, _ in planning.reviews(policy, cluster, accounts))
    if left := wanted - len(facts.cluster.rights):
        found.append(RIGHTS_UNASKED(count=left, most=planning.MOST_RIGHTS))
    yield from found or [RIGHTS(places=", ".join(f"{one.user} in {one.namespace}" for one in tried) or "none")]


def targets(facts: Facts) -> Iterator[Finding]:
    """Judge whether podbot may act for others on what their commands are about."""
    if by_tokens(facts) or facts.cluster.constrained is not True:
        yield TARGETS_TOKENS() if by_tokens(facts) else TARGETS_LEGACY()
        return
    missing, unseen = defaultdict[str, list[str]](list), list[PodbotError]()
    for right, may in facts.cluster.targets.items():
        if isinstance(may, PodbotError):
            unseen.append(may)
        elif not may:
            missing[right.namespace].append(right.access.words.removeprefix(ACT))
    found = [
        TARGETS_MISSING(namespace=namespace, rights=", ".join(sorted(words)), **rbac_of(facts))
        for namespace, words in missing.items()
    ]
    found += [TARGETS_UNSEEN(why=why) for why in unseen[:1]]
    yield from found or [TARGETS()]


def pods(facts: Facts) -> Iterator[Finding]:
    """Judge the templates' pods by what the API server said of them."""
    if not isinstance(facts.policy, Policy) or not isinstance(facts.settings, Settings):
        return
    tried, found = facts.cluster.pods, list[Finding]()
    makers = planning.makers(facts.policy, facts.settings.cluster, facts.settings.accounts)
    if not makers:
        yield PODS_NOBODY()
        return
    able = {place for place, _ in tried}
    found += [PODS_UNASKED(user=one.user, namespace=one.namespace) for one in makers if one not in able]
    for (place, template), seen in tried.items():
        about = {"template": template, "namespace": place.namespace}
        if facts.cluster.rights.get((place, _CREATE)) is False:
            found.append(POD_UNSEEN(**about, why=f"{place.user} may create no pod there"))
        elif isinstance(seen, PodbotError):
            found.append(POD_UNSEEN(**about, why=seen))
        elif seen:
            found.append(POD_REFUSED(**about, why="; ".join(seen)))
    namespaces = ", ".join(sorted({place.namespace for place, _ in tried}))
    yield from found or [PODS(templates=len({name for _, name in tried}), namespaces=namespaces)]


_CREATE: Final = Access("create", "pods")


Told = Mapping[Access, bool | PodbotError]


def _told_of(facts: Facts, place: Place) -> Told:
    return {access: yes for (where, access), yes in facts.cluster.rights.items() if where == place}


def _denied(told: Told) -> set[Access]:
    return {access for access, yes in told.items() if yes is False}


def _of_people(told: Mapping[Place, Told], policy: Policy) -> Iterator[Finding]:
    """Yield who may do nothing anywhere; a person need not be in every usergroup whose grants might reach them."""
    for user in dict.fromkeys(place.user for place in told):
        theirs = {place: rights for place, rights in told.items() if place.user == user}
        if not any(_is_of_use(place, policy, _denied(rights)) for place, rights in theirs.items()):
            yield PERSON_NOTHING(user=user, namespaces=", ".join(sorted({place.namespace for place in theirs})))


def _of_place(place: Place, told: Told, policy: Policy, rbac: dict[str, str]) -> Iterator[Finding]:
    about = {"user": place.user, "namespace": place.namespace}
    if why := next((one for one in told.values() if isinstance(one, PodbotError)), None):
        yield RIGHTS_UNSEEN(**about, why=why, **rbac)
        return
    if not planning.is_tier(place):
        return
    needed, helpful = _for_what(place, policy, _denied(told))
    if needed:
        yield RIGHTS_MISSING(**about, rights=needed, **rbac)
    if helpful:
        yield RIGHTS_PART(**about, rights=helpful, **rbac)


def _is_of_use(place: Place, policy: Policy, missing: Collection[Access]) -> bool:
    """Whether a person may use any of the commands that need a right at all."""
    wanted = [
        {planning.bare(need) for need in command.needs if not need.optional and not need.when}
        for command in COMMANDS
        if command.effect.name in policy.tiers[place.tier].may
    ]
    return any(needs and not needs & set(missing) for needs in wanted)


def _for_what(place: Place, policy: Policy, missing: Collection[Access]) -> tuple[str, str]:
    """Return the missing rights with the commands that need them: always, and for a part of what they do."""
    needed, helpful = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for command in COMMANDS:
        if command.effect.name not in policy.tiers[place.tier].may:
            continue
        for need in command.needs:
            if planning.bare(need) in missing:
                part = need.optional or bool(need.when)
                (helpful if part else needed)[need.words].append(command.name)
    return _told(needed.items()), _told((words, verbs) for words, verbs in helpful.items() if words not in needed)


def _told(rights: Iterable[tuple[str, list[str]]]) -> str:
    return ", ".join(f"{words} (for {', '.join(verbs)})" for words, verbs in sorted(rights))


_AFTER = ("cluster", "policy")
CHECKS: Final = (
    Check(
        "rights",
        "each tier may do what its commands need, in each namespace",
        rights,
        (RIGHTS, RIGHTS_MISSING, RIGHTS_PART, PERSON_NOTHING, RIGHTS_UNSEEN, RIGHTS_UNASKED, RIGHTS_NOBODY),
        _AFTER,
    ),
    Check(
        "targets",
        "podbot may act for others on what their commands are about",
        targets,
        (TARGETS, TARGETS_LEGACY, TARGETS_TOKENS, TARGETS_MISSING, TARGETS_UNSEEN),
        (*_AFTER, "impersonation"),
    ),
    Check(
        "pods",
        "the API server takes the templates' pods, in a dry run as a tier that may create",
        pods,
        (PODS, PODS_NOBODY, POD_REFUSED, POD_UNSEEN, PODS_UNASKED),
        (*_AFTER, "templates"),
    ),
)
