"""Tables of kubectl and of podbot, as rows by column."""

import re

from bot.core.replies import Block, Reply

Rows = list[dict[str, str]]

_COLUMN = re.compile(r"\S+(?: \S+)*")
_NOTHING = frozenset({"<none>", "-"})


def of_kubectl(text: str) -> Rows:
    """Read what kubectl printed: each header begins its column."""
    header, *lines = text.splitlines() or [""]
    found = list(_COLUMN.finditer(header))
    starts = [column.start() for column in found]
    ends = [*starts[1:], None]
    return [
        {column[0].casefold(): _cell(line[start:end]) for column, start, end in zip(found, starts, ends, strict=True)}
        for line in lines
    ]


def of_podbot(reply: Reply) -> Rows:
    """Read a reply's table; no table is no row."""
    nothing: Block = {"rows": [[]]}
    block = next((block for block in reply.blocks if block["type"] == "table"), nothing)
    header, *rows = ([cell["text"] for cell in row] for row in block["rows"])
    return [{name.casefold(): _cell(cell) for name, cell in zip(header, row, strict=True)} for row in rows]


def _cell(text: str) -> str:
    written = text.strip()
    return "" if written in _NOTHING else written
