"""Who the API server takes podbot's requests for."""

import pytest

from bot.core.errors import Forbidden, NotSetUp
from bot.core.grants import Identity
from bot.core.inspections import Rule
from bot.core.rbac import OWN
from bot.core.resources import PODS, Access
from tests.contract.sites import EXTRAS, GROUPS, POD, Site

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_who_is_the_impersonated_identity(site: Site) -> None:
    """The API server sees exactly the user, groups and extras of the identity."""
    who = await site.cluster.who()
    assert (who.user, set(who.groups)) == (site.operator.user, {*GROUPS, "system:authenticated"})
    assert dict(who.extras) == EXTRAS


async def test_own_is_the_service_account(site: Site) -> None:
    """Asked as itself, the bot is its own ServiceAccount."""
    assert (await site.own.who()).user == site.own_user


async def test_the_version_is_known_to_everyone(site: Site) -> None:
    """The bot needs no right to be told the API server's version."""
    assert (await site.own.version()).startswith("v1.")


async def test_a_persons_refusal_is_forbidden(site: Site) -> None:
    """What the person may not do is the person's Forbidden."""
    with pytest.raises(Forbidden, match="cannot get resource") as caught:
        await site.acting_as(site.viewer).get(PODS, POD)
    assert (caught.value.status, caught.value.cause) == (403, "Forbidden")


async def test_a_refused_impersonation_is_not_set_up(site: Site) -> None:
    """Where the bot itself lacks the right to be somebody, it is not set up."""
    with pytest.raises(NotSetUp, match="impersonate"):
        await site.acting_as(site.nobody).get(PODS, POD)


async def test_a_group_that_was_not_given_is_not_set_up(site: Site) -> None:
    """A user the bot may be does not bring a group that it may not add."""
    with pytest.raises(NotSetUp):
        await site.acting_as(Identity(site.operator.user, ("podbot:others",), EXTRAS)).get(PODS, POD)


async def test_access_is_asked_as_the_identity(site: Site) -> None:
    """An access review answers for the person and not for the bot."""
    wanted = [Access("list", "pods"), Access("get", "pods/log"), Access("list", "nodes", scope="cluster")]
    assert [await site.cluster.allowed(one) for one in wanted] == [True, True, False]
    assert [await site.acting_as(site.viewer).allowed(one) for one in wanted] == [True, False, False]


async def test_the_canary_sings(site: Site) -> None:
    """An identity that comes back as it was sent raises nothing."""
    await site.own.canary(site.operator)
    await site.own.canary(site.viewer)


async def test_the_canary_tells_a_missing_right(site: Site) -> None:
    """An identity that the bot may not be is not set up."""
    with pytest.raises(NotSetUp):
        await site.own.canary(site.nobody)


async def test_holding_the_legacy_verb_is_seen(site: Site) -> None:
    """The bot knows whether it may impersonate a user by the legacy verb."""
    assert await site.own.holds_legacy(site.operator.user) is (site.form == "legacy")
    assert not await site.own.holds_legacy(site.nobody.user)


async def test_the_bots_own_rules(site: Site) -> None:
    """The API server lists the rules that reach the bot in a namespace, its own Role's and those for everyone."""
    told = await site.own.rules(site.namespace)
    keys = ("verbs", "apiGroups", "resources", "resourceNames")
    assert {Rule(*(frozenset(one.get(key, ())) for key in keys)) for one in OWN} <= set(told.rules)
    assert told.is_whole
    assert any("selfsubjectaccessreviews" in rule.resources for rule in told.rules)
    named = next(rule for rule in told.rules if "users" in rule.resources)
    assert named.names == {site.operator.user, site.viewer.user}


async def test_the_bots_own_rights(site: Site) -> None:
    """The bot may make Leases at home and nowhere else, and read no Secret."""
    create = Access("create", "leases", "coordination.k8s.io")
    assert await site.own.may(create, namespace=site.namespace)
    assert not await site.own.may(create, namespace="default")
    assert not await site.own.may(Access("get", "secrets"), namespace=site.namespace)


async def test_a_claim_that_is_only_checked_is_not_made(site: Site) -> None:
    """Checking whether a claim could be made leaves no Lease behind."""
    path = f"/apis/coordination.k8s.io/v1/namespaces/{site.namespace}/leases"
    before = len((await site.admin.call("GET", path))["items"])
    await site.own.check_claim()
    assert len((await site.admin.call("GET", path))["items"]) == before
