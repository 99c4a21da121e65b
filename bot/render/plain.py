"""A message's blocks as plain text, for the file that carries what a message cannot."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.core.replies import Block

_LABELLED = re.compile(r"<[^<>|]*\|([^<>]*)>")
_SPECIAL = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("&(?:lt|gt|amp);")


def plain(blocks: Iterable[Block]) -> str:
    """Return what the blocks say, without buttons; a table comes in aligned columns, and so does a chart."""
    said = (_WHOLE.get(block["type"], _lines)(block) for block in blocks)
    return "\n\n".join(filter(None, said)) + "\n"


def unescape(mrkdwn: str) -> str:
    """Return mrkdwn as a reader sees it, apart from formatting: a date or a link is its label."""
    return _ENTITY.sub(lambda found: _SPECIAL[found[0]], _LABELLED.sub(r"\1", mrkdwn))


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as columns of equal width, two blanks apart."""
    columns = max(map(len, rows), default=0)
    full = [[*row, *[""] * (columns - len(row))] for row in rows]
    widths = [max(map(len, column)) for column in zip(*full, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in full)
    return "\n".join(line.rstrip() for line in lines)


def _table(block: Block) -> str:
    return aligned([[" ".join(_said(cell)) for cell in row] for row in block["rows"]])


def _chart(block: Block) -> str:
    """Return a chart's title, and below it a line for each label with its figures."""
    series, axis = block["chart"]["series"], block["chart"]["axis_config"]
    heads = ["", *(one["name"] for one in series)]
    points = [
        [label, *(f"{one['data'][at]['value']:g}" for one in series)] for at, label in enumerate(axis["categories"])
    ]
    return f"{block['title']}, in {axis['y_label']}\n{aligned([heads, *points])}"


def _lines(block: Block) -> str:
    return "\n".join(_said(block))


def _said(value: Any) -> Iterator[str]:
    """Yield the texts of a block or of a part of one, in their order."""
    if isinstance(value, list):
        for item in value:
            yield from _said(item)
    elif isinstance(value, dict) and value.get("type") != "button":
        yield from _text_of(value)


def _text_of(part: dict[str, Any]) -> Iterator[str]:
    text = part.get("text")
    if isinstance(text, str):
        yield unescape(text) if part.get("type") == "mrkdwn" else text
    else:
        for inner in part.values():
            yield from _said(inner)


_WHOLE: Mapping[str, Callable[[Block], str]] = {"table": _table, "data_visualization": _chart}
