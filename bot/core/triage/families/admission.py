"""Why a controller's pods are not even made: quotas, limits, policies, webhooks, a service account.

Events are the controllers' FailedCreate, and a ReplicaSet's condition ReplicaFailure says the same:
https://kubernetes.io/docs/concepts/policy/resource-quotas/.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.pods import Condition
from bot.core.reading import mapping, number, objects, text
from bot.core.resources import Json
from bot.core.triage.finders import Cause, Finder, either
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.looking import condition_proof, event_proof, is_recent, matches
from bot.core.triage.next_steps import QUOTAS, Next, kubectl, owner
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SOURCE: Final = "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/"
_LATELY = 3600  # seconds in which a pod that could not be made is still told of
_QUOTA = (
    r"exceeded quota: (?P<quota>[^\s,]{1,253}), requested: (?P<asked>.{1,300}?), used: (?P<used>.{1,300}?), "
    r"limited: (?P<limit>[^\s]{1,300})"
)
_MUST = r"failed quota: (?P<quota>[^\s:]{1,253}): must specify (?P<fields>[^\n]{1,300})"
_RANGE = (
    r"(?P<what>(?:minimum|maximum) \S{1,40} usage per (?:Container|Pod) is [^.\n]{1,200}|"
    r"\S{1,40} max limit to request ratio .{1,100})"
)
_SECURITY = r'violates PodSecurity "(?P<level>[^"]{1,100})": (?P<what>[^\n]{1,600})'
_WEBHOOK_DOWN = r'failed calling webhook "(?P<hook>[^"]{1,253})"'
_DENIED = r'admission webhook "(?P<hook>[^"]{1,253})" denied the request:? ?(?P<what>[^\n]{0,400})'
_POLICY = r"ValidatingAdmissionPolicy '(?P<hook>[^']{1,253})'.{0,200} denied request:? ?(?P<what>[^\n]{0,400})"
_ACCOUNT = r'serviceaccount "(?P<name>[^"]{1,253})" not found'


def _said(seen: Snapshot) -> Iterator[tuple[str, str, Evidence]]:
    """Yield who could not make a pod, in whose words, and the proof; each controller's newest word alone."""
    told: set[tuple[str, str]] = set()
    for owned in seen.owners:
        for one in map(Condition.of, objects(mapping(owned.get("status")).get("conditions"))):
            if one.type == "ReplicaFailure" and one.status == "True" and one.reason == "FailedCreate":
                who = _who(owned)
                told.add(who)
                yield " ".join(who), one.message, condition_proof(one, " ".join(who))
    for event in reversed(seen.all_events):
        who = (event.kind, event.name)
        news = event.reason == "FailedCreate" and event.kind != "Pod" and who not in told
        if news and is_recent(event.last, seen.now, _LATELY) and not _is_complete(seen, who):
            told.add(who)
            yield " ".join(who), event.message, event_proof(event)


def _who(raw: Json) -> tuple[str, str]:
    return text(raw.get("kind")), text(mapping(raw.get("metadata")).get("name"))


def _is_complete(seen: Snapshot, who: tuple[str, str]) -> bool:
    """Whether a controller has all its pods by now, so that an older event tells nothing any more."""
    for owned in seen.owners:
        if _who(owned) == who and owned.get("status"):
            status, wanted = mapping(owned.get("status")), number(mapping(owned.get("spec")).get("replicas"))
            return 0 < wanted <= number(status.get("replicas"))
    return False


def _refused(pattern: str, words: str, advice: str, step: Next = QUOTAS) -> Finder:
    """Return a rule over the words with which a pod was refused."""

    def find(seen: Snapshot) -> Iterator[Finding]:
        for who, message, proof in _said(seen):
            found = re.search(pattern, message)
            if found:
                yield Cause(words, advice, step).found(seen, (proof,), groups={"who": who, **found.groupdict()})

    return find


