"""Claims, the volumes behind them and their classes: what the API server and its controllers make of them."""

from typing import Any

import pytest

from bot.core.errors import Forbidden, NotFound, NotSetUp
from bot.core.resources import PERSISTENT_VOLUMES, STORAGE_CLASSES, VOLUME_ATTACHMENTS, Json
from tests.contract.sites import Site, pod
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")

HOST_PATH = "kubernetes.io/host-path"
REQUESTS = {"storage": "1Mi"}


def _home(site: Site) -> str:
    return f"/api/v1/namespaces/{site.namespace}"


async def _claim(site: Site, name: str, **spec: Any) -> Json:
    body = {
        "metadata": {"name": name},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": REQUESTS}, **spec},
    }
    return await site.admin.call("POST", f"{_home(site)}/persistentvolumeclaims", body)


async def _use(site: Site, name: str, **source: Any) -> None:
    body = pod(name)
    body["spec"]["volumes"] = [{"name": "data", **source}]
    body["spec"]["containers"][0]["volumeMounts"] = [{"name": "data", "mountPath": "/data"}]
    await site.admin.make(f"{_home(site)}/pods", body)


async def _bound(site: Site, name: str) -> Json:
    async def bound() -> Json | None:
        found = await site.admin.call("GET", f"{_home(site)}/persistentvolumeclaims/{name}")
        return found if found["status"]["phase"] == "Bound" else None

    return await until(bound, f"claim {name} bound")


async def _told(site: Site, name: str, reason: str) -> tuple[str, str]:
    """Return type and message of a claim's event."""
    fields = f"involvedObject.kind=PersistentVolumeClaim,involvedObject.name={name},reason={reason}"

    async def told() -> Json | None:
        found = await site.admin.call("GET", f"{_home(site)}/events", None, (("fieldSelector", fields),))
        return next(iter(found["items"]), None)

    event = await until(told, f"{reason} of claim {name}")
    return event["type"], event["message"]


async def test_a_claim_binds_at_once(site: Site) -> None:
    """A claim without a class gets the default one, and a volume of the size that it asks for."""
    made = await _claim(site, "now")
    assert made["spec"]["storageClassName"] == "standard"
    assert made["status"] == {"phase": "Pending"}
    assert made["metadata"]["finalizers"] == ["kubernetes.io/pvc-protection"]
    claim = await _bound(site, "now")
    name = f"pvc-{claim['metadata']['uid']}"
    assert claim["spec"]["volumeName"] == name
    assert claim["status"]["capacity"] == REQUESTS
    volume = await site.admin.call("GET", f"/api/v1/persistentvolumes/{name}")
    assert {key: volume["spec"][key] for key in ("capacity", "accessModes", "storageClassName", "volumeMode")} == {
        "capacity": REQUESTS,
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "standard",
        "volumeMode": "Filesystem",
    }
    assert volume["spec"]["persistentVolumeReclaimPolicy"] == "Delete"
    assert volume["spec"]["claimRef"]["uid"] == claim["metadata"]["uid"]
    assert volume["spec"]["hostPath"]["path"].startswith("/tmp/hostpath_pv/")  # noqa: S108  # the provisioner's own path
    assert volume["status"].keys() == {"phase", "lastPhaseTransitionTime"}
    said = f"Successfully provisioned volume {name} using {HOST_PATH}"
    assert await _told(site, "now", "ProvisioningSucceeded") == ("Normal", said)


async def test_a_claim_waits_for_its_first_pod(site: Site) -> None:
    """A claim of a class that binds on first use says that it waits, and is bound when a pod uses it."""
    await _claim(site, "later", storageClassName="on-first-use")
    waits = "waiting for first consumer to be created before binding"
    assert await _told(site, "later", "WaitForFirstConsumer") == ("Normal", waits)
    await _use(site, "first", persistentVolumeClaim={"claimName": "later"})
    await site.admin.running(site.namespace, "first")
    await _bound(site, "later")


