"""What replicas share: records that nobody writes over, and a lease that one of them holds."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bot.core.errors import Forbidden, NotSetUp
from bot.core.resources import CONFIG_MAPS, LEASES
from bot.kube import holding, records
from tests.contract.sites import Site

pytestmark = pytest.mark.asyncio(loop_scope="package")

Texts = Mapping[str, str]


@pytest_asyncio.fixture(loop_scope="package", autouse=True)
async def _clean(site: Site) -> AsyncIterator[None]:
    """Begin without records and without a lease."""
    for path in (
        f"/api/v1/namespaces/{site.namespace}/configmaps/{records.NAME}",
        f"/apis/coordination.k8s.io/v1/namespaces/{site.namespace}/leases/{holding.NAME}",
    ):
        await site.admin.remove(path)
    yield


async def test_nothing_is_there_at_first(site: Site) -> None:
    """Before anything is kept, there is nothing to read, and nothing is made for that."""
    assert dict(await site.own.records.read()) == {}
    assert dict(await site.own.records.change(lambda _: {})) == {}


async def test_texts_come_and_go(site: Site) -> None:
    """What was written is there, also when all else has gone."""
    kept = site.own.records
    await kept.change(lambda _: {"watch.a": "1", "watch.b": "2", "watch.none": None})
    await kept.change(lambda texts: {"watch.a": None, "watch.c": texts["watch.b"]})
    assert dict(await kept.read()) == {"watch.b": "2", "watch.c": "2"}
    await kept.change(dict.fromkeys)
    assert dict(await kept.read()) == {}


async def test_replicas_lose_none_of_each_others_entries(site: Site) -> None:
    """Eight writers at once, of which the first also makes the ConfigMap: all that they wrote is there."""
    await asyncio.gather(*(_written(site, f"watch.{number}") for number in range(8)))
    assert set(await site.own.records.read()) == {f"watch.{number}" for number in range(8)}


async def _written(site: Site, key: str) -> None:
    await site.own.records.change(lambda _: {key: "x"})


async def test_what_came_before_is_decided_on_again(site: Site) -> None:
    """A writer that another was quicker than decides anew, on what is there by then."""
    kept, seen = site.own.records, []
    await kept.change(lambda _: {"watch.a": "1"})

    def decide(texts: Texts) -> Mapping[str, str]:
        seen.append(dict(texts))
        return {"watch.mine": "1"}

    original = kept._found

    async def overtaken() -> dict[str, object]:
        found = await original()
        if len(seen) == 0:
            kept._found = original  # type: ignore[method-assign]  # only the first read is followed by another's write
            await kept.change(lambda _: {"watch.other": "2"})
        return found

    kept._found = overtaken  # type: ignore[method-assign]  # between this read and its write another replica writes
    await kept.change(decide)
    assert seen == [{"watch.a": "1"}, {"watch.a": "1", "watch.other": "2"}]
    assert set(await kept.read()) == {"watch.a", "watch.other", "watch.mine"}


async def test_no_other_config_map_is_podbots(site: Site) -> None:
    """The bot may read and change its one ConfigMap, and no other."""
    path = f"/api/v1/namespaces/{site.namespace}/configmaps"
    await site.admin.remove(f"{path}/others")
    await site.admin.make(path, {"metadata": {"name": "others"}, "data": {"a": "b"}})
    home = site.own.records._home
    with pytest.raises((NotSetUp, Forbidden)):
        await home.get(CONFIG_MAPS, "others")
    with pytest.raises((NotSetUp, Forbidden)):
        await home.patch(CONFIG_MAPS, "others", [{"op": "remove", "path": "/data/a"}])


async def test_one_replica_holds_the_lease(site: Site) -> None:
    """Of two that ask at once one gets it, and renews it; the other gets it when it is let go."""
    first, second = site.own.holding("a"), site.own.holding("b")
    held = await asyncio.gather(first.hold(), second.hold())
    assert sum(one is not None for one in held) == 1
    one, other = (first, second) if held[0] else (second, first)
    until = await one.hold()
    assert until is not None
    assert until > datetime.now(UTC) + timedelta(seconds=10)
    assert await other.hold() is None
    await other.release()
    assert await other.hold() is None
    await one.release()
    assert await other.hold() is not None
    assert await one.hold() is None


async def test_a_lease_that_is_not_renewed_goes_to_another(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has seen no renewal for a lease's life takes it; whoever held it is told no."""
    monkeypatch.setattr(holding, "LIFE", timedelta(seconds=1))
    first, second = site.own.holding("a"), site.own.holding("b")
    assert await first.hold() is not None
    assert await second.hold() is None
    await asyncio.sleep(1.1)
    assert await second.hold() is not None
    assert await first.hold() is None


async def test_the_lease_says_who_holds_it(site: Site) -> None:
    """An administrator sees who watches, and since when it was not renewed."""
    await site.own.holding("podbot-7").hold()
    lease = await site.own.records._home.get(LEASES, holding.NAME)
    assert lease["spec"]["holderIdentity"] == "podbot-7"
    assert lease["spec"]["leaseDurationSeconds"] == 15
    assert lease["spec"]["renewTime"]
