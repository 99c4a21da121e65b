"""RBAC that is made of what commands need and whom policy grants it: the objects, their rules, and what no rule has."""

import pytest

from bot.core.rbac import ACT, LABELS, accesses, own_rules
from bot.core.resources import Access
from bot.kube.holding import NAME as HELD
from bot.kube.records import NAME as KEPT
from config.policy import Policy
from tests.core.roles import CREATE, DELETE, LIST, TREE, VOLUMES, identify, made, read, role, rules


def test_objects_are_few_and_in_a_fixed_order() -> None:
    """The bot's own objects come first, then its targets, then the tiers' roles; twice the same."""
    items = made()
    assert [identify(item) for item in items] == [
        ("ServiceAccount", "podbot", "bot"),
        ("Role", "podbot", "podbot:own"),
        ("RoleBinding", "podbot", "podbot:own"),
        ("ClusterRole", "", "podbot:impersonation"),
        ("ClusterRoleBinding", "", "podbot:impersonation"),
        ("Role", "shop", "podbot:targets"),
        ("RoleBinding", "shop", "podbot:targets"),
        ("Role", "web", "podbot:targets"),
        ("RoleBinding", "web", "podbot:targets"),
        ("Role", "shop", "podbot:tier:operator"),
        ("RoleBinding", "shop", "podbot:tier:operator"),
        ("Role", "shop", "podbot:tier:viewer"),
        ("RoleBinding", "shop", "podbot:tier:viewer"),
        ("Role", "web", "podbot:tier:viewer"),
        ("RoleBinding", "web", "podbot:tier:viewer"),
    ]
    assert items == made(DELETE, CREATE, LIST)
    assert all(item["metadata"]["labels"] == LABELS for item in items)


def test_own_rights_are_leases_and_one_record() -> None:
    """As itself the bot may make, look up and sweep leases at home, and change one Lease and one ConfigMap."""
    own = [
        (*one["apiGroups"], *one["resources"], one.get("resourceNames", []), one["verbs"])
        for one in role(made(), "Role", "podbot", "podbot:own")
    ]
    assert own == [
        ("coordination.k8s.io", "leases", [], ["create", "delete", "get", "list"]),
        ("coordination.k8s.io", "leases", [HELD], ["patch"]),
        ("", "configmaps", [], ["create"]),
        ("", "configmaps", [KEPT], ["get", "patch"]),
    ]


def test_tier_role_is_the_union_over_the_commands_it_may_use() -> None:
    """A tier's role holds every need of the commands whose effect it may use, optional ones too, and no other."""
    viewer = {
        ("", "events"): {"list"},
        ("", "pods"): {"get", "list"},
        ("", "pods/log"): {"get"},
        ("apps", "replicasets"): {"get"},
    }
    assert rules(made(), "Role", "web", "podbot:tier:viewer") == viewer
    assert rules(made(), "Role", "shop", "podbot:tier:operator") == {
        **viewer,
        ("", "pods"): {"get", "list", "delete"},
        ("", "pods/eviction"): {"create"},
    }


def test_rules_with_equal_verbs_are_one() -> None:
    """Resources of a group that need the same verbs share a rule."""
    assert role(made(LIST), "Role", "web", "podbot:tier:viewer") == [
        {"apiGroups": [""], "resources": ["events"], "verbs": ["list"]},
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]},
        {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]},
        {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": ["get"]},
    ]
    shared = made(read(Access("get", "services"), Access("get", "pods")))[-2]
    assert shared["rules"] == [{"apiGroups": [""], "resources": ["pods", "services"], "verbs": ["get"]}]


def test_roles_are_bound_to_the_tiers_user_and_the_bots_account() -> None:
    """A tier's role is bound to podbot:<tier> alone, the bot's to its service account alone."""
    bindings = {identify(item): item for item in made() if item["kind"].endswith("Binding")}
    for (kind, _, name), binding in bindings.items():
        assert binding["roleRef"] == {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": kind.removesuffix("Binding"),
            "name": name,
        }
        (subject,) = binding["subjects"]
        tier = name.removeprefix("podbot:tier:")
        assert subject == (
            {"kind": "ServiceAccount", "name": "bot", "namespace": "podbot"}
            if tier == name
            else {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": f"podbot:{tier}"}
        )


def test_another_name_begins_every_role() -> None:
    """Two podbots of one cluster share no role where their names differ."""
    assert all(
        identify(item)[2].startswith("night:") for item in made(name="night") if item["kind"] != "ServiceAccount"
    )


@pytest.mark.parametrize("form", ["constrained", "legacy", "tokens"])
def test_nothing_dangerous_is_asked_for(form: str) -> None:
    """No wildcard, no becoming of everybody, no deletecollection, no node proxy, no Secret, no namespace."""
    items = made(legacy=form == "legacy", tokens=form == "tokens")
    for rule in (rule for item in items for rule in item.get("rules", [])):
        assert "*" not in str(rule)
        assert "deletecollection" not in str(rule["verbs"])
        assert not {"nodes/proxy", "secrets", "namespaces"} & set(rule["resources"])
        if {"users", "groups", "serviceaccounts/token"} & set(rule["resources"]):
            assert rule["resourceNames"]


@pytest.mark.parametrize(
    "access",
    [
        Access("*", "pods"),
        Access("get", "*"),
        Access("get", "pods", "*"),
        Access("get", "pods/*"),
        Access("deletecollection", "pods"),
        Access("get", "nodes/proxy", scope="cluster"),
        Access("create", "nodes/proxy", scope="cluster"),
        Access("delete", "namespaces", scope="cluster"),
    ],
)
def test_need_that_podbot_may_never_have_is_an_error(access: Access) -> None:
    """A command that needs too much stops the making of RBAC, instead of getting it."""
    with pytest.raises(ValueError, match="podbot never asks for"):
        made(read(access))


@pytest.mark.parametrize("pod_templates", [False, True])
def test_a_right_that_policy_never_uses_is_not_given(pod_templates: bool) -> None:  # noqa: FBT001  # a parameter set's
    """A need that belongs to a switch of the policy is in the roles only where the switch is on."""
    need = Access("list", "podtemplates", optional=True, policy="pod_templates")
    items = made(read(Access("list", "pods"), need), pod_templates=pod_templates)
    for name in ("podbot:tier:viewer", "podbot:targets"):
        assert (("", "podtemplates") in rules(items, "Role", "shop", name)) is pod_templates


def test_own_rules_are_the_bots_alone() -> None:
    """What the bot itself is given is told by namespace, in both forms of reaching namespaces, and no tier's right."""
    rules = own_rules([LIST], Policy.model_validate(TREE), namespace="podbot", legacy=False, cluster="main")
    assert set(rules) == {"", "podbot", "shop", "web"}
    assert {resource for rule in rules["podbot"] for resource in rule.resources} == {"leases", "configmaps"}
    acting = [rule for rule in (*rules["shop"], *rules[""]) if "pods" in rule.resources]
    assert len(acting) == 2
    assert all(verb.startswith(ACT) for rule in acting for verb in rule.verbs)


def test_accesses_of_tiers() -> None:
    """The rights that some tiers' commands need are told by their scope."""
    policy = Policy.model_validate(TREE)
    assert accesses([LIST, DELETE], policy, ["viewer"]) == set(LIST.needs)
    assert accesses([VOLUMES], policy, ["viewer"], "cluster") == set(VOLUMES.needs)
    assert accesses([DELETE], policy, ["operator"]) == set(DELETE.needs)
