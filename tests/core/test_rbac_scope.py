"""How far RBAC reaches: a namespace, a cluster, several clusters."""

from bot.core.rbac import ACT
from tests.core.roles import CREATE, DELETE, LIST, VOLUMES, identify, made, rules


def test_cluster_scope_needs_become_cluster_roles() -> None:
    """A need at the scope of the cluster is in a tier's ClusterRole and in the bot's cluster-wide targets."""
    items = made(VOLUMES)
    assert rules(items, "ClusterRole", "", "podbot:tier:viewer") == {("", "persistentvolumes"): {"get"}}
    assert rules(items, "ClusterRole", "", "podbot:impersonation")["", "persistentvolumes"] == {f"{ACT}get"}
    assert not any(item["kind"] == "Role" and item["metadata"]["name"] != "podbot:own" for item in items)


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