_WEBHOOKS: Final = kubectl("get validatingwebhookconfigurations,mutatingwebhookconfigurations")
_hooks: Final = either(
    _refused(
        _WEBHOOK_DOWN, "{who} cannot make a pod: webhook {hook} does not answer", "See the webhook's pods", _WEBHOOKS
    ),
    _refused(_DENIED, "{who} cannot make a pod: webhook {hook} denies it: {what}", "Do as its policy says", _WEBHOOKS),
    _refused(_POLICY, "{who} cannot make a pod: policy {hook} denies it: {what}", "Do as it says", _WEBHOOKS),
)
_KNOWN: Final = (_QUOTA, _MUST, _RANGE, _SECURITY, _WEBHOOK_DOWN, _DENIED, _POLICY, _ACCOUNT)


def _unknown(seen: Snapshot) -> Iterator[Finding]:
    """Say that a controller has no pods, in the API server's words where it was refused one."""
    for who, message, proof in _said(seen):
        if not any(matches(pattern, message) for pattern in _KNOWN):
            yield Cause("{who} cannot make its pods", "Mend what the message names", owner).found(
                seen, (proof,), groups={"who": who}
            )
    if seen.raw or list(_said(seen)):
        return
    for owned in seen.owners:
        wanted, has = (
            number(mapping(owned.get("spec")).get("replicas")),
            number(mapping(owned.get("status")).get("replicas")),
        )
        if wanted and not has:
            quote = f"{has} of {wanted} replicas"
            cause = Cause(
                "{who} has none of its {wanted} pods, and says not why", "See what it says", owner, Sureness.LIKELY
            )
            groups = {"who": " ".join(_who(owned)), "wanted": str(wanted)}
            yield cause.found(seen, (Evidence("status.replicas", quote),), groups=groups)


def _budget(seen: Snapshot) -> Iterator[Finding]:
    """Say that an eviction was refused for a disruption budget."""
    for event in reversed(seen.events):
        if event.reason in {"FailedEviction", "EvictionBlocked", "DisruptionBlocked"} or matches(
            r"violate the pod's disruption budget", event.message
        ):
            cause = Cause(
                "it cannot be evicted: its disruption budget allows no disruption now",
                "See the budget, and why too few pods are ready",
                kubectl("get pdb -n {ns}"),
            )
            yield cause.found(seen, (event_proof(event),))
            return


_rule = partial(Rule, source=_SOURCE, always=True)

FAMILY: Final = Family(
    "quotas and admission",
    (
        _rule(
            "A1",
            "FailedCreate, `exceeded quota`",
            "the quota is used up",
            _refused(
                _QUOTA,
                "{who} cannot make a pod: quota {quota} is used up: {used} of {limit}, and it asks for {asked}",
                "Free some, ask for less, or have the quota raised",
            ),
        ),
        _rule(
            "A2",
            "FailedCreate, `must specify`",
            "the quota needs the field",
            _refused(
                _MUST,
                "{who} cannot make a pod: quota {quota} demands that it says {fields}",
                "Add the requests or limits, or a LimitRange's default",
            ),
        ),
        _rule(
            "A3",
            "FailedCreate, LimitRange minimum or maximum",
            "a LimitRange forbids the size",
            _refused(_RANGE, "{who} cannot make a pod: {what}", "Ask for what the LimitRange allows"),
        ),
        _rule(
            "A4",
            '`violates PodSecurity "x"`',
            "the namespace's security level forbids it",
            _refused(
                _SECURITY,
                "{who} cannot make a pod: the namespace's level {level} forbids {what}",
                "Mend its security context",
                kubectl("get namespace {ns} --show-labels"),
            ),
        ),
        _rule(
            "A5",
            "failed calling webhook; denied the request",
            "a webhook is down, or a policy forbids it",
            _hooks,
            source="https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/",
        ),
        _rule(
            "C7",
            "FailedCreate: ServiceAccount not found",
            "the service account is missing",
            _refused(
                _ACCOUNT,
                "{who} cannot make a pod: service account {name} does not exist",
                "Make the account, or name another",
                kubectl("get serviceaccounts -n {ns}"),
            ),
        ),
        _rule("A6", "a controller without pods", "what its conditions and events say", _unknown),
        _rule("A7", "a PodDisruptionBudget blocks an eviction", "disruptionsAllowed is 0", _budget),
    ),
)
