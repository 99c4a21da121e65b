"""Lists as the API server prints them.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from bot.core.reading import mapping, text
from bot.core.resources import Json
from bot.demo.cluster import kinds
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.printers import printer_of
from bot.demo.cluster.status import bad_request

_OBJECTS: Final = ("", "Metadata", "None", "Object")
_ENDS: Final = {"Succeeded": "The pod has completed successfully.", "Failed": "The pod failed."}


def table(kind: Kind, items: Sequence[Json], metadata: Json, include: str, now: datetime) -> Json:
    """Return objects as a Table; `include` says how much of each object comes with its row."""
    check_include(include)
    printer = printer_of(kind)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": [*printer.definitions()],
        "rows": [_row(kind, item, list(printer.cells(item, now)), include) for item in items],
    }


def check_include(include: str) -> None:
    """Raise the server's 400 for what can't be included."""
    if include not in _OBJECTS:
        why = "must be 'Metadata', 'Object', 'None', or empty"
        raise bad_request(f'Unable to convert to Table as requested: includeObject: Invalid value: "{include}": {why}')


def _row(kind: Kind, item: Json, cells: list[Any], include: str) -> Json:
    phase = text(mapping(item.get("status")).get("phase"))
    ended = kind is kinds.PODS and phase in _ENDS
    condition = {"type": "Completed", "status": "True", "reason": phase, "message": _ENDS[phase]} if ended else None
    return {"cells": cells, **({"conditions": [condition]} if condition else {}), "object": _object(item, include)}


def _object(item: Json, include: str) -> Json | None:
    if include == "None":
        return None
    if include == "Object":
        return item
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": item["metadata"]}
