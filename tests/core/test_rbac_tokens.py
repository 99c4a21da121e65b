"""RBAC where the bot signs in as its tiers' ServiceAccounts and impersonates nobody."""

import pytest

from bot.core.rbac import own_rules
from config.errors import ConfigError
from config.policy import Policy
from tests.core.roles import DELETE, LIST, PEOPLE, TREE, VOLUMES, identify, made, role


def test_tokens_need_no_impersonation() -> None:
    """Podbot may ask for the tokens of the tiers' ServiceAccounts by name, in its own namespace, and become nobody."""
    items = made(tokens=True)
    assert [identify(item) for item in items] == [
        ("ServiceAccount", "podbot", "bot"),
        ("ServiceAccount", "podbot", "podbot-tier-operator"),
        ("ServiceAccount", "podbot", "podbot-tier-viewer"),
        ("Role", "podbot", "podbot:own"),
        ("RoleBinding", "podbot", "podbot:own"),
        ("Role", "shop", "podbot:tier:operator"),
        ("RoleBinding", "shop", "podbot:tier:operator"),
        ("Role", "shop", "podbot:tier:viewer"),
        ("RoleBinding", "shop", "podbot:tier:viewer"),
        ("Role", "web", "podbot:tier:viewer"),
        ("RoleBinding", "web", "podbot:tier:viewer"),
    ]
    assert role(items, "Role", "podbot", "podbot:own")[-1] == {
        "apiGroups": [""],
        "resources": ["serviceaccounts/token"],
        "resourceNames": ["podbot-tier-operator", "podbot-tier-viewer"],
        "verbs": ["create"],
    }
    assert "impersonate" not in str(items)
    assert [item["automountServiceAccountToken"] for item in items[1:3]] == [False, False]


@pytest.mark.parametrize("cluster_wide", [False, True])
def test_tokens_tiers_have_the_same_roles(*, cluster_wide: bool) -> None:
    """A tier's roles are those of impersonation; they are bound to its ServiceAccount instead of its user."""
    of_tiers = {}
    for tokens in (False, True):
        items = made(LIST, VOLUMES, DELETE, tokens=tokens, cluster_wide=cluster_wide)
        of_tiers[tokens] = [one for one in items if ":tier:" in one["metadata"]["name"]]
    assert [one.get("rules") for one in of_tiers[True]] == [one.get("rules") for one in of_tiers[False]]
    for one in (one for one in of_tiers[True] if "subjects" in one):
        tier = one["metadata"]["name"].rpartition(":")[2]
        subject = {"kind": "ServiceAccount", "name": f"podbot-tier-{tier}", "namespace": "podbot"}
        assert one["subjects"] == [subject]


def test_tokens_are_for_tiers_alone() -> None:
    """People need impersonation, and tokens exclude its legacy form."""
    with pytest.raises(ConfigError, match="people need impersonation"):
        made(tokens=True, people=PEOPLE)
    with pytest.raises(ConfigError, match="exclude each other"):
        made(tokens=True, legacy=True)


def test_own_rules_with_tokens() -> None:
    """What the bot itself is given is in its own namespace alone."""
    held = Policy.model_validate(TREE)
    rules = own_rules([LIST], held, namespace="podbot", legacy=False, tokens=True, cluster="main")
    assert {place for place, found in rules.items() if found} == {"podbot"}
    (asking,) = {rule for rule in rules["podbot"] if "serviceaccounts/token" in rule.resources}
    assert asking.names == {"podbot-tier-operator", "podbot-tier-viewer"}
