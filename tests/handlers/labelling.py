"""A shop whose pods are labeled, and what a line of `label` asks for."""

from typing import Any

from bot.core.parsing import parse
from handlers.label import COMMAND, Label
from tests.demo.cluster.bench import PODS
from tests.handlers.shop import Shop

SERVICES = "/api/v1/namespaces/shop/services"


def two_pods() -> Shop:
    """Return a shop with the pods web-1 and web-2, which differ in one label."""
    made = Shop()
    made.pod("web-1", metadata={"labels": {"app": "web", "tier": "front"}})
    made.pod("web-2", metadata={"labels": {"app": "web", "tier": "back"}})
    return made


def labels(shop: Shop, name: str) -> Any:
    """Return a pod's labels as they are."""
    return shop.get(f"{PODS}/{name}")["metadata"].get("labels")


def relabel(shop: Shop, name: str, **changed: str | None) -> None:
    """Change labels behind podbot's back."""
    patch = {"Content-Type": "application/merge-patch+json"}
    assert shop.ask("PATCH", f"{PODS}/{name}", {"metadata": {"labels": changed}}, headers=patch).status == 200


def asked(line: str) -> Label:
    """Return what is asked for by a line."""
    request = parse(f"label {line}", {"label": COMMAND}).asked
    assert isinstance(request, Label)
    return request
