"""Reading what pods use, from the metrics API, which not every cluster has.

Source: https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from bot.core.errors import NoMetrics, NotFound, ServerFault
from bot.core.names import PodName
from bot.core.ports import Cluster
from bot.core.resources import POD_METRICS, Json, Listing

_ONE_IS_MISSING = '" not found'  # of one object; a group that is not served has other words


async def metrics_of(cluster: Cluster, pod: PodName) -> Json | None:
    """Return a pod's PodMetrics; None where it has not been measured yet. Raises `NoMetrics`."""
    try:
        with _served():
            return await cluster.get(POD_METRICS, pod)
    except NotFound:
        return None


async def all_metrics(cluster: Cluster, selector: str, limit: int) -> Listing:
    """Return the PodMetrics of the pods with these labels. Raises `NoMetrics`."""
    with _served():
        return await cluster.list(POD_METRICS, selector=selector, limit=limit)


@contextmanager
def _served() -> Iterator[None]:
    """Tell an API that is not there, or that nothing answers for, from a pod that is not there."""
    try:
        yield
    except (NotFound, ServerFault) as error:
        absent = error.status == HTTPStatus.NOT_FOUND and _ONE_IS_MISSING not in str(error)
        if absent or error.status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise NoMetrics(str(error), status=error.status, cause=error.cause) from error
        raise
