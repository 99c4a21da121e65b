"""`/pod volumes`: what a pod's volumes are, where they are, and what survives; told from a real API server."""

from typing import Any

import pytest

from bot.core.resources import Json
from tests.contract.sites import pod
from tests.e2e.world import ALICE, BOB, GUEST, ONCALL, SHARED, STRANGER, TEAM, World, words
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")

CLUSTER_SCOPED = frozenset({"persistentvolumes", "storageclasses"})


def _claim(name: str, **spec: Any) -> Json:
    asked = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}, **spec}
    return {"metadata": {"name": name}, "spec": asked}


def _pod(name: str, volumes: list[Json], mounts: list[Json], **beside: Any) -> Json:
    body = pod(name)
    main = body["spec"]["containers"][0]
    main["volumeMounts"] = mounts
    body["spec"] |= {
        "containers": [main, *({**main, **one} for one in beside.get("containers", ()))],
        "volumes": volumes,
    }
    return body


async def _make_claim(world: World, *claims: Json) -> None:
    await world.admin.make(f"/api/v1/namespaces/{world.shop}/persistentvolumeclaims", *claims)


async def _furnished(world: World) -> None:
    """Make a pod of two containers with a bound claim, a shared directory, a ConfigMap and an ephemeral claim."""
    if await world.pod("furnished"):
        return
    configuration = {"metadata": {"name": "furnished"}, "data": {"a": "1"}}
    await world.admin.make(f"/api/v1/namespaces/{world.shop}/configmaps", configuration)
    await _make_claim(world, _claim("furnished"), _claim("later", storageClassName="on-first-use"))
    volumes = [
        {"name": "scratch", "emptyDir": {"sizeLimit": "8Mi"}},
        {"name": "conf", "configMap": {"name": "furnished", "items": [{"key": "a", "path": "b"}]}},
        {"name": "data", "persistentVolumeClaim": {"claimName": "furnished"}},
        {"name": "later", "persistentVolumeClaim": {"claimName": "later"}},
        {"name": "own", "ephemeral": {"volumeClaimTemplate": {"spec": _claim("")["spec"]}}},
    ]
    mounts = [
        {"name": "scratch", "mountPath": "/scratch"},
        {"name": "conf", "mountPath": "/conf"},
        {"name": "data", "mountPath": "/data", "subPath": "part"},
        {"name": "own", "mountPath": "/own"},
    ]
    second = {"name": "reader", "volumeMounts": [{"name": "scratch", "mountPath": "/logs", "readOnly": True}]}
    await world.make(_pod("furnished", volumes, mounts, containers=[second]))
    await world.admin.running(world.shop, "furnished")


async def test_volumes_are_told_with_what_stands_behind_them(world: World) -> None:
    """Each volume has its kind, its mounts and its lifetime; claims are joined with volume, class and node."""
    await _furnished(world)
    answer = words(await world.say(ALICE, TEAM, "volumes furnished"))
    claim = await world.admin.call("GET", f"/api/v1/namespaces/{world.shop}/persistentvolumeclaims/furnished")
    volume = claim["spec"]["volumeName"]
    for part in (
        "*6 volumes*, no trouble seen",
        "*scratch* · temporary directory · shared by `main`, `reader`",
        "`reader` at `/logs`, read-only",
        "*conf* · ConfigMap `furnished`",
        "a as b; mode 0644",
        f"claim `furnished` Bound → volume `{volume}` Bound → class `standard`",
        "1Mi asked for, 1Mi granted, ReadWriteOnce, Filesystem",
        "`main` at `/data`, only its part `part`",
        "reclaim policy Delete",
        "provisioner `kubernetes.io/host-path`, binds at once",
        "binds when a pod uses it",
        "claim `furnished-own` Bound",
        "files from several sources",
        "service account token at token for the API server",
        "deleted with the pod, lost with its node",
    ):
        assert part in answer, part
    assert "right that you don't have" not in answer


async def test_a_claims_other_users(world: World) -> None:
    """Another pod that uses the claim is told with its node."""
    await _furnished(world)
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "furnished"}}]
    await world.make(_pod("lodger", volumes, [{"name": "data", "mountPath": "/data"}]))
    await world.admin.running(world.shop, "lodger")
    answer = words(await world.say(ALICE, TEAM, "volumes furnished"))
    assert "also used by `lodger` on `local`" in answer
    await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/lodger")


@pytest.mark.parametrize(
    ("name", "storage_class", "why", "said"),
    [
        (
            "unclassed",
            "nosuch",
            "Claim unclassed is Pending: its class nosuch does not exist.",
            'storageclass.storage.k8s.io "nosuch" not found',
        ),
        (
            "classless",
            "",
            "Claim classless is Pending: it names no class, and no volume fits it.",
            "no persistent volumes available for this claim and no storage class is set",
        ),
    ],
)
async def test_a_claim_that_waits_says_why(world: World, name: str, storage_class: str, why: str, said: str) -> None:
    """A Pending claim is told with its reason, in the server's own words."""
    await _make_claim(world, _claim(name, storageClassName=storage_class))
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": name}}]
    await world.make(_pod(name, volumes, [{"name": "data", "mountPath": "/data"}]))
    about = f"involvedObject.kind=PersistentVolumeClaim,involvedObject.name={name}"

    async def told() -> list[Json]:
        found = await world.admin.call(
            "GET", f"/api/v1/namespaces/{world.shop}/events", None, (("fieldSelector", about),)
        )
        items: list[Json] = found["items"]
        return items

    await until(told, "the claim's event")
    answer = words(await world.say(ALICE, TEAM, f"volumes {name}"))
    for part in ("1 trouble", why, said, f"claim `{name}` Pending → no volume", "1Mi asked for, nothing granted yet"):
        assert part in answer, part


async def test_a_claim_that_is_not_there(world: World) -> None:
    """A claim that does not exist is named, with what to do."""
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "absent"}}]
    await world.make(_pod("claimless", volumes, [{"name": "data", "mountPath": "/data"}]))
    answer = words(await world.say(ALICE, TEAM, "volumes claimless"))
    assert "Claim absent does not exist. Make the claim first." in answer


async def test_rights_that_are_missing_are_told(world: World) -> None:
    """Who may read pods alone sees the volumes, and which rights the rest needs."""
    await _furnished(world)
    answer = words(await world.say(BOB, ONCALL, "volumes furnished"))
    assert "*scratch* · temporary directory" in answer
    if world.form == "constrained":
        assert "a right that you don't have: `get persistentvolumeclaims`" in answer
        assert "claim `furnished` (not shown)" in answer
        assert "`/pod can volumes" in answer


async def test_every_need_is_used_as_the_asker(world: World) -> None:
    """What has no namespace is read as the asker too, by the rights that the verb declares."""
    await _furnished(world)
    before = len(world.audit())
    await world.say(ALICE, TEAM, "volumes furnished")
    made = [event for event in world.audit()[before:] if event["objectRef"]["resource"] in CLUSTER_SCOPED]
    assert {event["impersonatedUser"]["username"] for event in made} == {"podbot:viewer"}
    assert {event["responseStatus"]["code"] for event in made} == {200}
    assert {event["objectRef"]["resource"] for event in made} == CLUSTER_SCOPED


@pytest.mark.parametrize(("user", "channel"), [(GUEST, TEAM), (STRANGER, SHARED)])
async def test_outsiders_see_no_volumes(world: World, user: str, channel: str) -> None:
    """A guest and a stranger are refused."""
    assert "Refused" in words(await world.say(user, channel, "volumes furnished"))
