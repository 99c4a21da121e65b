"""How the kubelet gets a container's image: from the node, or from nowhere, again and again."""

from typing import Final

from bot.core.reading import text
from bot.core.resources import Json
from bot.demo.cluster.events import NORMAL, WARNING
from bot.demo.cluster.node import Node
from bot.demo.cluster.runtime import Runtime, full_name
from bot.demo.cluster.timeline import Process

FIRST: Final = 10
LONGEST: Final = 300
"""Seconds of the kubelet's back-off, of pulls and of starts."""
_PULL = 1.0  # seconds


def pulled(node: Node, pod: Json, runtime: Runtime) -> Process:
    """Wait until a container's image is there; what can't be pulled is tried again after a back-off that grows."""
    image, delay = text(runtime.spec["image"]), FIRST

    def tell(type_: str, reason: str, message: str) -> None:
        node.events.kubelet(pod, type_, reason, message, container=runtime.path)

    while not node.has(image):
        if runtime.spec.get("imagePullPolicy") == "Never":
            why = f'Container image "{image}" is not present with pull policy of Never'
            runtime.wait("ErrImageNeverPull", why)
            tell(WARNING, "ErrImageNeverPull", why)
        else:
            full = full_name(image)
            why = f'failed to pull and unpack image "{full}": failed to resolve image: {full}: not found'
            tell(NORMAL, "Pulling", f'Pulling image "{image}"')
            yield _PULL
            tell(WARNING, "Failed", f'Failed to pull image "{image}": {why}')
            tell(WARNING, "Failed", "Error: ErrImagePull")
            runtime.wait("ErrImagePull", why)
            yield _PULL
            tell(NORMAL, "BackOff", f'Back-off pulling image "{image}"')
            tell(WARNING, "Failed", "Error: ImagePullBackOff")
            runtime.wait("ImagePullBackOff", f'Back-off pulling image "{image}": ErrImagePull: {why}')
        yield delay
        delay = min(delay * 2, LONGEST)
    if runtime.spec.get("imagePullPolicy") == "Always":
        tell(NORMAL, "Pulling", f'Pulling image "{image}"')
        yield _PULL
        tell(NORMAL, "Pulled", f'Successfully pulled image "{image}" in 1s (1s including waiting).')
    else:
        tell(NORMAL, "Pulled", f'Container image "{image}" already present on machine and can be accessed by the pod')
