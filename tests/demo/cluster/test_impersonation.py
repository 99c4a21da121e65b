"""Being somebody else."""

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import BOT, PODS, Bench
from tests.demo.cluster.test_rbac import grant, rule

_WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
_AUTHENTICATION = "authentication.k8s.io"
_ACCOUNT = {"kind": "ServiceAccount", "name": "podbot", "namespace": "bots"}
_EXTRA = "userextras/podbot.io/slack-user"
_BOB = {"Impersonate-User": "bob"}
_FULL = {**_BOB, "Impersonate-Group": "ops", "Impersonate-Extra-podbot.io%2Fslack-user": "U1"}
_LEGACY = [
    rule(["impersonate"], ["users"], resourceNames=["bob"]),
    rule(["impersonate"], ["groups"], resourceNames=["ops"]),
    rule(["impersonate"], [_EXTRA], _AUTHENTICATION),
]
_BECOME = [
    rule(["impersonate:user-info"], ["users"], _AUTHENTICATION, resourceNames=["bob"]),
    rule(["impersonate:user-info"], ["groups"], _AUTHENTICATION, resourceNames=["ops"]),
    rule(["impersonate:user-info"], [_EXTRA], _AUTHENTICATION),
]
_CONSTRAINED = [
    *_BECOME,
    rule(["impersonate-on:user-info:list"], ["pods"]),
    rule(["impersonate-on:user-info:create"], ["selfsubjectreviews"], _AUTHENTICATION),
]


def _give(bench: Bench, rules: list[Json]) -> None:
    grant(bench, rules, _ACCOUNT, kind="ClusterRole", cluster=True)


@pytest.mark.parametrize("rules", [_LEGACY, _CONSTRAINED])
def test_the_whole_identity(bench: Bench, rules: list[Json]) -> None:
    """User, groups and extras are taken on together, and everyone who is known has the group of those."""
    _give(bench, rules)
    user = bench.ask("POST", _WHO, {}, by="bot", headers=_FULL).json()["status"]["userInfo"]
    groups = ["ops", "system:authenticated"]
    assert user == {"username": "bob", "groups": groups, "extra": {"podbot.io/slack-user": ["U1"]}}


def test_without_any_right(bench: Bench) -> None:
    """Without any right the refusal names the bot and the verb on the target."""
    told = bench.says("GET", PODS, by="bot", headers=_BOB)
    who = f'User "{BOT}" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "shop"'
    assert told == (403, f"pods is forbidden: {who}")


def test_a_verb_that_is_missing_on_the_target(bench: Bench) -> None:
    """The constrained form needs each verb on the target."""
    _give(bench, _CONSTRAINED)
    code, message = bench.says("GET", f"{PODS}/web", by="bot", headers=_BOB)
    assert code == 403
    assert f'User "{BOT}" cannot impersonate-on:user-info:get resource "pods"' in message


def test_a_group_that_is_missing(bench: Bench) -> None:
    """The refusal names a group that may not be taken on, in the words of the form that the bot holds."""
    headers = {**_BOB, "Impersonate-Group": "admins"}
    _give(bench, _CONSTRAINED)
    where = f'resource "groups" in API group "{_AUTHENTICATION}" at the cluster scope'
    wanted = f'groups.{_AUTHENTICATION} "admins" is forbidden: User "{BOT}" cannot impersonate:user-info {where}'
    assert bench.says("GET", PODS, by="bot", headers=headers) == (403, wanted)
    _give(bench, _LEGACY)
    where = 'resource "groups" in API group "" at the cluster scope'
    wanted = f'groups "admins" is forbidden: User "{BOT}" cannot impersonate {where}'
    assert bench.says("GET", PODS, by="bot", headers=headers) == (403, wanted)


def test_an_extra_that_is_missing(bench: Bench) -> None:
    """The refusal names an extra that may not be taken on."""
    _give(bench, _LEGACY)
    headers = {**_BOB, "Impersonate-Extra-Other%2Fkey": "x"}
    code, message = bench.says("GET", PODS, by="bot", headers=headers)
    assert code == 403
    assert 'cannot impersonate resource "userextras/other/key"' in message


def test_the_target_must_be_allowed_too(bench: Bench) -> None:
    """Being somebody does not bring more rights than they have."""
    _give(bench, _CONSTRAINED)
    told = bench.says("GET", PODS, by="bot", headers=_BOB)
    where = 'cannot list resource "pods" in API group "" in the namespace "shop"'
    assert told == (403, f'pods is forbidden: User "bob" {where}')


def test_an_empty_user_is_no_impersonation(bench: Bench) -> None:
    """An empty Impersonate-User means the bot itself, as in reality."""
    user = bench.ask("POST", _WHO, {}, by="bot", headers={"Impersonate-User": ""}).json()["status"]["userInfo"]
    assert user["username"] == BOT


def test_groups_without_a_user(bench: Bench) -> None:
    """Groups without a user are a bad request."""
    code, message = bench.says("GET", PODS, by="bot", headers={"Impersonate-Group": "ops"})
    assert code == 400
    assert message.endswith("without impersonating a user name")


def test_an_unescaped_extra(bench: Bench) -> None:
    """A slash in a header's name is a bad request."""
    headers = {**_BOB, "Impersonate-Extra-podbot.io/x": "U1"}
    assert bench.ask("GET", PODS, by="bot", headers=headers).status == 400


def test_an_account_brings_its_groups(bench: Bench) -> None:
    """A ServiceAccount that is impersonated has its own groups."""
    headers = {"Impersonate-User": "system:serviceaccount:shop:default"}
    user = bench.ask("POST", _WHO, {}, headers=headers).json()["status"]["userInfo"]
    assert user["groups"] == ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"]


def test_an_account_is_not_a_user(bench: Bench) -> None:
    """The constrained right for users is none for ServiceAccounts."""
    _give(bench, _CONSTRAINED)
    headers = {"Impersonate-User": "system:serviceaccount:shop:default"}
    code, message = bench.says("GET", PODS, by="bot", headers=headers)
    assert code == 403
    assert "impersonate-on:serviceaccount:list" in message


def test_the_audit_log(bench: Bench) -> None:
    """The audit log names whom an allowed request was made as, and the bot itself where it was refused."""
    _give(bench, _CONSTRAINED)
    bench.ask("POST", _WHO, {}, by="bot", headers=_FULL)
    done = bench.simulation.audit[-1]
    assert (done.user, done.impersonated, done.groups) == (BOT, "bob", ("ops", "system:authenticated"))
    assert (done.extras, done.code, done.resource) == ({"podbot.io/slack-user": ("U1",)}, 201, "selfsubjectreviews")
    bench.ask("GET", f"{PODS}/web/log", by="bot", headers=_FULL)
    refused = bench.simulation.audit[-1]
    assert (refused.user, refused.impersonated, refused.resource, refused.code) == (BOT, "", "pods/log", 403)
    assert (done.allowed, refused.allowed) == (True, False)
