from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.asks import Ask, Member, Via
from bot.core.authorize import authorize, usergroups_needed
from bot.core.errors import Reason, Refusal
from bot.core.grants import Account, Effect, Grant, Identity
from bot.core.names import Namespace
from config.policy import Policy

TEAM, ALICE, BOB, CAROL = "T0ACME", "U0ALICE", "U0BOB", "U0CAROL"
CHANNEL, ONCALL, ADMINS = "C0TEAM", "C0ONCALL", "C0ADMINS"
ON_CALL_GROUP, LEADS = "S0ONCALL", "S0LEADS"
USERGROUPS = {ON_CALL_GROUP: frozenset({BOB}), LEADS: frozenset({CAROL})}
SHOP = Namespace("shop")

TREE: dict[str, Any] = {
    "team": TEAM,
    "ask": "#platform",
    "tiers": {
        "viewer": {"groups": ["podbot:viewers"], "may": ["READ"]},
        "operator": {"groups": ["podbot:operators"], "may": ["READ", "CHANGE", "DANGEROUS"]},
    },
    "people": {CAROL: {"user": "carol@example.com", "groups": ["shop-team"]}},
    "grants": [
        {
            "cluster": "main",
            "tier": "operator",
            "usergroups": [ON_CALL_GROUP, LEADS],
            "channels": [ONCALL],
            "namespaces": ["shop", "payments"],
        },
        {"cluster": "main", "tier": "viewer", "channels": [CHANNEL, ONCALL], "namespaces": ["shop"]},
        {"cluster": "main", "tier": "operator", "channels": [CHANNEL], "namespaces": ["shop"]},
        {"cluster": "main", "tier": "operator", "channels": [ADMINS], "users": [ALICE], "namespaces": ["ops"]},
        {"cluster": "other", "tier": "operator", "channels": [ADMINS], "namespaces": ["elsewhere"]},
    ],
    "default_namespace": {CHANNEL: "shop"},
}
POLICY = Policy.model_validate(TREE)
ASK = Ask("r1", TEAM, ALICE, CHANNEL, "list", Via.SLASH, datetime(2026, 11, 24, 7, 0, tzinfo=UTC))
WHERE = "namespace shop, channel C0TEAM"


def decide(
    ask: Ask = ASK,
    *,
    policy: Policy = POLICY,
    member: Member | None = None,
    usergroups: dict[str, frozenset[str]] = USERGROUPS,
    **changed: Any,
) -> tuple[Grant, ...] | Refusal:
    """Authorize a read of the default namespace, or what is changed of it."""
    given = {
        "effect": Effect.READ,
        "cluster": "main",
        "namespace": None,
        "everywhere": False,
        "scope_free": False,
        "stale": False,
        **changed,
    }
    return authorize(policy, ask, member or Member(ask.user, TEAM), usergroups, **given)


def ask_in(channel: str, user: str = ALICE) -> Ask:
    """Return the ask, made in another channel, perhaps by somebody else."""
    return replace(ASK, channel=channel, user=user)


def reason(decision: tuple[Grant, ...] | Refusal) -> Reason | None:
    """Return why it was refused, None where it was granted."""
    return decision.reason if isinstance(decision, Refusal) else None


def reached(decision: tuple[Grant, ...] | Refusal) -> list[tuple[str, str]]:
    """Return the granted namespaces and tiers."""
    assert not isinstance(decision, Refusal)
    return [(grant.namespace, grant.tier) for grant in decision]


def test_member_is_granted_the_tier_with_slack_ids_in_extras() -> None:
    """A full member acts as the tier's user and groups, with team, user and channel in the extras."""
    identity = Identity(
        "podbot:viewer",
        ("podbot:viewers",),
        {"podbot.io/slack-team": (TEAM,), "podbot.io/slack-user": (ALICE,), "podbot.io/slack-channel": (CHANNEL,)},
    )
    assert decide() == (Grant("main", SHOP, "viewer", identity, frozenset({Effect.READ})),)


def test_a_tier_may_be_an_account() -> None:
    """Where podbot asks for tokens, a tier is its ServiceAccount, in podbot's own namespace."""
    decision = decide(accounts="podbot")
    assert decision == (
        Grant("main", SHOP, "viewer", Account(Namespace("podbot"), "viewer"), frozenset({Effect.READ})),
    )
    assert decision[0].identity.user == "system:serviceaccount:podbot:podbot-tier-viewer"


