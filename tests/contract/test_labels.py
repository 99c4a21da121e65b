"""The patches of labels that podbot sends, and what controllers do when one is applied."""

from collections.abc import Mapping

import pytest

from bot.core.errors import Invalid
from bot.core.pods import controller
from bot.core.relabelling import LabelChange, patch, relabelled
from bot.core.resources import PODS, Json
from tests.contract.sites import Site, pod
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")

# handlers/label.py tells a failed test by these words
TEST_FAILED = "the server rejected our request due to an error in our request"


async def _made(site: Site, name: str, labels: Mapping[str, str] | None) -> str:
    more: Json = {} if labels is None else {"labels": dict(labels)}
    made = await site.cluster.create(PODS, pod(name, **more))
    return str(made["metadata"]["uid"])


async def _labels(site: Site, name: str) -> object:
    return (await site.cluster.get(PODS, name))["metadata"].get("labels", "no map at all")


def _operations(uid: str, before: Mapping[str, str], **changes: str | None) -> list[Json]:
    asked = [LabelChange(key.replace("__", "/"), value) for key, value in changes.items()]
    return patch(uid, before, relabelled(before, asked, overwrite=True).steps)


async def test_labels_are_set_replaced_and_removed(site: Site) -> None:
    """One patch sets, replaces and removes labels, a key with a slash too."""
    before = {"app": "web", "old": "1"}
    uid = await _made(site, "relabelled", before)
    changes = {"app": "api", "old": None, "example.com__a": "", "new": "x"}
    await site.cluster.patch(PODS, "relabelled", _operations(uid, before, **changes))
    assert await _labels(site, "relabelled") == {"app": "api", "example.com/a": "", "new": "x"}


@pytest.mark.parametrize("labels", [None, {}])
async def test_the_first_label_and_the_last(site: Site, labels: dict[str, str] | None) -> None:
    """A pod without labels has no map of them, which a patch can test for and add; with the last label the map goes."""
    name = "bare" if labels is None else "empty"
    uid = await _made(site, name, labels)
    assert await _labels(site, name) == "no map at all"
    await site.cluster.patch(PODS, name, _operations(uid, {}, a="b"))
    assert await _labels(site, name) == {"a": "b"}
    await site.cluster.patch(PODS, name, _operations(uid, {"a": "b"}, a=None))
    assert await _labels(site, name) == "no map at all"


@pytest.mark.parametrize(
    ("taken_for", "changes"),
    [
        ({"app": "api"}, {"app": "x"}),
        ({"app": "api"}, {"app": None}),
        ({}, {"app": "x"}),
        ({"other": "y"}, {"app": "x"}),
        ({"app": "web", "gone": "y"}, {"gone": None}),
        ({"app": "web", "gone": ""}, {"gone": "x"}),
    ],
)
async def test_labels_that_are_not_what_they_were_taken_for(
    site: Site, taken_for: dict[str, str], changes: dict[str, str | None]
) -> None:
    """Another value, a label taken for absent, and one taken for present each fail the patch, in the same words."""
    uid = str((await site.cluster.get(PODS, "web"))["metadata"]["uid"])
    for dry_run in (True, False):
        with pytest.raises(Invalid, match=TEST_FAILED) as caught:
            await site.cluster.patch(PODS, "web", _operations(uid, taken_for, **changes), dry_run=dry_run)
        assert (caught.value.status, caught.value.cause) == (422, "Invalid")
    assert await _labels(site, "web") == {"app": "web"}


async def test_a_wrong_object_is_named(site: Site) -> None:
    """A patch whose tests hold, and that makes a wrong object, is refused in other words."""
    uid = str((await site.cluster.get(PODS, "web"))["metadata"]["uid"])
    with pytest.raises(Invalid, match=r"metadata\.labels: Invalid value") as caught:
        await site.cluster.patch(PODS, "web", _operations(uid, {"app": "web"}, app="a b"))
    assert TEST_FAILED not in str(caught.value)


async def test_a_replica_set_lets_go_of_a_pod_and_takes_it_back(site: Site) -> None:
    """A pod that leaves the selector is let go and replaced; when it comes back it is taken, and one ends."""
    labels = {"set": "one"}
    spec = {
        "replicas": 1,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod("")["spec"]},
    }
    sets = f"/apis/apps/v1/namespaces/{site.namespace}/replicasets"
    await site.admin.make(sets, {"metadata": {"name": "one"}, "spec": spec})

    async def members(count: int) -> list[Json] | None:
        found = [raw for raw in (await site.cluster.list(PODS)).items if controller(raw)]
        return found if len(found) == count else None

    (first,) = await until(lambda: members(1), "the ReplicaSet's pod")
    name, uid = first["metadata"]["name"], first["metadata"]["uid"]
    await site.cluster.patch(PODS, name, _operations(uid, labels, set=None))

    async def is_replaced() -> bool:
        found = await members(1)
        return found is not None and found[0]["metadata"]["name"] != name

    await until(is_replaced, "another pod of the ReplicaSet")
    assert "ownerReferences" not in (await site.cluster.get(PODS, name))["metadata"]
    await site.cluster.patch(PODS, name, _operations(uid, {}, set="one"))

    async def is_one_again() -> bool:
        found = (await site.cluster.list(PODS, selector="set=one")).items
        return len(found) == 1 and controller(found[0]) is not None

    await until(is_one_again, "the end of one pod too many")
    await site.admin.remove(f"{sets}/one")
