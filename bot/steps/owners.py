"""Reading who controls a pod."""

from bot.core.errors import ClusterError, NotFound
from bot.core.owners import Ownership
from bot.core.pods import Pod, controller
from bot.core.ports import Cluster
from bot.core.reading import mapping
from bot.core.resources import REPLICASETS


async def owner_of(cluster: Cluster, pod: Pod) -> Ownership:
    """Return the pod's controller and, above a ReplicaSet that may be read, the controller of that."""
    if pod.owner is None:
        return Ownership()
    chain = (pod.owner,)
    if pod.owner.kind != "ReplicaSet":
        return Ownership(chain)
    try:
        raw = await cluster.get(REPLICASETS, pod.owner.name)
    except NotFound:
        return Ownership(chain, leaving=True)
    except ClusterError:  # the right to read it is optional: the ReplicaSet's own name says enough
        return Ownership(chain)
    above = controller(raw)
    leaving = mapping(raw.get("metadata")).get("deletionTimestamp") is not None
    return Ownership(chain if above is None else (*chain, above), leaving)
