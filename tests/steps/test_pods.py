"""Finding the pod that somebody named."""

import pytest

from bot.core.errors import Forbidden, NotFound
from bot.core.names import PodName
from bot.core.resources import Column, Row, Table
from bot.steps.pods import close_names, find_pod
from tests.core.samples import raw_pod
from tests.fakes import FakeCluster, context_of

MISSING = NotFound('pods "web" not found', status=404, cause="NotFound")


def table(*names: str) -> Table:
    """Return the pods of a namespace."""
    return Table((Column("Name"),), tuple(Row((name,)) for name in names))


async def test_reads_the_pod() -> None:
    """The pod of the name is read in one call."""
    cluster = FakeCluster({"get pods/web-1": raw_pod()})
    pod = await find_pod(context_of(cluster), PodName("web-1"))
    assert pod.uid == "uid-web-1"
    assert len(cluster.calls) == 1


async def test_names_pods_that_are_called_nearly_so() -> None:
    """A missing pod's error says which ones may have been meant."""
    cluster = FakeCluster({"get pods/web": MISSING, "table pods": table("web-7d9-abc", "db-0")})
    with pytest.raises(NotFound, match=r'^pods "web" not found; did you mean web-7d9-abc\?$') as caught:
        await find_pod(context_of(cluster), PodName("web"))
    assert (caught.value.status, caught.value.cause) == (404, "NotFound")


async def test_names_several() -> None:
    """Of three that may have been meant, the last one comes after an or."""
    cluster = FakeCluster({"get pods/web": MISSING, "table pods": table("web-1", "web-2", "web-3")})
    with pytest.raises(NotFound, match=r"did you mean web-1, web-2 or web-3\?$"):
        await find_pod(context_of(cluster), PodName("web"))


@pytest.mark.parametrize("listing", [table("db-0"), Forbidden("no")])
async def test_says_plainly_that_there_is_none(listing: object) -> None:
    """Without a near name, or without the right to list, the error is the server's own."""
    cluster = FakeCluster({"get pods/web": MISSING, "table pods": listing})
    with pytest.raises(NotFound, match=r'^pods "web" not found$'):
        await find_pod(context_of(cluster), PodName("web"))


def test_a_controllers_name_stands_for_its_pods() -> None:
    """Names that the typed one begins come before those that are merely alike, and three are enough."""
    assert close_names("web", ["wb", "web-2", "web-1"]) == ("web-1", "web-2", "wb")
    assert close_names("web", [f"web-{index}" for index in range(9)]) == ("web-0", "web-1", "web-2")
    assert close_names("web-l", ["web-1", "db"]) == ("web-1",)
    assert close_names("web-1", ["webhook", "web-7sxbw", "web-2", "db"]) == ("web-2", "web-7sxbw")
