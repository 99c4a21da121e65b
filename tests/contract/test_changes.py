"""Creating, patching, deleting and evicting, each bound to what was meant."""

import pytest

from bot.core.errors import AlreadyExists, Conflict, Invalid, NotFound, TooMany
from bot.core.names import PodName
from bot.core.resources import PODS
from tests.contract.sites import POD, Site, pod
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def _gone(site: Site, name: str, uid: str) -> bool:
    try:
        return bool((await site.cluster.get(PODS, name))["metadata"]["uid"] != uid)
    except NotFound:
        return True


async def test_a_dry_run_makes_nothing(site: Site) -> None:
    """A dry run is checked by the server and leaves nothing."""
    made = await site.cluster.create(PODS, pod("dry"), dry_run=True)
    assert made["metadata"]["uid"]
    with pytest.raises(NotFound):
        await site.cluster.get(PODS, "dry")


async def test_an_unknown_field(site: Site) -> None:
    """A field that the API does not know is Invalid, and names itself."""
    body = pod("strict")
    body["spec"]["contaners"] = []
    with pytest.raises(Invalid, match=r'strict decoding error: unknown field "spec.contaners"'):
        await site.cluster.create(PODS, body)


async def test_a_wrong_value(site: Site) -> None:
    """A value that the API refuses is Invalid with 422."""
    with pytest.raises(Invalid, match="Invalid value") as caught:
        await site.cluster.create(PODS, pod("Upper"))
    assert (caught.value.status, caught.value.cause) == (422, "Invalid")


async def test_a_name_that_is_taken(site: Site) -> None:
    """A second object of the same name is AlreadyExists."""
    with pytest.raises(AlreadyExists, match='pods "web" already exists'):
        await site.cluster.create(PODS, pod(POD))


async def test_a_json_patch(site: Site) -> None:
    """A JSON Patch is applied where its tests hold, and by a dry run not even then."""
    made = await site.cluster.create(PODS, pod("patched", labels={"tier": "back"}))
    operations = [
        {"op": "test", "path": "/metadata/uid", "value": made["metadata"]["uid"]},
        {"op": "replace", "path": "/metadata/labels/tier", "value": "front"},
    ]
    await site.cluster.patch(PODS, "patched", operations, dry_run=True)
    assert (await site.cluster.get(PODS, "patched"))["metadata"]["labels"] == {"tier": "back"}
    patched = await site.cluster.patch(PODS, "patched", operations)
    assert patched["metadata"]["labels"] == {"tier": "front"}


async def test_a_json_patch_whose_test_fails(site: Site) -> None:
    """A JSON Patch whose test fails is Invalid with 422, and changes nothing."""
    operations = [
        {"op": "test", "path": "/metadata/uid", "value": "another"},
        {"op": "add", "path": "/metadata/labels/tried", "value": "yes"},
    ]
    with pytest.raises(Invalid) as caught:
        await site.cluster.patch(PODS, POD, operations)
    assert caught.value.status == 422
    assert "tried" not in (await site.cluster.get(PODS, POD))["metadata"]["labels"]


async def test_a_delete_is_bound_to_the_uid(site: Site) -> None:
    """A delete reaches the object that was meant and no other of its name."""
    made = await site.cluster.create(PODS, pod("doomed"))
    uid = made["metadata"]["uid"]
    with pytest.raises(Conflict, match="UID in the precondition"):
        await site.cluster.delete(PODS, "doomed", uid="00000000-0000-0000-0000-000000000000")
    await site.cluster.delete(PODS, "doomed", uid=uid, dry_run=True)
    assert "deletionTimestamp" not in (await site.cluster.get(PODS, "doomed"))["metadata"]
    await site.cluster.delete(PODS, "doomed", uid=uid, grace_period=0)
    await until(lambda: _gone(site, "doomed", uid), "the pod's end")


async def test_an_eviction(site: Site) -> None:
    """An eviction is bound to the UID too, and ends the pod."""
    name = PodName("moved")
    uid = (await site.cluster.create(PODS, pod(name)))["metadata"]["uid"]
    with pytest.raises(Conflict):
        await site.cluster.evict(name, uid="00000000-0000-0000-0000-000000000000")
    await site.cluster.evict(name, uid=uid, dry_run=True)
    assert not await _gone(site, name, uid)
    await site.cluster.evict(name, uid=uid, grace_period=0)
    await until(lambda: _gone(site, name, uid), "the pod's end")


async def test_a_disruption_budget(site: Site) -> None:
    """An eviction that a budget forbids is TooMany, and ends nothing."""
    name = PodName("guarded")
    budgets = f"/apis/policy/v1/namespaces/{site.namespace}/poddisruptionbudgets"
    spec = {"minAvailable": 1, "selector": {"matchLabels": {"app": "guarded"}}}
    await site.admin.make(budgets, {"metadata": {"name": "guarded"}, "spec": spec})
    uid = (await site.cluster.create(PODS, pod(name, labels={"app": "guarded"})))["metadata"]["uid"]
    await site.admin.running(site.namespace, name)
    with pytest.raises(TooMany, match="disruption budget") as caught:
        await site.cluster.evict(name, uid=uid)
    assert caught.value.cause == "TooManyRequests"
    assert not await _gone(site, name, uid)


async def test_a_claim_is_given_once(site: Site) -> None:
    """Of two who claim the same key one gets it; young claims are not swept."""
    assert [await site.own.claim("press:1"), await site.own.claim("press:1"), await site.own.claim("press:2")] == [
        True,
        False,
        True,
    ]
    assert await site.own.sweep() == 0
