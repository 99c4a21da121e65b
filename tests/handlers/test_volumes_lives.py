"""`volumes` over the simulated cluster, with the rights that it declares and no others."""

from typing import Any

import pytest

from bot.core.errors import NotFound
from bot.core.resources import Json
from bot.render.blocks import quote, section
from bot.render.plain import plain
from tests.demo.cluster.bench import PODS, pod
from tests.handlers.shop import Shop

CLAIMS = "/api/v1/namespaces/shop/persistentvolumeclaims"


@pytest.fixture
def shop() -> Shop:
    """Return a fresh shop."""
    return Shop()


def claim(name: str, **spec: Any) -> Json:
    """Return a claim of a gibibyte."""
    asked = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {"metadata": {"name": name}, "spec": {**asked, **spec}}


def using(name: str, *claims: str) -> Json:
    """Return a pod that uses claims."""
    volumes = [{"name": one, "persistentVolumeClaim": {"claimName": one}} for one in claims]
    return pod(name, spec={"volumes": volumes})


async def test_a_claim_of_the_simulation(shop: Shop) -> None:
    """With no more rights than the verb declares, a bound claim is joined, and the pod's namesakes are told."""
    shop.create(CLAIMS, claim("data"))
    for name in ("web", "other"):
        shop.create(PODS, using(name, "data"))
    await shop.wait(10)
    reply = await shop.read("volumes web")
    volume = shop.get(f"{CLAIMS}/data")["spec"]["volumeName"]
    said = plain(reply.blocks)
    assert f"claim `data` Bound → volume `{volume}` Bound → class `standard`\n" in said
    assert "also used by `other` on `local`\n" in said
    assert "right that you don't have" not in said
    assert reply.pins == {"pod/web": shop.get(f"{PODS}/web")["metadata"]["uid"]}


async def test_a_claim_that_waits_for_its_pod(shop: Shop) -> None:
    """A claim that binds on first use is no trouble once a pod uses it, and is one while its pod has no node."""
    shop.create(CLAIMS, claim("data", storageClassName="on-first-use"))
    shop.create(PODS, using("web", "data", "absent"))
    await shop.wait(5)
    said = plain((await shop.read("volumes web")).blocks)
    assert "Claim data is Pending: it waits until a pod that uses it has a node" in said
    assert "Claim absent does not exist. Make the claim first." in said
    shop.create(CLAIMS, claim("absent"))
    await shop.wait(20)
    assert "no trouble seen" in (await shop.read("volumes web")).text


async def test_a_mount_that_fails(shop: Shop) -> None:
    """A ConfigMap that is missing is told by the kubelet's words."""
    volumes = [{"name": "conf", "configMap": {"name": "absent"}}]
    shop.create(PODS, pod("web", spec={"volumes": volumes}, volumeMounts=[{"name": "conf", "mountPath": "/c"}]))
    await shop.wait(5)
    reply = await shop.read("volumes web")
    assert reply.blocks[1:3] == (
        section("A volume cannot be mounted. Make or mend what it names."),
        quote('MountVolume.SetUp failed for volume "conf" : configmap "absent" not found'),
    )
    assert reply.blocks[3]["text"]["text"].startswith(":warning: *conf*")


async def test_a_pod_that_is_not_there(shop: Shop) -> None:
    """A missing pod is told with one that is called nearly so."""
    shop.pod("web-1")
    with pytest.raises(NotFound, match=r"did you mean web-1\?"):
        await shop.read("volumes web")
