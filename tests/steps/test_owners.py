"""Reading who controls a pod."""

import pytest

from bot.core.errors import Forbidden, NotFound
from bot.core.owners import Ownership
from bot.core.pods import Owner, Pod
from bot.core.resources import Json
from bot.steps.owners import owner_of
from tests.core.samples import CREATED
from tests.fakes import FakeCluster

REPLICASET = Owner("apps/v1", "ReplicaSet", "web-7d9")
DEPLOYMENT = Owner("apps/v1", "Deployment", "web")
READ = "get replicasets/web-7d9"


def replicaset(**meta: object) -> Json:
    """Return the ReplicaSet of a Deployment."""
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "controller": True}
    return {"metadata": {"name": "web-7d9", "ownerReferences": [reference], **meta}}


@pytest.mark.parametrize(
    ("answer", "ownership"),
    [
        (replicaset(), Ownership((REPLICASET, DEPLOYMENT))),
        (replicaset(ownerReferences=None), Ownership((REPLICASET,))),
        (replicaset(deletionTimestamp=CREATED), Ownership((REPLICASET, DEPLOYMENT), leaving=True)),
        (NotFound("gone"), Ownership((REPLICASET,), leaving=True)),
        (Forbidden("no"), Ownership((REPLICASET,))),
    ],
)
async def test_looks_above_a_replicaset(answer: object, ownership: Ownership) -> None:
    """A Deployment is found through its ReplicaSet, as far as that is there and may be read."""
    assert await owner_of(FakeCluster({READ: answer}), Pod("web-1", owner=REPLICASET)) == ownership


async def test_reads_nothing_for_other_pods() -> None:
    """A pod without a controller, or with another kind, needs no call."""
    cluster = FakeCluster()
    job = Owner("batch/v1", "Job", "import")
    assert await owner_of(cluster, Pod("web-1")) == Ownership()
    assert await owner_of(cluster, Pod("web-1", owner=job)) == Ownership((job,))
    assert cluster.calls == []
