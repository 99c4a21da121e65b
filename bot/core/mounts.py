"""Where a container finds a volume, and how: a mounted path, or a block device."""

from dataclasses import dataclass

from bot.core.reading import mapping, objects, text
from bot.core.resources import Json


@dataclass(frozen=True, slots=True)
class Mount:
    """One volume in one container; `image` is what an image volume's reference was resolved to.

    `recursive` and `propagation` are the spec's words ("IfPossible", "Bidirectional"), empty where nothing is said.
    Source: https://kubernetes.io/docs/reference/kubernetes-api/core/pod-v1/#volumes-1.
    """

    volume: str
    path: str
    device: bool = False
    read_only: bool = False
    recursive: str = ""
    sub_path: str = ""
    sub_path_expression: str = ""
    propagation: str = ""
    image: str = ""


def mounts(spec: Json, status: Json) -> tuple[Mount, ...]:
    """Read a container's mounts and block devices beside what the kubelet says of them."""
    told = {text(one.get("mountPath")): one for one in objects(status.get("volumeMounts"))}
    mounted = [_mount(one, told.get(text(one.get("mountPath")), {})) for one in objects(spec.get("volumeMounts"))]
    devices = [
        Mount(text(one.get("name")), text(one.get("devicePath")), device=True)
        for one in objects(spec.get("volumeDevices"))
    ]
    return (*mounted, *devices)


def _mount(spec: Json, told: Json) -> Mount:
    image = mapping(mapping(told.get("volumeStatus")).get("image"))
    return Mount(
        volume=text(spec.get("name")),
        path=text(spec.get("mountPath")),
        read_only=spec.get("readOnly") is True,
        recursive=text(told.get("recursiveReadOnly")) or text(spec.get("recursiveReadOnly")),
        sub_path=text(spec.get("subPath")),
        sub_path_expression=text(spec.get("subPathExpr")),
        propagation=text(spec.get("mountPropagation")),
        image=text(image.get("imageRef")),
    )
