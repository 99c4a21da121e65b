"""Whom the bot may become, and in which of the two forms of impersonation."""

import pytest

from bot.core.rbac import ACT, BECOME
from config.errors import ConfigError
from tests.core.roles import PEOPLE, identify, made, role, rules

EXTRAS = [f"userextras/podbot.io/slack-{key}" for key in ("channel", "team", "user")]


def test_constrained_impersonation_names_everyone() -> None:
    """The bot may become exactly the tiers' and people's users and groups, with Slack's ids as extras."""
    group = ["authentication.k8s.io"]
    assert role(made(people=PEOPLE), "ClusterRole", "", "podbot:impersonation") == [
        {
            "apiGroups": group,
            "resources": ["users"],
            "resourceNames": ["alice@example.com", "podbot:operator", "podbot:viewer"],
            "verbs": [BECOME],
        },
        {
            "apiGroups": group,
            "resources": ["groups"],
            "resourceNames": ["on-call", "podbot:operators", "podbot:viewers", "shop-team"],
            "verbs": [BECOME],
        },
        {"apiGroups": group, "resources": EXTRAS, "verbs": [BECOME]},
        {"apiGroups": group, "resources": ["selfsubjectreviews"], "verbs": [f"{ACT}create"]},
        {
            "apiGroups": ["authorization.k8s.io"],
            "resources": ["selfsubjectaccessreviews"],
            "verbs": [f"{ACT}create"],
        },
    ]


@pytest.mark.parametrize("namespace", ["shop", "web"])
def test_targets_are_what_the_tiers_there_may_do(namespace: str) -> None:
    """In each namespace the bot may act for others exactly as far as some tier granted there may go."""
    items = made()
    tiers = {"shop": "podbot:tier:operator", "web": "podbot:tier:viewer"}
    expected = rules(items, "Role", namespace, tiers[namespace])
    assert rules(items, "Role", namespace, "podbot:targets") == {
        target: {f"{ACT}{verb}" for verb in verbs} for target, verbs in expected.items()
    }


def test_legacy_form_has_the_legacy_verb_alone() -> None:
    """The legacy form names users and groups too, and never mixes with the constrained verbs."""
    items, verbs = made(legacy=True), ["impersonate"]
    users, groups = ["podbot:operator", "podbot:viewer"], ["on-call", "podbot:operators", "podbot:viewers"]
    assert role(items, "ClusterRole", "", "podbot:impersonation") == [
        {"apiGroups": [""], "resources": ["users"], "resourceNames": users, "verbs": verbs},
        {"apiGroups": [""], "resources": ["groups"], "resourceNames": groups, "verbs": verbs},
        {"apiGroups": ["authentication.k8s.io"], "resources": EXTRAS, "verbs": verbs},
    ]
    assert "impersonate-on" not in str(items)
    assert BECOME not in str(items)


def test_tiers_are_the_same_in_both_forms() -> None:
    """How the bot may become a tier does not change what the tier may do."""
    tiers = [[item for item in made(legacy=form) if "tier" in identify(item)[2]] for form in (True, False)]
    assert tiers[0] == tiers[1]


def test_legacy_form_with_people_is_refused() -> None:
    """With people in the policy, the legacy form is refused, and the error says what to do."""
    with pytest.raises(ConfigError, match="policy: people: needs constrained impersonation"):
        made(legacy=True, people=PEOPLE)


def test_without_groups_no_rule_reaches_any() -> None:
    """Where nobody has a group there is no rule on groups, for one without resourceNames would reach all."""
    items = made(tiers={"viewer": {"may": ["READ"]}, "operator": {"may": ["READ"]}})
    assert ("authentication.k8s.io", "groups") not in rules(items, "ClusterRole", "", "podbot:impersonation")
