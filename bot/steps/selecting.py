"""Reading what selects pods: the namespace's Services, the pods' own controllers, and who would take those without."""

from collections.abc import Mapping, Sequence

from bot.core.errors import ClusterError, Forbidden, NotFound, NotSetUp
from bot.core.pods import Owner, Pod
from bot.core.ports import Cluster
from bot.core.resources import (
    DAEMONSETS,
    JOBS,
    REPLICASETS,
    REPLICATIONCONTROLLERS,
    SERVICES,
    STATEFULSETS,
    Resource,
)
from bot.core.selecting import ADOPTER, SERVICE, Selecting, can_be_taken
from bot.steps.gathering import each

Found = tuple[tuple[Selecting, ...], str]

_CONTROLLERS: Mapping[tuple[str, str], Resource] = {
    ("v1", "ReplicationController"): REPLICATIONCONTROLLERS,
    ("apps/v1", "ReplicaSet"): REPLICASETS,
    ("apps/v1", "StatefulSet"): STATEFULSETS,
    ("apps/v1", "DaemonSet"): DAEMONSETS,
    ("batch/v1", "Job"): JOBS,
}
_SELECTS_NOTHING = ("v1", "Node")  # https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/


async def selecting(cluster: Cluster, pods: Sequence[Pod]) -> tuple[tuple[Selecting, ...], tuple[str, ...]]:
    """Return what may select these pods, now or with other labels, and in plain words what could not be looked at.

    The rights to read it are optional.
    """
    owners = dict.fromkeys(pod.owner for pod in pods if pod.owner)
    kinds = [(SERVICE, SERVICES), *([(ADOPTER, REPLICASETS)] if any(map(can_be_taken, pods)) else ())]
    found = [
        *await each(lambda kind: _all(cluster, *kind), kinds),
        *await each(lambda owner: _one(cluster, owner), owners),
    ]
    once = {(one.kind, one.name): one for objects, _ in found for one in objects}
    return tuple(once.values()), tuple(unread for _, unread in found if unread)


async def _all(cluster: Cluster, kind: str, resource: Resource) -> Found:
    try:
        listing = await cluster.list(resource)
    except ClusterError as error:
        return (), f"Could not look at {kind}s: {_why(error, f'list {resource.plural}')}."
    unread = "" if listing.unread == 0 else f"Looked at the first {len(listing.items):,} {kind}s only."
    return tuple(Selecting.of(kind, raw) for raw in listing.items), unread


async def _one(cluster: Cluster, owner: Owner) -> Found:
    known = (owner.api, owner.kind)
    if known == _SELECTS_NOTHING:
        return (), ""
    if known not in _CONTROLLERS:
        return (), f"Could not look at {owner.kind} {owner.name}: podbot does not know this kind."
    resource = _CONTROLLERS[known]
    try:
        return (Selecting.of(owner.kind, await cluster.get(resource, owner.name)),), ""
    except NotFound:  # it is gone, and selects nothing any more
        return (), ""
    except ClusterError as error:
        return (), f"Could not look at {owner.kind} {owner.name}: {_why(error, f'get {resource.plural}')}."


def _why(error: ClusterError, right: str) -> str:
    if isinstance(error, Forbidden | NotSetUp):
        return f"the right to {right} is missing"
    return "the API server did not give it"
