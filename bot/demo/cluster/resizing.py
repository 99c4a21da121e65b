"""A claim that is to be larger. Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims."""

from decimal import Decimal
from typing import Final

from bot.core.reading import mapping, strings, text
from bot.core.resources import Json
from bot.demo.cluster import kinds
from bot.demo.cluster.rules import amount
from bot.demo.cluster.status import forbidden
from bot.demo.cluster.store import Store

_FIXED: Final = (
    "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
)


def admit_resize(store: Store, before: Json, after: Json) -> None:
    """Raise the 403 for a claim that asks for more where its class does not let it grow."""
    if _size(after) <= _size(before):
        return
    storage_class = store.find(kinds.STORAGE_CLASSES, "", text(before["spec"].get("storageClassName")))
    if not mapping(storage_class).get("allowVolumeExpansion"):
        raise forbidden("", kinds.CLAIMS.plural, before["metadata"]["name"], _FIXED)


def _size(claim: Json) -> Decimal:
    asked = strings(mapping(mapping(claim.get("spec")).get("resources")).get("requests"))
    return amount(asked.get("storage", "0"))
