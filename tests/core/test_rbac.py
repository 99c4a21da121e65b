from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.core.commands import Change, Command, Context, Plan, Read
from bot.core.rbac import ACT, BECOME, LABELS, accesses, objects, own_rules
from bot.core.replies import Reply
from bot.core.resources import Access, Json
from bot.kube.holding import NAME as HELD
from bot.kube.records import NAME as KEPT
from config.errors import ConfigError
from config.policy import Policy


@dataclass(frozen=True, slots=True)
class Nothing:
    """A request without parameters."""


async def _plan(_context: Context, _asked: Nothing) -> Plan:
    return Plan("nothing")


async def _read(_context: Context, _asked: Nothing) -> AsyncIterator[str]:
    yield ""


async def _change(_context: Context, _asked: Nothing, _plan: Plan) -> AsyncIterator[str]:
    yield ""


def read(*needs: Access) -> Command[Any, Any]:
    """Return a READ with these needs."""
    return Read(name="list", request=Nothing, render=Reply, summary="", run=_read, needs=needs)


def change(*needs: Access, dangerous: bool = False) -> Command[Any, Any]:
    """Return a CHANGE, or a DANGEROUS one, with these needs."""
    return Change(
        name="delete",
        request=Nothing,
        render=Reply,
        summary="",
        plan=_plan,
        run=_change,
        dangerous=dangerous,
        needs=needs,
    )


LIST = read(
    Access("list", "pods"),
    Access("get", "pods"),
    Access("get", "pods/log"),
    Access("list", "events", optional=True),
    Access("get", "replicasets", "apps"),
)
CREATE = change(Access("create", "pods"), Access("get", "pods"))
DELETE = change(
    Access("get", "pods"), Access("delete", "pods"), Access("create", "pods/eviction", when="--evict"), dangerous=True
)
VOLUMES = read(Access("get", "persistentvolumes", scope="cluster"))
TREE: dict[str, Any] = {
    "team": "T0ACME",
    "tiers": {
        "viewer": {"groups": ["podbot:viewers"], "may": ["READ"]},
        "operator": {"groups": ["podbot:operators", "on-call"], "may": ["READ", "DANGEROUS"]},
    },
    "grants": [
        {"cluster": "main", "tier": "viewer", "channels": ["C0TEAM"], "namespaces": ["shop", "web"]},
        {"cluster": "main", "tier": "operator", "channels": ["C0ONCALL"], "namespaces": ["shop"]},
        {"cluster": "other", "tier": "operator", "channels": ["C0ONCALL"], "namespaces": ["far"]},
    ],
}
EXTRAS = [f"userextras/podbot.io/slack-{key}" for key in ("channel", "team", "user")]
PEOPLE = {"U0ALICE": {"user": "alice@example.com", "groups": ["shop-team", "on-call"]}}


def made(
    *commands: Command[Any, Any],
    legacy: bool = False,
    tokens: bool = False,
    cluster: str | None = "main",
    cluster_wide: bool = False,
    name: str = "podbot",
    **policy: Any,
) -> list[Json]:
    """Return the objects for these commands, or for all of them, under the policy or one with changed keys."""
    return objects(
        commands or (LIST, CREATE, DELETE),
        Policy.model_validate({**TREE, **policy}),
        namespace="podbot",
        service_account="bot",
        legacy=legacy,
        tokens=tokens,
        cluster=cluster,
        cluster_wide=cluster_wide,
        name=name,
    )


def identify(item: Json) -> tuple[str, str, str]:
    """Return an object's kind, namespace (empty for the cluster's) and name."""
    return item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]


def role(items: list[Json], kind: str, namespace: str, name: str) -> list[Json]:
    """Return the rules of one of the roles."""
    (found,) = (item["rules"] for item in items if identify(item) == (kind, namespace, name))
    return list(found)


def rules(items: list[Json], kind: str, namespace: str, name: str) -> dict[tuple[str, str], set[str]]:
    """Return a role's verbs by API group and resource."""
    return {
        (group, resource): set(rule["verbs"])
        for rule in role(items, kind, namespace, name)
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }


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


def test_cluster_scope_needs_become_cluster_roles() -> None:
    """A need at the scope of the cluster is in a tier's ClusterRole and in the bot's cluster-wide targets."""
    items = made(VOLUMES)
    assert rules(items, "ClusterRole", "", "podbot:tier:viewer") == {("", "persistentvolumes"): {"get"}}
    assert rules(items, "ClusterRole", "", "podbot:impersonation")["", "persistentvolumes"] == {f"{ACT}get"}
    assert not any(item["kind"] == "Role" and item["metadata"]["name"] != "podbot:own" for item in items)


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


def test_other_clusters_are_left_out_only_when_asked() -> None:
    """Grants of other clusters count only where no cluster is named."""
    assert "far" not in str(made())
    assert "far" in str(made(cluster=None))


def test_cluster_wide_rights_are_the_same_in_every_namespace() -> None:
    """Cluster-wide, a tier's rights are one ClusterRole's, and the bot may act for others as far as any tier may go."""
    items = made(LIST, CREATE, DELETE, VOLUMES, cluster_wide=True)
    assert [identify(item) for item in items if not item["kind"].endswith("Binding")] == [
        ("ServiceAccount", "podbot", "bot"),
        ("Role", "podbot", "podbot:own"),
        ("ClusterRole", "", "podbot:impersonation"),
        ("ClusterRole", "", "podbot:targets"),
        ("ClusterRole", "", "podbot:tier:operator"),
        ("ClusterRole", "", "podbot:tier:viewer"),
    ]
    narrow = made(LIST, CREATE, DELETE, VOLUMES)
    for tier in ("podbot:tier:operator", "podbot:tier:viewer"):
        both = {**rules(narrow, "Role", "shop", tier), **rules(narrow, "ClusterRole", "", tier)}
        assert rules(items, "ClusterRole", "", tier) == both
    assert rules(items, "ClusterRole", "", "podbot:targets") == rules(narrow, "Role", "shop", "podbot:targets")


def test_without_grants_nobody_has_cluster_wide_rights() -> None:
    """A policy that grants nothing leaves the bot its own rights and no target."""
    names = [identify(item)[2] for item in made(cluster_wide=True, grants=[])]
    assert names == ["bot", "podbot:own", "podbot:own", "podbot:impersonation", "podbot:impersonation"]


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
