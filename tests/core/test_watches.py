"""What the channel's tier may look at, by the policy of the moment."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.grants import Account, Effect, Identity
from bot.core.names import Namespace
from bot.core.tellings import Telling, left, room
from bot.core.watches import Watch, granted, of_channel
from config.policy import Policy
from tests.fakes import NOW

WATCH = Watch("main", "shop", "", "T0ACME", "C0TEAM", "U0ALICE", "operator", NOW)
RULE = {"cluster": "main", "tier": "operator", "channels": ["C0TEAM"], "namespaces": ["shop"]}
TIERS = {
    "operator": {"groups": ["podbot:operators"], "may": ["READ", "CHANGE"]},
    "viewer": {"may": ["READ"]},
    "blind": {"may": ["CHANGE"]},
}


def policy(*rules: dict[str, Any], **more: Any) -> Policy:
    """Return a policy of these rules."""
    return Policy.model_validate({"team": "T0ACME", "tiers": TIERS, "grants": list(rules), **more})


def test_it_looks_as_the_tier_and_names_no_person() -> None:
    """The identity is the tier's, with team and channel; whatever the tier may do, a watch reads."""
    grant = granted(policy(RULE), WATCH, "main")
    assert grant is not None
    assert (grant.identity.user, grant.identity.groups) == ("podbot:operator", ("podbot:operators",))
    assert isinstance(grant.identity, Identity)
    assert dict(grant.identity.extras) == {"podbot.io/slack-team": ("T0ACME",), "podbot.io/slack-channel": ("C0TEAM",)}
    assert (grant.namespace, grant.may) == ("shop", frozenset({Effect.READ}))


def test_it_may_look_as_an_account() -> None:
    """Where podbot asks for tokens, a watch looks as the tier's ServiceAccount too."""
    grant = granted(policy(RULE), WATCH, "main", "podbot")
    assert grant is not None
    assert grant.identity == Account(Namespace("podbot"), "operator")
    assert grant.tiers_user == grant.identity.user


def test_a_person_in_the_policy_is_not_who_looks() -> None:
    """Who turned it on may be somebody of their own in Kubernetes; the watch is the channel's."""
    grant = granted(policy(RULE, people={"U0ALICE": {"user": "alice"}}), WATCH, "main")
    assert grant is not None
    assert grant.identity.user == "podbot:operator"


@pytest.mark.parametrize("people", [{}, {"users": ["U0ALICE", "U0BOB"]}, {"usergroups": ["S0ONCALL"]}])
def test_the_grant_is_the_channels(people: dict[str, Any]) -> None:
    """Who is on call changes; what they have turned on stays."""
    assert granted(policy({**RULE, **people}), WATCH, "main")


@pytest.mark.parametrize(
    "changed",
    [
        {"channels": ["C0OTHER"]},
        {"namespaces": ["payments"]},
        {"tier": "viewer"},
        {"cluster": "other"},
        {"users": ["U0BOB"]},
    ],
)
def test_a_rule_that_does_not_reach_it_any_more(changed: dict[str, Any]) -> None:
    """Another channel, namespace, tier or cluster, or a list without who turned it on, grants nothing."""
    assert granted(policy({**RULE, **changed}), WATCH, "main") is None


def test_what_else_takes_the_grant_away() -> None:
    """No rule at all, another team, another cluster, a tier that is gone or may not read."""
    assert granted(policy(), WATCH, "main") is None
    assert granted(policy(RULE), replace(WATCH, team="T0OTHER"), "main") is None
    assert granted(policy(RULE), WATCH, "other") is None
    assert granted(policy(RULE), replace(WATCH, tier="gone"), "main") is None
    assert granted(policy({**RULE, "tier": "blind"}), replace(WATCH, tier="blind"), "main") is None


def test_a_channels_watches_have_an_order() -> None:
    """They come by their places, and no other channel's are among them."""
    payments, selected = replace(WATCH, namespace="payments"), replace(WATCH, selector="app=web")
    found = (selected, WATCH, replace(WATCH, channel="C0OTHER"), payments)
    assert list(of_channel(found, "C0TEAM")) == [payments, WATCH, selected]


def test_what_is_counted() -> None:
    """A channel's messages of the last minute count, and every incident that is kept."""
    telling = Telling("k", WATCH, NOW)
    assert left([telling] * 3, "C0TEAM", NOW) == 2
    assert left([telling] * 9, "C0TEAM", NOW) == 0
    assert left([telling] * 9, "C0OTHER", NOW) == 5
    assert room([telling]) == 300
