"""Server-side Tables. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables."""

import json
from typing import Any

from bot.core.pods import controller
from bot.core.reading import mapping, number, objects, strings, text
from bot.core.resources import Column, Json, Row, Table
from bot.kube.paging import Pages

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


def table_of(pages: Pages) -> Table:
    """Return pages of a `meta.k8s.io/v1` Table as a value; cells become text, null an empty one."""
    columns = (
        Column(text(column.get("name")), number(column.get("priority")))
        for column in objects(pages.last.get("columnDefinitions"))
    )
    return Table(tuple(columns), tuple(_row(row) for row in pages.items), pages.unread)


def _row(row: Json) -> Row:
    cells = row.get("cells")
    shown = mapping(row.get("object"))
    metadata = mapping(shown.get("metadata"))
    owner = controller(shown)
    labels = tuple(sorted(strings(metadata.get("labels")).items()))
    return Row(
        tuple(_cell(cell) for cell in cells) if isinstance(cells, list) else (),
        labels,
        (owner.kind, owner.name) if owner else ("", ""),
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
