"""What goes with its owner, and what is held."""

from bot.core.resources import Json
from tests.demo.cluster.bench import Bench

MAPS = "/api/v1/namespaces/shop/configmaps"
MERGE = {"Content-Type": "application/merge-patch+json"}


def owned(bench: Bench, name: str, *owners: Json) -> None:
    """Create a ConfigMap that others own."""
    references = [
        {"apiVersion": "v1", "kind": "ConfigMap", "name": one["metadata"]["name"], "uid": one["metadata"]["uid"]}
        for one in owners
    ]
    bench.create(MAPS, {"metadata": {"name": name, "ownerReferences": references}})


def names(bench: Bench) -> list[str]:
    """Return the ConfigMaps that are there."""
    listed = bench.get(MAPS, fieldSelector="metadata.name!=kube-root-ca.crt")["items"]
    return [one["metadata"]["name"] for one in listed]


def test_what_is_owned_goes_after_its_last_owner(bench: Bench) -> None:
    """An object goes with its owner, and with the last of several; who owns what it owns does not matter."""
    first, second = (bench.create(MAPS, {"metadata": {"name": name}}) for name in ("first", "second"))
    owned(bench, "of-one", first)
    owned(bench, "of-both", first, second)
    bench.ask("DELETE", f"{MAPS}/first")
    assert names(bench) == ["of-both", "second"]
    bench.ask("DELETE", f"{MAPS}/second")
    assert names(bench) == []


def test_chains(bench: Bench) -> None:
    """What an owned object owns goes with it."""
    top = bench.create(MAPS, {"metadata": {"name": "top"}})
    owned(bench, "middle", top)
    owned(bench, "bottom", bench.get(f"{MAPS}/middle"))
    bench.ask("DELETE", f"{MAPS}/top")
    assert names(bench) == []


def test_a_held_owner_keeps_what_it_owns(bench: Bench) -> None:
    """While a finalizer holds an owner, what it owns stays; an owned object that is held is marked and stays too."""
    owner = bench.create(MAPS, {"metadata": {"name": "owner", "finalizers": ["podbot.io/hold"]}})
    owned(bench, "held", owner)
    bench.ask("PATCH", f"{MAPS}/held", {"metadata": {"finalizers": ["podbot.io/hold"]}}, headers=MERGE)
    bench.ask("DELETE", f"{MAPS}/owner")
    assert "deletionTimestamp" not in bench.get(f"{MAPS}/held")["metadata"]
    bench.ask("PATCH", f"{MAPS}/owner", {"metadata": {"finalizers": None}}, headers=MERGE)
    assert names(bench) == ["held"]
    assert bench.get(f"{MAPS}/held")["metadata"]["deletionTimestamp"]
    bench.ask("PATCH", f"{MAPS}/held", {"metadata": {"finalizers": None}}, headers=MERGE)
    assert names(bench) == []
