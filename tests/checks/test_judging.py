"""What is made of facts: each fault in them is one kind of finding, and no other check finds anything."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.checks import excess, planning
from bot.checks.examining import CHECKS, MISTAKE, NOT_LOOKED, judged
from bot.checks.facts import Facts, Place, Right
from bot.checks.findings import Finding, Level
from bot.core.errors import CannotPost, ChatError, NotFound, NotSetUp, PodbotError, Unauthenticated, Unreachable
from bot.core.inspections import Channel, Rule, Rules, Token, Usergroup, Version
from bot.core.names import Namespace
from bot.core.resources import Access
from bot.slack.scopes import OPTIONAL, REQUIRED
from config.errors import ConfigError
from tests.checks.facts import KEY, cluster, good, policy, settings, slack

WRONG = ConfigError("policy.yaml", "team", "set it")
VIEWER = Place("podbot:viewer", Namespace("shop"), "viewer")
BOB = "bob@example.com"
GOOD = good()


def _token(*scopes: str, told: bool = True) -> Token:
    return Token("T0ACME", "U0PODBOT", frozenset(scopes) if told else None)


def _channel(**changed: bool) -> Facts:
    return slack(GOOD, channels={"C0ONCALL": Channel("C0ONCALL", "oncall", **changed)})


def _read_only(**changed: bool) -> Facts:
    seen = {"C0TEAM": Channel("C0TEAM", "team", **changed), "C0ONCALL": Channel("C0ONCALL", "oncall")}
    return slack(GOOD, channels=seen)


def _denied(place: Place, *denied: Access) -> Facts:
    rights = {key: not (key[0] == place and key[1] in denied) for key in GOOD.cluster.rights}
    return cluster(GOOD, rights=rights)


def _with_rule(rule: Rule, *, is_whole: bool = True) -> Facts:
    told = GOOD.cluster.rules["podbot"]
    assert isinstance(told, Rules)
    return cluster(GOOD, rules={**GOOD.cluster.rules, "podbot": Rules((*told.rules, rule), is_whole=is_whole)})


def _settings(**changed: str) -> Facts:
    return replace(GOOD, settings=settings(**changed))


def _by_tokens(changed: Mapping[str, object] | None = None) -> Facts:
    tiers = {"viewer": {"may": ["READ"], **(changed or {})}, "operator": {"may": ["READ", "CHANGE", "DANGEROUS"]}}
    return good(policy(people={}, tiers=tiers), tokens=True)


def _rule(verb: str, resource: str, group: str = "", *names: str) -> Rule:
    return Rule(frozenset({verb}), frozenset({group}), frozenset({resource}), frozenset(names))


LIST_PODS, CREATE_PODS = Access("list", "pods"), Access("create", "pods")
SECRETS = _rule("get", "secrets")
PROBE = Right(Access("get", "secrets"))
TARGET = planning.targets(policy(), "main")[0]
POD = next(iter(GOOD.cluster.pods))
HTTP = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "0123456789abcdef" * 2}

CASES: dict[str, Facts] = {
    "setting-wrong": Facts(WRONG, WRONG, WRONG),
    "key-weak": _settings(SIGNING_KEYS="k" * 40),
    "key-twice": _settings(SIGNING_KEYS=f"{KEY},{KEY}"),
    "policy-wrong": replace(GOOD, policy=WRONG),
    "policy-empty": replace(good(policy(grants=[])), settings=settings()),
    "policy-frozen": good(policy(frozen="release")),
    "template-wrong": replace(GOOD, templates=WRONG),
    "token-refused": slack(GOOD, token=ChatError("no", code="token_revoked")),
    "slack-unreachable": slack(GOOD, token=ChatError("no answer from Slack")),
    "scopes-missing": slack(GOOD, token=_token(*OPTIONAL)),
    "scopes-optional": slack(GOOD, token=_token(*REQUIRED)),
    "scopes-more": slack(GOOD, token=_token(*REQUIRED, *OPTIONAL, "admin")),
    "scopes-untold": slack(GOOD, token=_token(told=False)),
    "way-refused": slack(GOOD, connection=ChatError("no", code="missing_scope")),
    "way-http": _settings(**HTTP),
    "way-secret": _settings(**{**HTTP, "SLACK_SIGNING_SECRET": "hello"}),
    "team-other": good(policy(team="T0OTHER")),
    "channel-lost": slack(GOOD, channels={"C0TEAM": CannotPost("no", code="channel_not_found")}),
    "channel-unseen": slack(GOOD, channels={"C0TEAM": ChatError("no", code="missing_scope")}),
    "channel-archived": _channel(is_archived=True),
    "channel-outside": _channel(is_member=False),
    "channel-unheard": _read_only(is_member=False),
    "channel-shared": _channel(is_shared=True),
    "channel-public": _read_only(is_private=False),
    "usergroup-lost": slack(GOOD, usergroups={}),
    "usergroup-empty": slack(GOOD, usergroups={"S0ONCALL": Usergroup("S0ONCALL", "oncall", 2, is_disabled=True)}),
    "usergroups-unseen": slack(GOOD, usergroups=ChatError("no", code="missing_scope")),
    "ask-nobody": good(policy(ask="")),
    "ask-lost": slack(GOOD, ask=None),
    "ask-unseen": slack(GOOD, ask=ChatError("no", code="missing_scope")),
    "cluster-unreachable": cluster(GOOD, version=Unreachable("refused")),
    "cluster-unauthenticated": cluster(GOOD, version=Unauthenticated("401")),
    "cluster-old": cluster(GOOD, version=Version("v1.27.4")),
    "clock-off": cluster(GOOD, skew=-11.0),
    "clock-wrong": slack(GOOD, skew=61.0),
    "clock-untold": slack(GOOD, skew=None),
    "impersonation-legacy": cluster(good(policy(people={})), constrained=False, legacy=True, rules={}),
    "impersonation-tokens": _by_tokens(),
    "impersonation-groups": _by_tokens({"groups": ["podbot:viewers"]}),
    "impersonation-none": cluster(GOOD, constrained=False),
    "impersonation-lent": cluster(GOOD, lent={"bob@example.com": True}),
    "impersonation-unseen": cluster(GOOD, legacy=PodbotError("late")),
    "identity-refused": cluster(
        GOOD,
        identities={**GOOD.cluster.identities, VIEWER.user: NotSetUp("no")},
        rights={key: True for key in GOOD.cluster.rights if key[0] != VIEWER},
    ),
    "lease-refused": cluster(GOOD, claim=NotSetUp("no")),
    "lease-homeless": cluster(GOOD, claim=NotFound("no")),
    "lease-right": cluster(GOOD, leases={Right(Access("list", "leases"), "podbot"): False}),
    "rights-missing": _denied(VIEWER, LIST_PODS),
    "rights-part": _denied(VIEWER, Access("get", "persistentvolumeclaims")),
    "rights-person": cluster(GOOD, rights={key: key[0].user != BOB for key in GOOD.cluster.rights}),
    "rights-unseen": cluster(GOOD, rights={**GOOD.cluster.rights, (VIEWER, LIST_PODS): PodbotError("late")}),
    "rights-unasked": cluster(GOOD, rights=dict(list(GOOD.cluster.rights.items())[:-1])),
    "targets-missing": cluster(GOOD, targets={**GOOD.cluster.targets, TARGET: False}),
    "targets-unseen": cluster(GOOD, targets={**GOOD.cluster.targets, TARGET: PodbotError("late")}),
    "pods-nobody": good(policy(tiers={"viewer": {"may": ["READ"]}, "operator": {"may": ["READ"]}})),
    "pod-refused": cluster(GOOD, pods={**GOOD.cluster.pods, POD: ("no such claim",)}),
    "pod-unseen": cluster(GOOD, pods={**GOOD.cluster.pods, POD: PodbotError("late")}),
    "own-rule": _with_rule(SECRETS),
    "own-right": cluster(GOOD, probes={PROBE: True}),
    "own-unseen": cluster(GOOD, rules={"podbot": PodbotError("late")}),
}
QUIET = {
    "way-http",
    "impersonation-legacy",
    "impersonation-tokens",
    "targets-tokens",
    "targets-legacy",
    "pods-nobody",
    "clock-untold",
}
BESIDE = {
    "identity-refused": {"rights-nobody"},
    "impersonation-legacy": {"targets-legacy"},
    "impersonation-tokens": {"targets-tokens"},
    "impersonation-groups": {"targets-tokens"},
}


def _found(facts: Facts) -> list[Finding]:
    return [finding for one in judged(facts) for finding in one.findings if finding.kind is not NOT_LOOKED]


def test_what_is_good_is_good() -> None:
    """Where nothing is wrong every check finds one good thing, and every place in its words is filled."""
    for one in judged(GOOD):
        (finding,) = one.findings
        assert finding.level is Level.OK, finding
        assert "{" not in finding.says


@pytest.mark.parametrize("word", CASES)
def test_a_fault_is_told_once(word: str) -> None:
    """A fault is found with what to do about it, and the other checks find theirs good or are not looked at."""
    found = _found(CASES[word])
    other = {one.kind.word for one in found if one.level is not Level.OK} - {word}
    assert other == BESIDE.get(word, set()) - QUIET, found
    (first, *_) = [one for one in found if one.kind.word == word]
    assert first.mend or first.level in (Level.OK, Level.SKIPPED)
    assert "{" not in first.says + first.mend


def test_every_kind_has_a_case() -> None:
    """Each kind that a check may find is found in one of the cases, and belongs to a check."""
    kinds = {kind.word for check in CHECKS for kind in check.kinds}
    shown = {one.kind.word for facts in (*CASES.values(), GOOD, UNABLE) for one in _found(facts)}
    assert kinds == shown
    for facts in (*CASES.values(), GOOD, UNABLE):
        for one in judged(facts):
            assert all(finding.kind in (*one.check.kinds, NOT_LOOKED) for finding in one.findings)


def _unable() -> Facts:
    refused = {user: NotSetUp("no") for user in GOOD.cluster.identities}
    return cluster(GOOD, identities=refused, rights={}, pods={})


UNABLE = _unable()


def test_whom_podbot_cannot_be_is_not_asked_about() -> None:
    """Rights and pods of somebody whom podbot cannot act as are not looked at, and nobody calls them good."""
    words = [one.kind.word for one in _found(UNABLE)]
    assert words.count("identity-refused") == 3
    assert words.count("rights-nobody") == 3
    assert "pods-unasked" in words
    assert not {"rights-good", "pods-good"} & set(words)


def test_what_builds_on_a_failure_is_not_looked_at() -> None:
    """Where settings are broken, all else says that it was not looked at; a broken policy leaves what needs none."""
    first, *rest = judged(CASES["setting-wrong"])
    assert first.failed
    assert all(one.findings[0].kind is NOT_LOOKED for one in rest)
    skipped = {one.check.name for one in judged(CASES["policy-wrong"]) if one.findings[0].kind is NOT_LOOKED}
    assert not skipped & {"slack-token", "slack-scopes", "slack-way", "cluster", "cluster-clock", "leases", "keys"}
    assert {"slack-channels", "rights", "own-rights"} <= skipped


def test_a_mistake_in_one_check_is_a_failure_of_that_check(caplog: pytest.LogCaptureFixture) -> None:
    """A check that breaks is told as podbot's own mistake; its traceback is in the log, and the others go on."""

    def broken(_: Facts) -> list[Finding]:
        raise ZeroDivisionError

    checks = [replace(CHECKS[0], judge=broken), replace(CHECKS[5], after=())]
    first, second = judged(GOOD, checks)
    assert [one.kind for one in first.findings] == [MISTAKE]
    assert "ZeroDivisionError" in first.findings[0].says
    assert second.findings[0].level is Level.OK
    assert "Traceback" in caplog.text