@pytest.mark.parametrize(
    ("name", "storage_class", "reason", "told"),
    [
        ("odd", "nosuch", "ProvisioningFailed", ("Warning", 'storageclass.storage.k8s.io "nosuch" not found')),
        (
            "none",
            "",
            "FailedBinding",
            ("Normal", "no persistent volumes available for this claim and no storage class is set"),
        ),
    ],
)
async def test_a_claim_that_waits(
    site: Site, name: str, storage_class: str, reason: str, told: tuple[str, str]
) -> None:
    """A claim that can't be bound stays Pending and says why, and so does the pod that names it."""
    await _claim(site, name, storageClassName=storage_class)
    assert await _told(site, name, reason) == told
    await _use(site, f"with-{name}", persistentVolumeClaim={"claimName": name})

    async def passed_over() -> str | None:
        found = await site.admin.call("GET", f"{_home(site)}/pods/with-{name}")
        return next((one["message"] for one in found["status"].get("conditions") or []), None)

    unbound = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"
    assert await until(passed_over, "the scheduler's answer") == unbound


async def test_an_ephemeral_volume(site: Site) -> None:
    """An ephemeral volume's claim is named after pod and volume, is the pod's, and goes with it."""
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": REQUESTS}}
    template = {"metadata": {"labels": {"a": "b"}}, "spec": spec}
    await _use(site, "owner", ephemeral={"volumeClaimTemplate": template})
    running = await site.admin.running(site.namespace, "owner")
    claim = await _bound(site, "owner-data")
    (owner,) = claim["metadata"]["ownerReferences"]
    assert owner == {
        "apiVersion": "v1",
        "kind": "Pod",
        "name": "owner",
        "uid": running["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }
    assert claim["metadata"]["labels"] == {"a": "b"}
    await site.admin.remove(f"{_home(site)}/pods/owner")
    await until(lambda: _is_gone(site, f"{_home(site)}/persistentvolumeclaims/owner-data"), "the claim's end")
    await until(lambda: _is_gone(site, f"/api/v1/persistentvolumes/{claim['spec']['volumeName']}"), "the volume's end")


async def test_a_claim_in_use_is_kept(site: Site) -> None:
    """A claim that is deleted while a pod uses it stays until the pod has gone."""
    await _claim(site, "kept")
    await _use(site, "keeper", persistentVolumeClaim={"claimName": "kept"})
    await site.admin.running(site.namespace, "keeper")
    path = f"{_home(site)}/persistentvolumeclaims/kept"
    answered = await site.admin.call("DELETE", path)
    assert (answered["kind"], "deletionTimestamp" in answered["metadata"]) == ("PersistentVolumeClaim", True)
    assert (await site.admin.call("GET", path))["status"]["phase"] == "Bound"
    await site.admin.remove(f"{_home(site)}/pods/keeper")
    await until(lambda: _is_gone(site, path), "the claim's end")


async def _is_gone(site: Site, path: str) -> bool:
    try:
        await site.admin.call("GET", path)
    except NotFound:
        return True
    return False


@pytest.mark.parametrize(
    ("name", "mode", "default"), [("standard", "Immediate", True), ("on-first-use", "WaitForFirstConsumer", False)]
)
async def test_the_classes(site: Site, name: str, mode: str, *, default: bool) -> None:
    """Both classes are there with their defaults filled in."""
    found = await site.admin.call("GET", f"/apis/storage.k8s.io/v1/storageclasses/{name}")
    told = {
        key: found.get(key) for key in ("provisioner", "reclaimPolicy", "volumeBindingMode", "allowVolumeExpansion")
    }
    assert told == {
        "provisioner": HOST_PATH,
        "reclaimPolicy": "Delete",
        "volumeBindingMode": mode,
        "allowVolumeExpansion": None,
    }
    annotation = "storageclass.kubernetes.io/is-default-class"
    assert (found["metadata"].get("annotations", {}).get(annotation) == "true") == default


async def test_what_has_no_namespace_needs_its_own_right(site: Site) -> None:
    """Rights in a namespace reach nothing that has none."""
    for resource in (PERSISTENT_VOLUMES, STORAGE_CLASSES, VOLUME_ATTACHMENTS):
        with pytest.raises((Forbidden, NotSetUp), match="at the cluster scope"):
            await site.cluster.get(resource, "standard")


async def test_a_volume_that_is_not_there(site: Site) -> None:
    """An attachment, a volume or a class that nobody made is not found."""
    for path, title in (
        ("/api/v1/persistentvolumes/absent", 'persistentvolumes "absent" not found'),
        ("/apis/storage.k8s.io/v1/storageclasses/absent", 'storageclasses.storage.k8s.io "absent" not found'),
        ("/apis/storage.k8s.io/v1/volumeattachments/absent", 'volumeattachments.storage.k8s.io "absent" not found'),
    ):
        with pytest.raises(NotFound, match=title):
            await site.admin.call("GET", path)
