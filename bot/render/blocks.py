"""Block Kit's shapes, as far as podbot uses them; `bot.render.limits` cuts them to size.

`mrkdwn` parameters take text that is escaped already; all other text is literal here and cannot format anything.
Source: https://docs.slack.dev/reference/block-kit/blocks.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

from bot.core.replies import Block
from bot.render.text import clean

Style = Literal["", "primary", "danger"]


def section(mrkdwn: str) -> Block:
    """Return a paragraph."""
    return {"type": "section", "text": _mrkdwn(mrkdwn)}


def context(*mrkdwn: str) -> Block:
    """Return small print, each text an element of its own."""
    return {"type": "context", "elements": [_mrkdwn(text) for text in mrkdwn]}


def divider() -> Block:
    """Return a line across."""
    return {"type": "divider"}


def preformatted(text: str, language: str = "") -> Block:
    """Return literal text in a fixed width: logs, output, a line to type. Where it must be cut, it keeps its end.

    Slack colours what is in a `language`, such as "yaml"; that is read from its beginning, other text from its end.
    """
    return _rich_text("rich_text_preformatted", text, **({"language": language} if language else {}))


def quote(text: str) -> Block:
    """Return literal text as a quotation: what a server said."""
    return _rich_text("rich_text_quote", text)


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], *, right: Collection[int] = ()) -> Block:
    """Return a native table of literal cells; `right` are the indexes of the columns aligned to the right."""
    return {
        "type": "table",
        "column_settings": [{"align": "right" if index in right else "left"} for index in range(len(headers))],
        "rows": [[_cell(text) for text in row] for row in (headers, *rows)],
    }


def actions(*buttons: Block) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def button(text: str, action_id: str, value: str, style: Style = "") -> Block:
    """Return a button; `value` comes back to podbot when it is pressed, so it is never cut."""
    shape: dict[str, Any] = {
        "type": "button",
        "text": {"type": "plain_text", "text": clean(text) or "-"},
        "action_id": action_id,
        "value": value,
    }
    return {**shape, "style": style} if style else shape


def _mrkdwn(text: str) -> Block:
    # verbatim: Slack makes no links or mentions of plain text such as @here, #general or a URL.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _rich_text(kind: str, text: str, **more: str) -> Block:
    literal = {"type": "text", "text": clean(text) or " "}
    return {"type": "rich_text", "elements": [{"type": kind, "elements": [literal], **more}]}


def _cell(text: str) -> Block:
    return {"type": "raw_text", "text": " ".join(clean(text).split()) or "-"}