def test_names_of_what_is_missing() -> None:
    """A missing right is told with its verb and resource, who lacks it where, and for which commands."""
    (found,) = (one for one in _found(CASES["rights-missing"]) if one.level is Level.FAILURE)
    assert (
        found.says == "podbot:viewer in shop lacks list pods (for list, logs, top, wait)"
        or "list pods (for" in found.says
    )
    assert "podbot rbac" in found.mend
    assert "--legacy" not in found.mend


def test_a_tier_is_named_as_kubernetes_knows_it() -> None:
    """Where podbot impersonates nobody a finding about a tier names its ServiceAccount, and no user podbot:TIER."""
    facts = _by_tokens()
    lacks = {key: key[1] != LIST_PODS or key[0].tier != "viewer" for key in facts.cluster.rights}
    refused = dict.fromkeys(facts.cluster.identities, NotSetUp("no"))
    found = [*_found(facts), *_found(cluster(facts, rights=lacks)), *_found(cluster(facts, identities=refused))]
    viewer = "system:serviceaccount:podbot:podbot-tier-viewer"
    about = {one.kind.word for one in found if viewer in one.says}
    assert about == {"rights-good", "rights-missing", "identity-refused", "rights-nobody"}
    assert not any("podbot:viewer" in one.says + one.mend for one in found)


