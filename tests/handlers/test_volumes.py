"""`volumes`: whole answers, over prepared clusters."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.core.ages import moment
from bot.core.errors import Forbidden, NotFound
from bot.core.names import PodName
from bot.core.persistent_volumes import PersistentVolume
from bot.core.replies import Reply
from bot.core.resources import Json, Listing
from bot.core.volume_sources import KINDS
from bot.render.blocks import context, quote, section
from bot.render.limits import fit
from bot.render.plain import plain
from bot.render.text import when
from handlers.volumes import COMMAND, Volumes
from tests.core.samples import CREATED, event, pending, raw_pod, running
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer

AT = when(moment(CREATED) or pytest.fail("no time"))
NEXT = "Next: `/pod describe web-1 -n shop`, `/pod yaml web-1 -n shop`"
WARNINGS = "Next: `/pod describe web-1 -n shop`, `/pod events --warnings -n shop`"
HEADING = "*{}* · pod `web-1` in `main/shop`"
KEPT = "Survives a container's restart and the pod's deletion."
ATTACHMENT = PersistentVolume("pv-1", "csi", driver="disk.example.com", handle="vol-1").attachment("node-a")


async def shown(raw: Json, answers: Mapping[str, Any] | None = None) -> Reply:
    """Return the answer for this pod, its only call unless there are more answers."""
    cluster = FakeCluster({"get pods/web-1": raw, **(answers or {})})
    return await answer(COMMAND, context_of(cluster), Volumes(PodName("web-1")))


def mounting(name: str, *mounts: Json, **more: Any) -> Json:
    """Return a container with mounts."""
    return {"name": name, "volumeMounts": list(mounts), **more}


async def test_no_volumes() -> None:
    """A pod without volumes is told what that means for what it writes."""
    heading = HEADING.format("No volumes")
    assert await shown(raw_pod()) == Reply(
        heading,
        (section(heading), section("What its containers write is lost when they restart."), context(NEXT)),
        pins={"pod/web-1": "uid-web-1"},
    )


async def test_plain_volumes() -> None:
    """Each volume is told with its details, its mounts, who shares it, and what survives; all of it escaped."""
    model = {"image": {"imageRef": "model@sha256:1"}}
    told = running("app", volumeMounts=[{"name": "model", "mountPath": "/m", "volumeStatus": model}])
    raw = raw_pod(
        spec={
            "initContainers": [
                mounting("first", {"name": "tmp", "mountPath": "/t", "subPathExpr": "$(POD)"}),
                mounting(
                    "proxy", {"name": "tmp", "mountPath": "/t", "mountPropagation": "None"}, restartPolicy="Always"
                ),
            ],
            "containers": [
                mounting(
                    "app",
                    {"name": "tmp", "mountPath": "/<b>", "readOnly": True, "recursiveReadOnly": "IfPossible"},
                    {"name": "model", "mountPath": "/m"},
                    {"name": "tmp", "mountPath": "/h", "mountPropagation": "HostToContainer", "subPath": "x"},
                )
            ],
            "ephemeralContainers": [mounting("debug", {"name": "tmp", "mountPath": "/t", "readOnly": True})],
            "volumes": [
                {"name": "tmp", "emptyDir": {"medium": "*huge*"}},
                {"name": "model", "image": {"reference": "model:1"}},
                {"name": "odd", "novel": {"x": "<!channel>"}},
            ],
        },
        status={"containerStatuses": [told]},
    )
    heading = HEADING.format("3 volumes").replace("*3 volumes*", "*3 volumes*, no trouble seen")
    assert (await shown(raw)).blocks == (
        section(heading),
        section(
            "*tmp* · temporary directory · shared by `first`, `proxy`, `app`, `debug`\n"
            "• medium \u2217huge\u2217\n"
            "• `first` (init) at `/t`, only its part `$(POD)` with the container's variables\n"
            "• `proxy` (sidecar) at `/t`\n"
            "• `app` at `/&lt;b&gt;`, read-only, what is mounted below it too (IfPossible)\n"
            "• `app` at `/h`, only its part `x`, mount propagation HostToContainer\n"
            "• `debug` (ephemeral) at `/t`, read-only\n"
            "Survives a container's restart; deleted with the pod, lost with its node."
        ),
        section(
            "*model* · image `model:1`\n"
            "• `app` at `/m`, resolved to `model@sha256:1`\n"
            "Read-only, and taken from the image for each pod: nothing is lost with a container, the pod or its node."
        ),
        section(
            "*odd* · novel\n"
            "• x &lt;!channel&gt;\n"
            "• mounted by no container\n"
            "podbot does not know this kind, and can't say what survives."
        ),
        context(NEXT),
    )


def claiming(**more: Any) -> Json:
    """Return a pod that has a claim as a block device."""
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    devices = {"name": "app", "volumeDevices": [{"name": "data", "devicePath": "/dev/x"}]}
    return raw_pod(spec={"volumes": volumes, "containers": [devices]}, **more)


CLAIM: Json = {
    "metadata": {"name": "data", "uid": "u1"},
    "spec": {
        "resources": {"requests": {"storage": "2Gi"}},
        "storageClassName": "fast",
        "volumeName": "pv-1",
        "volumeMode": "Block",
        "accessModes": ["ReadWriteOnce"],
        "selector": {"matchLabels": {"disk": "big"}},
        "dataSourceRef": {"kind": "VolumeSnapshot", "name": "nightly"},
        "volumeAttributesClassName": "gold",
    },
    "status": {
        "phase": "Bound",
        "capacity": {"storage": "1Gi"},
        "allocatedResources": {"storage": "2Gi"},
        "allocatedResourceStatuses": {"storage": "NodeResizePending"},
        "currentVolumeAttributesClassName": "silver",
        "modifyVolumeStatus": {"status": "InProgress", "targetVolumeAttributesClassName": "gold"},
    },
}
ZONE = {"key": "zone", "operator": "In", "values": ["a"]}
VOLUME: Json = {
    "metadata": {"name": "pv-1"},
    "spec": {
        "capacity": {"storage": "1Gi"},
        "csi": {"driver": "disk.example.com", "volumeHandle": "vol-1", "fsType": "ext4"},
        "persistentVolumeReclaimPolicy": "Retain",
        "mountOptions": ["noatime", "discard"],
        "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [ZONE]}]}},
        "volumeAttributesClassName": "silver",
    },
    "status": {"phase": "Bound", "lastPhaseTransitionTime": CREATED},
}
CLASS: Json = {
    "metadata": {"name": "fast"},
    "provisioner": "disk.example.com",
    "volumeBindingMode": "WaitForFirstConsumer",
    "allowVolumeExpansion": True,
}


async def test_a_claim_with_all_behind_it() -> None:
    """A claim is joined with volume, class, attachment and other users, and its changes are told as far as they are."""
    raw = claiming()
    others = [claiming()["spec"], {**claiming()["spec"], "nodeName": None}]
    pods = [
        raw,
        *({**raw, "metadata": {"name": f"o{i}", "uid": f"o{i}"}, "spec": spec} for i, spec in enumerate(others)),
    ]
    attached = {"spec": {"nodeName": "node-a"}, "status": {"attached": True}}
    reply = await shown(
        raw,
        {
            "list pods": Listing(tuple(pods), 12),
            "get persistentvolumeclaims/data": CLAIM,
            "get persistentvolumes/pv-1": VOLUME,
            "get storageclasses/fast": CLASS,
            f"get volumeattachments/{ATTACHMENT}": attached,
        },
    )
    assert reply.blocks[1:] == (
        section(
            "*data* · claim `data`\n"
            "• `app` as block device `/dev/x`\n"
            "• claim `data` Bound → volume `pv-1` Bound → class `fast` → attached to `node-a`\n"
            "• claim: 2Gi asked for, 1Gi granted, ReadWriteOnce, Block, only volumes with `disk=big`, filled from "
            "VolumeSnapshot nightly, attributes class `gold` (now `silver`), change to attributes class `gold`: "
            "InProgress, growing to 2Gi: NodeResizePending\n"
            "• volume: volume of a CSI driver, driver `disk.example.com`, handle `vol-1`, fsType ext4, 1Gi, reclaim "
            f"policy Retain, attributes class `silver`, mount options `noatime,discard`, on nodes with `zone=a`, Bound "
            f"since {AT}\n"
            "• class: provisioner `disk.example.com`, binds when a pod uses it, volumes can grow\n"
            "• also used by `o0` on `node-a`, `o1` (no node yet)\n"
            f"{KEPT} The claim's deletion leaves the volume, Released, for an administrator (reclaim policy Retain). "
            "It survives the node's loss for pods on nodes that reach it."
        ),
        context("Not looked for among 12 pods: other users of the claims.", NEXT),
    )


async def test_a_claim_that_waits() -> None:
    """What is wrong comes first, with the server's words; the volume is marked, and the events are the next step."""
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    raw = pending(spec={"volumes": volumes})
    waits = {"metadata": {"name": "data"}, "spec": {"storageClassName": "fast"}, "status": {"phase": "Pending"}}
    reply = await shown(
        raw,
        {
            "list pods": [],
            "get persistentvolumeclaims/data": waits,
            "get storageclasses/fast": NotFound("no"),
            "list events": [event("ProvisioningFailed", 'storageclass.storage.k8s.io "fast" not found')],
        },
    )
    assert reply.text == ":warning: *1 volume*, 1 trouble · pod `web-1` in `main/shop`"
    assert reply.blocks[1:] == (
        section("Claim data is Pending: its class fast does not exist. Name a class that there is."),
        quote('storageclass.storage.k8s.io "fast" not found'),
        section(
            ":warning: *data* · claim `data`\n"
            "• mounted by no container\n"
            "• claim `data` Pending → no volume → class `fast` (does not exist)\n"
            "• claim: no size asked for, nothing granted yet\n"
            "Nothing is stored: there is no volume yet."
        ),
        context(WARNINGS),
    )


