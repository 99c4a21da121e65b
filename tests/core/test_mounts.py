"""Where containers find volumes."""

from hypothesis import given

from bot.core.mounts import Mount, mounts
from bot.core.pods import Pod
from bot.core.resources import Json
from tests.core.hostile import hostile
from tests.core.samples import raw_pod, running

KEYS = ("volumeMounts", "volumeDevices", "name", "mountPath", "volumeStatus", "image", "imageRef", "readOnly")


def test_every_way_to_mount() -> None:
    """Paths, parts, propagation and devices come from the spec; digests and what read-only became from the status."""
    mounted = [
        {"name": "tmp", "mountPath": "/scratch", "mountPropagation": "Bidirectional"},
        {"name": "logs", "mountPath": "/logs", "subPathExpr": "$(NAME)", "subPath": None},
        {"name": "conf", "mountPath": "/conf", "readOnly": True, "recursiveReadOnly": "IfPossible", "subPath": "a"},
        {"name": "model", "mountPath": "/model"},
    ]
    told = [
        {"name": "conf", "mountPath": "/conf", "readOnly": True, "recursiveReadOnly": "Enabled"},
        {"name": "model", "mountPath": "/model", "volumeStatus": {"image": {"imageRef": "model@sha256:1"}}},
        None,
    ]
    container = {"name": "app", "volumeMounts": mounted, "volumeDevices": [{"name": "disk", "devicePath": "/dev/x"}]}
    raw = raw_pod(spec={"containers": [container]}, status={"containerStatuses": [running("app", volumeMounts=told)]})
    assert Pod.of(raw).containers[0].mounts == (
        Mount("tmp", "/scratch", propagation="Bidirectional"),
        Mount("logs", "/logs", sub_path_expression="$(NAME)"),
        Mount("conf", "/conf", read_only=True, recursive="Enabled", sub_path="a"),
        Mount("model", "/model", image="model@sha256:1"),
        Mount("disk", "/dev/x", device=True),
    )


@given(hostile(KEYS), hostile(KEYS))
def test_any_json_is_read(spec: Json, status: Json) -> None:
    """Nulls, other types and unknown fields are read without an error."""
    assert isinstance(mounts(spec, status), tuple)