def test_untrusted_words_stay_on_their_line() -> None:
    """What a server said cannot break a line, move the cursor or fill a screen, and its braces are no places."""
    said = "evil\nok  all: good\x1b[2J{home}" + "x" * 1000
    (found,) = (one for one in _found(cluster(GOOD, claim=NotSetUp(said))) if one.level is Level.FAILURE)
    assert "\n" not in found.says
    assert "\x1b" not in found.says
    assert "{home}" in found.says
    assert len(found.says) < 500


@pytest.mark.parametrize(
    ("rule", "is_excess"),
    [
        (_rule("create", "leases", "coordination.k8s.io"), False),
        (_rule("update", "leases", "coordination.k8s.io"), True),
        (_rule("create", "selfsubjectaccessreviews", "authorization.k8s.io"), False),
        (_rule("impersonate:user-info", "users", "authentication.k8s.io", "podbot:viewer"), False),
        (_rule("impersonate:user-info", "users", "authentication.k8s.io", "podbot:viewer", "admin"), True),
        (_rule("impersonate:user-info", "users", "authentication.k8s.io"), True),
        (_rule("impersonate", "users", "", "podbot:viewer"), True),
        (_rule("*", "leases", "coordination.k8s.io"), True),
        (_rule("create", "*", "coordination.k8s.io"), True),
        (_rule("create", "leases", "*"), True),
        (Rule(frozenset(), frozenset(), frozenset()), False),
    ],
)
def test_only_what_is_needed_is_not_too_much(rule: Rule, *, is_excess: bool) -> None:
    """A rule is too much as soon as one verb, group, resource or name of it is beyond what podbot needs."""
    told = GOOD.cluster.rules["podbot"]
    assert isinstance(told, Rules)
    assert excess.excess(rule, told.rules) is is_excess


def test_a_right_is_told_once() -> None:
    """What a rule that was told allows is not told again as a right that was tried."""
    facts = cluster(_with_rule(SECRETS), probes={PROBE: True, Right(CREATE_PODS): True})
    words = [one.kind.word for one in _found(facts) if one.level is Level.FAILURE]
    assert words == ["own-rule", "own-right"]


def test_rules_are_told_in_words() -> None:
    """A rule is told as people say it."""
    rule = Rule(frozenset({"get", "list"}), frozenset({"apps"}), frozenset({"deployments"}), frozenset({"web"}))
    assert excess.described(rule) == "get, list deployments.apps named web"


@pytest.mark.parametrize(
    ("ask", "channel"),
    [
        ("<#C0PLATFORM>", ("C0PLATFORM", "")),
        ("<#C0PLATFORM|platform>", ("C0PLATFORM", "")),
        ("#platform", ("", "platform")),
        ("write to #platform-help, please", ("", "platform-help,")),
        ("<@U0ALICE>", ("", "")),
        ("", ("", "")),
    ],
)
def test_whom_refusals_name(ask: str, channel: tuple[str, str]) -> None:
    """A channel is found in the policy's words by its id or by its name."""
    assert planning.asked_whom(ask) == channel