async def test_rights_that_are_missing() -> None:
    """What may not be read is said, with the rights that it needs, and the rest is shown."""
    reply = await shown(
        claiming(),
        {
            "list pods": Forbidden("no"),
            "get persistentvolumeclaims/data": CLAIM,
            "get persistentvolumes/pv-1": Forbidden("no"),
            "get storageclasses/fast": Forbidden("no"),
        },
    )
    said = plain(reply.blocks)
    assert "claim `data` Bound → volume `pv-1` (not shown) → class `fast` (not shown)\n" in said
    assert "its volume decides, which is not shown here." in said
    assert reply.blocks[-1] == context(
        "Not shown where it needs a right that you don't have: `get persistentvolumes`, `get storageclasses`, "
        "`list pods`.",
        f"{NEXT}, `/pod can volumes -n shop`",
    )


async def test_attachments() -> None:
    """An attachment that is missing may be no fault; one that may not be read, or is not done yet, is told as such."""
    for answered, said in (
        (NotFound("no"), " → no attachment, which some drivers do without\n"),
        (Forbidden("no"), " → attachment (not shown)\n"),
        ({"spec": {"nodeName": "node-a"}, "status": None}, " → not attached to `node-a`\n"),
    ):
        cluster = FakeCluster(
            {
                "get pods/web-1": claiming(),
                "list pods": [],
                "get persistentvolumeclaims/data": CLAIM,
                "get persistentvolumes/pv-1": VOLUME,
                "get storageclasses/fast": CLASS,
                f"get volumeattachments/{ATTACHMENT}": answered,
            }
        )
        reply = await answer(COMMAND, context_of(cluster), Volumes(PodName("web-1")))
        assert said in plain(reply.blocks)