def test_person_is_exactly_that_user_and_groups() -> None:
    """A mapped person is never a tier's user or group, and still bound to the tier's effects."""
    decision = decide(ask_in(CHANNEL, CAROL))
    assert not isinstance(decision, Refusal)
    identity = decision[0].identity
    assert (identity.user, identity.groups) == ("carol@example.com", ("shop-team",))
    assert isinstance(identity, Identity)
    assert identity.extras["podbot.io/slack-user"] == (CAROL,)
    assert reason(decide(ask_in(CHANNEL, CAROL), effect=Effect.CHANGE)) is Reason.EFFECT


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (Member(ALICE, TEAM, is_bot=True), Reason.BOT),
        (Member(ALICE, "T0OTHER", is_bot=True), Reason.BOT),
        (Member(ALICE, "T0OTHER"), Reason.OUTSIDER),
        (Member(ALICE, ""), Reason.OUTSIDER),
        (Member(ALICE, TEAM, is_stranger=True), Reason.OUTSIDER),
        (Member(ALICE, TEAM, is_deleted=True), Reason.OUTSIDER),
        (Member(ALICE, TEAM, is_guest=True), Reason.GUEST),
        (Member(BOB, TEAM), Reason.UNKNOWN_MEMBER),
    ],
)
@pytest.mark.parametrize("scope_free", [True, False])
def test_only_full_members_are_answered(member: Member, expected: Reason, *, scope_free: bool) -> None:
    """Bots, outsiders, strangers, deleted members, guests and somebody else's ids are refused, help included."""
    decision = decide(member=member, scope_free=scope_free)
    assert decision == Refusal(expected, "full membership of workspace T0ACME", ALICE, "", "#platform")


def test_ask_from_a_bot_is_refused_whoever_the_member_is() -> None:
    """A message by a bot is refused even when a member's id comes with it."""
    assert reason(decide(replace(ASK, from_bot=True))) is Reason.BOT


def test_installation_team_does_not_count() -> None:
    """The user's own team is compared, not that of the installation which delivered the ask."""
    assert reason(decide(replace(ASK, team="T0OTHER"))) is None


def test_scope_free_command_needs_no_grant() -> None:
    """A full member may use scope-free commands anywhere, without a grant."""
    assert decide(ask_in("C0NOWHERE"), scope_free=True) == ()


def test_scope_optional_command_goes_on_without_a_grant() -> None:
    """It gets a grant where there is one; without one it is refused only in a namespace that was typed."""
    granted = decide(scope_optional=True)
    assert isinstance(granted, tuple)
    assert [grant.namespace for grant in granted] == ["shop"]
    assert decide(ask_in("C0NOWHERE"), scope_optional=True) == ()
    refused = decide(ask_in("C0NOWHERE"), scope_optional=True, namespace=SHOP)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.NO_GRANT


@pytest.mark.parametrize("effect", [Effect.CHANGE, Effect.DANGEROUS])
def test_frozen_policy_refuses_every_change_with_its_reason(effect: Effect) -> None:
    """A freeze refuses changes, with its reason, and leaves reads alone."""
    frozen = Policy.model_validate({**TREE, "frozen": "release night"})
    ask = ask_in(ONCALL, BOB)
    decision = decide(ask, policy=frozen, effect=effect, namespace=SHOP, stale=True)
    assert decision == Refusal(Reason.FROZEN, "an end of the freeze: release night", BOB, "", "#platform")
    assert reached(decide(ask, policy=frozen, namespace=SHOP)) == [("shop", "operator")]


def test_stale_policy_refuses_changes_only() -> None:
    """A policy file broken for too long refuses changes, and leaves reads alone."""
    ask = ask_in(ONCALL, BOB)
    assert reason(decide(ask, effect=Effect.CHANGE, namespace=SHOP, stale=True)) is Reason.STALE_POLICY
    assert reached(decide(ask, namespace=SHOP, stale=True)) == [("shop", "operator")]


def test_channel_without_default_needs_a_namespace() -> None:
    """Without -n and without the channel's default the refusal says to add it."""
    assert decide(ask_in(ONCALL)) == Refusal(Reason.NO_NAMESPACE, "a namespace", ALICE, "channel C0ONCALL", "#platform")


def test_given_namespace_wins_over_default() -> None:
    """A namespace on the line is used, not the channel's default."""
    decision = decide(namespace=Namespace("payments"))
    assert decision == Refusal(
        Reason.NO_GRANT,
        "a grant with the effect READ",
        ALICE,
        "namespace payments, channel C0TEAM",
        "#platform",
    )


