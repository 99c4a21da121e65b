"""How long what is in a volume lives: through a container's restart, the pod's deletion, the node's loss."""

from enum import Enum
from typing import Final


class Lifetime(Enum):
    """What survives what; the value says so as sentences.

    Source: https://kubernetes.io/docs/concepts/storage/volumes/.
    """

    TEMPORARY = "Survives a container's restart; deleted with the pod, lost with its node."
    NODE = (
        "Survives a container's restart and the pod's deletion, on this node only: it is lost with the node, and a pod "
        "elsewhere does not find it."
    )
    COPY = "Filled anew for each pod: nothing is lost with a container, the pod or its node."
    IMAGE = "Read-only, and taken from the image for each pod: nothing is lost with a container, the pod or its node."
    CLAIM = "Survives a container's restart and the pod's deletion."
    OWN_CLAIM = "Survives a container's restart; its claim is deleted with the pod."
    DRIVER = "Survives a container's restart; its driver makes it for this pod, and deletes it with the pod."
    CLONE = "Cloned for each pod: what a container changes in it survives its restart, and is deleted with the pod."
    FLEXIBLE = "Survives a container's restart; its driver decides what the pod's deletion and the node's loss leave."
    OUTSIDE = "Lies outside the cluster: survives a container's restart, the pod's deletion and the node's loss."
    UNKNOWN = "podbot does not know this kind, and can't say what survives."


IN_MEMORY: Final = (
    "Lies in memory, and counts as that of the container which writes it. Survives a container's restart; deleted with "
    "the pod, lost with its node or the node's reboot."
)