async def test_many_claims() -> None:
    """Claims that are not looked up are counted and named, and their volumes are shown all the same."""
    volumes = [{"name": f"v{index}", "persistentVolumeClaim": {"claimName": f"c{index}"}} for index in range(12)]
    raw = raw_pod(spec={"volumes": volumes})
    answers = {f"get persistentvolumeclaims/c{index}": Forbidden("no") for index in range(10)}
    cluster = FakeCluster({"get pods/web-1": raw, "list pods": Listing((), None), **answers})
    reply = await answer(COMMAND, context_of(cluster), Volumes(PodName("web-1")))
    notes = [one["text"] for one in reply.blocks[-1]["elements"]]
    assert notes[:2] == [
        "2 more claims not looked up: `c10`, `c11`.",
        "Not looked for among more pods: other users of the claims.",
    ]
    assert len(reply.blocks) == 14


async def test_every_kind_fits() -> None:
    """A pod with a volume of each kind, ten times over, is told within Slack's limits, and whole in a file."""
    names = [(f"{kind}-{index}".lower(), kind) for kind in KINDS for index in range(10)]
    volumes = [{"name": name, kind: {}} for name, kind in names]
    raw = raw_pod("web-1", spec={"volumes": volumes})
    answers = {f"get persistentvolumeclaims/web-1-ephemeral-{index}": Forbidden("no") for index in range(10)}
    cluster = FakeCluster({"get pods/web-1": raw, "list pods": [], **answers})
    reply = fit(await answer(COMMAND, context_of(cluster), Volumes(PodName("web-1"))))
    assert len(reply.blocks) <= 50
    assert reply.file is not None
    assert all(name in reply.file.text for name, _ in names)