def test_first_match_decides_alone() -> None:
    """A later grant that would allow more is not looked at once an earlier one matches."""
    decision = decide(effect=Effect.DANGEROUS)
    assert decision == Refusal(Reason.EFFECT, "DANGEROUS for tier viewer", ALICE, WHERE, "#platform")


@pytest.mark.parametrize(
    ("user", "tier"),
    [(BOB, "operator"), (CAROL, "operator"), (ALICE, "viewer")],
)
def test_usergroups_are_ored(user: str, tier: str) -> None:
    """Being in any of a grant's usergroups is enough; being in none leads on to the next grant."""
    assert reached(decide(ask_in(ONCALL, user), namespace=SHOP)) == [("shop", tier)]


@pytest.mark.parametrize(
    ("ask", "namespace", "cluster"),
    [
        (ask_in(ADMINS, BOB), "ops", "main"),
        (ask_in(ADMINS), "shop", "main"),
        (ask_in(CHANNEL), "ops", "main"),
        (ask_in(ADMINS), "ops", "other"),
        (ask_in(ADMINS), "elsewhere", "main"),
    ],
)
def test_keys_are_anded(ask: Ask, namespace: str, cluster: str) -> None:
    """User, channel, namespace and cluster must all match."""
    assert reached(decide(ask_in(ADMINS), namespace=Namespace("ops"))) == [("ops", "operator")]
    assert reason(decide(ask, namespace=Namespace(namespace), cluster=cluster)) is Reason.NO_GRANT


def test_users_and_usergroups_are_anded() -> None:
    """A grant with users and usergroups wants a listed user who is in a listed usergroup."""
    rule = {**TREE["grants"][0], "users": [ALICE, BOB]}
    policy = Policy.model_validate({**TREE, "grants": [rule], "default_namespace": {}})
    assert reached(decide(ask_in(ONCALL, BOB), policy=policy, namespace=SHOP)) == [("shop", "operator")]
    for user in (ALICE, CAROL):
        assert reason(decide(ask_in(ONCALL, user), policy=policy, namespace=SHOP)) is Reason.NO_GRANT


def test_unknown_usergroup_fails_closed() -> None:
    """A usergroup that could not be looked up refuses, instead of passing on to a later grant."""
    decision = decide(ask_in(ONCALL), namespace=SHOP, usergroups={LEADS: frozenset()})
    assert decision == Refusal(
        Reason.UNKNOWN_MEMBER,
        "the members of S0ONCALL, S0LEADS",
        ALICE,
        "namespace shop, channel C0ONCALL",
        "#platform",
    )


def test_known_usergroup_is_enough() -> None:
    """Being in one known usergroup grants, though another could not be looked up."""
    decision = decide(ask_in(ONCALL, BOB), namespace=SHOP, usergroups={ON_CALL_GROUP: frozenset({BOB})})
    assert reached(decision) == [("shop", "operator")]


def test_everywhere_is_one_grant_for_each_namespace() -> None:
    """-A gives the first match of each namespace of the cluster, in the policy's order."""
    assert reached(decide(ask_in(ONCALL, BOB), everywhere=True)) == [("shop", "operator"), ("payments", "operator")]
    assert reached(decide(ask_in(ONCALL), everywhere=True)) == [("shop", "viewer")]


def test_everywhere_leaves_out_what_the_effect_may_not() -> None:
    """-A leaves out namespaces whose first match does not allow the effect."""
    rules = [{**TREE["grants"][1], "channels": [ADMINS]}, *TREE["grants"][3:]]
    policy = Policy.model_validate({**TREE, "grants": rules, "default_namespace": {}})
    assert reached(decide(ask_in(ADMINS), policy=policy, everywhere=True, effect=Effect.CHANGE)) == [
        ("ops", "operator")
    ]


def test_everywhere_without_any_grant_is_refused() -> None:
    """-A where nothing is granted is refused, for the reason nearest to a grant."""
    assert decide(ask_in("C0NOWHERE"), everywhere=True) == Refusal(
        Reason.NO_GRANT, "a grant with the effect READ", ALICE, "channel C0NOWHERE", "#platform"
    )
    assert reason(decide(everywhere=True, effect=Effect.CHANGE)) is Reason.EFFECT


def test_usergroups_needed_are_those_of_the_channel() -> None:
    """All usergroups that a grant of the channel names must be looked up, and Slack is asked for no others."""
    assert usergroups_needed(POLICY, ONCALL) == {ON_CALL_GROUP, LEADS}
    assert usergroups_needed(POLICY, CHANNEL) == frozenset()
