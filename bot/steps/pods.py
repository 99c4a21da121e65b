"""Finding the pod that somebody named."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from bot.core.commands import Context
from bot.core.errors import ClusterError, NotFound
from bot.core.names import PodName
from bot.core.pods import Pod
from bot.core.ports import Cluster
from bot.core.resources import PODS, Json

_NAMED = 3


async def find_pod(context: Context, name: PodName) -> Pod:
    """Read the pod of this name in the one namespace that was asked about; errors as in `find_raw_pod`."""
    return Pod.of(await find_raw_pod(context, name))


async def find_raw_pod(context: Context, name: PodName) -> Json:
    """Read the pod of this name as it is stored.

    `NotFound` names pods that are called nearly so, where the asker may list them.
    """
    try:
        return await context.cluster.get(PODS, name)
    except NotFound as error:
        close = await _close_names(context.cluster, name)
        meant = f"; did you mean {_either(close)}?" if close else ""
        raise NotFound(f"{error}{meant}", status=error.status, cause=error.cause) from error


async def read_again(context: Context, pod: Pod) -> Pod | None:
    """Read a pod again; None when it is gone, be there another one of its name or not."""
    try:
        found = Pod.of(await context.cluster.get(PODS, pod.name))
    except NotFound:
        return None
    return found if found.uid == pod.uid else None


def _either(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


async def _close_names(cluster: Cluster, name: PodName) -> tuple[str, ...]:
    try:
        found = await cluster.table(PODS)
    except ClusterError:  # without the right to list, the plain answer is the whole answer
        return ()
    return close_names(name, (row.cells[0] for row in found.rows if row.cells))


def close_names(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return at most three of `names` that `name` may stand for: those it begins, such as a Deployment's, first.

    Last come its siblings, which differ from it after the last hyphen, as a pod does that took the place of another.
    """
    known = sorted(names)
    stem = name.rpartition("-")[0] or name
    begun = [one for one in known if one.startswith(f"{name}-")]
    alike = get_close_matches(name, known, n=_NAMED)
    siblings = [one for one in known if one.startswith(f"{stem}-")]
    return tuple(dict.fromkeys((*begun, *alike, *siblings)))[:_NAMED]
