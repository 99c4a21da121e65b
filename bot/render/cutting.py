"""Single blocks cut to a number of characters, saying what was lost.

Source of the limits: https://docs.slack.dev/reference/block-kit/blocks.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.redaction import redact
from bot.core.replies import Block
from bot.render.text import counted

SECTION, CONTEXT = 3000, 2000
CONTEXT_ELEMENTS = 10
BUTTONS, BUTTON_TEXT, BUTTON_VALUE = 25, 75, 2000
# Two pages differ on series, 6 or 12 (https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block).
CHART_TITLE, CHART_LABEL, CHART_SERIES, CHART_POINTS = 50, 20, 6, 20
TABLE, TABLE_ROWS, TABLE_COLUMNS, CELL = 10_000, 100, 20, 1000

# An entity, or Slack's <…> of a mention, link or date, that a cut has left open.
_OPEN = re.compile(r"(?:&[a-z]{0,4}|<[^<>]*)\Z")


@dataclass(frozen=True, slots=True)
class Cut:
    """What is left of a block, None for nothing; `lost` says in words what is not, and is empty where nothing is."""

    block: Block | None
    lost: str = ""


def cut(block: Block, most: int) -> Cut:
    """Cut a block to its own limits and to `most` characters in all; a kind unknown here stays or goes as a whole."""
    return _CUTTERS.get(block["type"], _whole)(block, most)


def size(value: Any) -> int:
    """Return how many characters of text are in a block, as Slack counts them."""
    return sum(map(len, _texts(value)))


def shorten(text: str, most: int) -> str:
    """Cut a text at its end, marking the cut."""
    return text if len(text) <= most else text[: max(most - 1, 0)] + "…"[:most]


def excerpt(text: str, most: int) -> str:
    """Cut what somebody else said, masked first: half a secret no longer looks like one."""
    return shorten(redact(text), most)


def shorten_mrkdwn(mrkdwn: str, most: int) -> str:
    """Cut mrkdwn at its end, and never in the middle of an entity or a mention."""
    return mrkdwn if len(mrkdwn) <= most else _OPEN.sub("", mrkdwn[: max(most - 1, 0)]) + "…"[:most]


def _texts(value: Any) -> list[str]:
    found: list[str] = []
    _find_texts(value, found)
    return found


def _find_texts(value: Any, found: list[str]) -> None:
    """Add the texts in a block; a list that is passed on costs a third of generators within generators."""
    if isinstance(value, list):
        for inner in value:
            _find_texts(inner, found)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(inner, str):
                _find_texts(inner, found)
            elif key == "text":
                found.append(inner)


def _whole(block: Block, most: int) -> Cut:
    return Cut(block) if size(block) <= most else Cut(None, "a part")


def _section(block: Block, most: int) -> Cut:
    text = block["text"]["text"]
    kept = shorten_mrkdwn(text, min(SECTION, most))
    lost = "" if kept == text else counted(len(text) - len(kept) + 1, "character")
    return Cut({**block, "text": {**block["text"], "text": kept}} if kept else None, lost)


def _context(block: Block, most: int) -> Cut:
    elements: list[Block] = []
    for element in block["elements"][:CONTEXT_ELEMENTS]:
        kept = shorten_mrkdwn(element["text"], min(CONTEXT, most))
        most -= len(kept)
        elements += [{**element, "text": kept}] if kept else []
    lost = "" if size(elements) == size(block) else counted(size(block) - size(elements), "character")
    return Cut({**block, "elements": elements} if elements else None, lost)


def _actions(block: Block, most: int) -> Cut:
    """Keep the buttons whose value is whole: a cut value is no longer what was signed."""
    whole = [button for button in block["elements"] if len(button["value"]) <= BUTTON_VALUE][:BUTTONS]
    kept = [{**one, "text": {**one["text"], "text": shorten(one["text"]["text"], BUTTON_TEXT)}} for one in whole]
    while size(kept) > most:
        kept.pop()
    return Cut({**block, "elements": kept} if kept else None)


def _rich_text(block: Block, most: int) -> Cut:
    """Cut literal text: output at its start, since its end was printed last; all else, a document too, at its end."""
    if size(block) <= most:
        return Cut(block)
    part = block["elements"][0]
    text = "".join(_texts(part))
    is_output = part["type"] == "rich_text_preformatted" and "language" not in part
    kept = _last_lines(text, most) if is_output else shorten(text, most)
    lines = text.count("\n") - kept.count("\n")
    earlier = counted(lines, "line") if lines else "a part of a long line"
    inner = {**part, "elements": [{"type": "text", "text": kept}]}
    return Cut({**block, "elements": [inner]} if kept else None, earlier)


def _last_lines(text: str, most: int) -> str:
    if most <= 0:
        return ""
    end = text[-most:]
    _, newline, whole_lines = end.partition("\n")
    return whole_lines if newline and whole_lines.strip() else end


def _table(block: Block, most: int) -> Cut:
    left = min(TABLE, most)
    kept: list[list[Block]] = []
    for row in block["rows"][:TABLE_ROWS]:
        short = [_short_cell(cell) for cell in row[:TABLE_COLUMNS]]
        left -= size(short)
        if left < 0:
            break
        kept.append(short)
    columns = {"column_settings": block["column_settings"][:TABLE_COLUMNS]}
    return Cut({**block, **columns, "rows": kept} if kept else None, _lost_of_table(block["rows"], kept))


def _lost_of_table(rows: Sequence[Any], kept: Sequence[Any]) -> str:
    if len(kept) < len(rows):
        return counted(len(rows) - len(kept), "row")
    return "" if kept == rows else "a part of a row"


def _short_cell(cell: Block) -> Block:
    return cell if len(cell["text"]) <= CELL else {**cell, "text": shorten(cell["text"], CELL)}


def _chart(block: Block, _: int) -> Cut:
    """Cut series and points to as many as Slack draws; a chart's words are short, and counted nowhere."""
    chart, axis = block["chart"], block["chart"]["axis_config"]
    series = [{**one, "data": one["data"][:CHART_POINTS]} for one in chart["series"][:CHART_SERIES]]
    short = {**chart, "series": series, "axis_config": {**axis, "categories": axis["categories"][:CHART_POINTS]}}
    return Cut({**block, "chart": short}, "" if short == chart else "a part of a chart")


_CUTTERS: Mapping[str, Callable[[Block, int], Cut]] = {
    "section": _section,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich_text,
    "table": _table,
    "data_visualization": _chart,
}
