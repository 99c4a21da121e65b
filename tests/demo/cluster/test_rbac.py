"""Who may do what."""

from typing import Any

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench

_RBAC = "rbac.authorization.k8s.io"
_MAY = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


def grant(bench: Bench, rules: list[Json], subject: Json, *, kind: str = "Role", cluster: bool = False) -> None:
    """Give a subject rules, in shop or everywhere."""
    home = {} if cluster else {"namespace": "shop"}
    version = f"{_RBAC}/v1"
    place = home if kind == "Role" else {}
    role: Json = {"apiVersion": version, "kind": kind, "metadata": {"name": "given", **place}, "rules": rules}
    binding: Json = {
        "apiVersion": version,
        "kind": "ClusterRoleBinding" if cluster else "RoleBinding",
        "metadata": {"name": "given", **home},
        "roleRef": {"apiGroup": _RBAC, "kind": kind, "name": "given"},
        "subjects": [subject],
    }
    bench.simulation.apply(role, binding)


def rule(verbs: list[str], resources: list[str], group: str = "", **more: Any) -> Json:
    """Return an RBAC rule."""
    return {"verbs": verbs, "apiGroups": [group], "resources": resources, **more}


ALICE = {"kind": "User", "name": "alice"}


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        (
            "GET",
            PODS,
            'pods is forbidden: User "alice" cannot list resource "pods" in API group "" in the namespace "shop"',
        ),
        (
            "GET",
            "/api/v1/nodes/local",
            'nodes "local" is forbidden: User "alice" cannot get resource "nodes" in API group "" at the cluster scope',
        ),
        (
            "GET",
            "/apis/apps/v1/replicasets",
            (
                'replicasets.apps is forbidden: User "alice" cannot list resource "replicasets" '
                'in API group "apps" at the cluster scope'
            ),
        ),
        ("GET", "/junk", 'forbidden: User "alice" cannot get path "/junk"'),
    ],
)
def test_a_refusal_names_what_is_missing(bench: Bench, method: str, path: str, message: str) -> None:
    """A 403 names the user, the verb, the resource and the place."""
    assert bench.says(method, path, by="alice") == (403, message)


@pytest.mark.parametrize(
    ("subject", "kind", "cluster"),
    [
        (ALICE, "Role", False),
        ({"kind": "Group", "name": "team"}, "ClusterRole", False),
        ({"kind": "Group", "name": "system:authenticated"}, "ClusterRole", True),
    ],
)
def test_roles_allow(bench: Bench, subject: Json, kind: str, *, cluster: bool) -> None:
    """A right given to the user or a group, by a role of the namespace or of the cluster, allows."""
    grant(bench, [rule(["list"], ["pods"])], subject, kind=kind, cluster=cluster)
    assert bench.ask("GET", PODS, by="alice").status == 200
    assert bench.ask("GET", "/api/v1/pods", by="alice").status == (200 if cluster else 403)
    assert bench.ask("GET", "/api/v1/namespaces/default/pods", by="alice").status == (200 if cluster else 403)


def test_an_account_is_a_subject(bench: Bench) -> None:
    """A ServiceAccount is named by its namespace and name."""
    grant(bench, [rule(["*"], ["*"])], {"kind": "ServiceAccount", "name": "podbot", "namespace": "bots"})
    assert bench.ask("GET", PODS, by="bot").status == 200
    assert bench.ask("GET", PODS, by="alice").status == 403


def test_an_unknown_kind_of_subject_is_nobody(bench: Bench) -> None:
    """A subject of a kind that RBAC does not know allows nobody."""
    grant(bench, [rule(["*"], ["*"])], {"kind": "Robot", "name": "alice"})
    assert bench.ask("GET", PODS, by="alice").status == 403


def test_names_narrow_a_rule(bench: Bench) -> None:
    """A rule with names reaches those objects and no list."""
    grant(bench, [rule(["get", "list"], ["pods"], resourceNames=["web"])], ALICE)
    bench.pod("web")
    assert bench.ask("GET", f"{PODS}/web", by="alice").status == 200
    assert bench.ask("GET", f"{PODS}/api", by="alice").status == 403
    assert bench.ask("GET", PODS, by="alice").status == 403
    assert bench.ask("GET", PODS, by="alice", query={"fieldSelector": "metadata.name=web"}).status == 200


def test_subresources_are_resources_of_their_own(bench: Bench) -> None:
    """A right on pods is none on their logs, except as a pattern for the subresource."""
    grant(bench, [rule(["get"], ["pods"]), rule(["create"], ["*/eviction"])], ALICE)
    assert bench.ask("GET", f"{PODS}/web/log", by="alice").status == 403
    assert bench.ask("POST", f"{PODS}/web/eviction", {}, by="alice").status == 404


def test_paths_that_are_no_resources(bench: Bench) -> None:
    """Whoever is known may ask for the version, and whoever has a rule for it, for another path."""
    assert bench.ask("GET", "/version", by="alice").json()["minor"] == "37"
    assert bench.ask("GET", "/livez", by="alice").body == b"ok"
    rules: list[Json] = [{"verbs": ["get"], "nonResourceURLs": ["/met*"]}]
    grant(bench, rules, ALICE, kind="ClusterRole", cluster=True)
    assert bench.ask("GET", "/metrics", by="alice").status == 404


def test_access_reviews(bench: Bench) -> None:
    """A review answers from the same rules, and says which one allows."""
    grant(bench, [rule(["list"], ["pods"])], ALICE)
    spec = {"resourceAttributes": {"namespace": "shop", "verb": "list", "resource": "pods"}}
    allowed = bench.ask("POST", _MAY, {"spec": spec}, by="alice").json()["status"]
    assert allowed == {
        "allowed": True,
        "reason": 'RBAC: allowed by RoleBinding "given/shop" of Role "given" to User "alice"',
    }
    spec["resourceAttributes"]["verb"] = "delete"
    assert bench.ask("POST", _MAY, {"spec": spec}, by="alice").json()["status"] == {"allowed": False}
    path = {"nonResourceAttributes": {"verb": "get", "path": "/version"}}
    assert bench.ask("POST", _MAY, {"spec": path}, by="alice").json()["status"]["allowed"] is True


def test_a_review_of_nothing(bench: Bench) -> None:
    """A review that asks for nothing is Invalid."""
    code, message = bench.says("POST", _MAY, {"spec": {}}, by="alice")
    assert code == 422
    assert message.endswith("exactly one of nonResourceAttributes or resourceAttributes must be specified")


async def test_a_websocket_needs_create_as_well(bench: Bench) -> None:
    """A command in a container needs get for its request and create for its websocket."""
    bench.pod("web")
    await bench.wait(3)
    alice = {"kind": "User", "name": "alice"}
    upgrade = {"Upgrade": "websocket"}
    grant(bench, [rule(["get"], ["pods/exec"])], alice)
    path, query = f"{PODS}/web/exec", {"stdout": "true", "command": "true"}
    assert "cannot create resource" in bench.says("GET", path, by="alice", headers=upgrade, query=query)[1]
    assert bench.says("GET", path, by="alice", query=query) == (400, "Upgrade request required")
    grant(bench, [rule(["get", "create"], ["pods/exec"])], alice)
    assert bench.ask("GET", path, by="alice", headers=upgrade, query=query).status == 101
