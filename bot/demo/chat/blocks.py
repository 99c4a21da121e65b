"""Slack's limits on the blocks of a message, as far as podbot uses blocks; any other kind or field is refused.

Source: https://docs.slack.dev/reference/block-kit/blocks and, for the whole message,
https://github.com/slackapi/bolt-js/issues/2509.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.resources import Json
from bot.demo.chat.errors import SlackError
from bot.demo.chat.schema import Check, boolean, choice, either, items, number, shape, text, typed, whole

MOST_BLOCKS = 50
MOST_TEXT = 11_300
MOST_CHARTS = 2
MOST_TABLE_TEXT = {"table": 10_000, "data_table": 20_000}
_IDENTIFIER = text(255)
_URL = text(3000)
_ANY = text(20_000)


def _block(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return shape(required, {**(optional or {}), "block_id": _IDENTIFIER})


def _plain(most: int) -> Check:
    return typed({"plain_text": shape({"text": text(most)}, {"emoji": boolean})})


def _mrkdwn_or_plain(most: int) -> Check:
    mrkdwn = shape({"text": text(most)}, {"verbatim": boolean})
    return typed({"mrkdwn": mrkdwn, "plain_text": shape({"text": text(most)}, {"emoji": boolean})})


_CONFIRM = shape(
    {"title": _plain(100), "text": _mrkdwn_or_plain(300), "confirm": _plain(30), "deny": _plain(30)},
    {"style": choice("primary", "danger")},
)
_BUTTON = shape(
    {"text": _plain(75)},
    {
        "action_id": _IDENTIFIER,
        "value": text(2000),
        "url": _URL,
        "style": choice("primary", "danger"),
        "confirm": _CONFIRM,
        "accessibility_label": text(75),
    },
)
_IMAGE = shape({"alt_text": text(2000), "image_url": _URL})

_STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_INLINE = typed(
    {
        "text": shape({"text": _ANY}, {"style": _STYLE}),
        "link": shape({"url": _URL}, {"text": _ANY, "unsafe": boolean, "style": _STYLE}),
        "emoji": shape({"name": text(100)}, {"unicode": text(100), "style": _STYLE}),
        "user": shape({"user_id": text(20)}, {"style": _STYLE}),
        "channel": shape({"channel_id": text(20)}, {"style": _STYLE}),
        "date": shape(
            {"timestamp": number, "format": text(255)}, {"url": _URL, "fallback": text(255), "style": _STYLE}
        ),
    }
)
_INLINES = {"elements": items(_INLINE, 1000, least=0)}
_BORDER = {"border": whole(0, 1)}
_SECTION = shape(_INLINES)
_LIST = shape(
    {"elements": items(typed({"rich_text_section": _SECTION}), 1000), "style": choice("bullet", "ordered")},
    {"indent": whole(0, 8), "offset": whole(0, 100_000), **_BORDER},
)
_RICH_TEXT = _block(
    {
        "elements": items(
            typed(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_preformatted": shape(_INLINES, {**_BORDER, "language": text(50)}),
                    "rich_text_quote": shape(_INLINES, _BORDER),
                    "rich_text_list": _LIST,
                }
            ),
            1000,
        )
    }
)

_CELL = typed(
    {
        "raw_text": shape({"text": _ANY}),
        "raw_number": shape({"value": number}, {"text": _ANY}),
        "rich_text": _RICH_TEXT,
    }
)
_ROW = items(_CELL, 20)
_COLUMN = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})

_POINT = shape({"label": text(20), "value": number})
_SERIES = {"series": items(shape({"name": text(20), "data": items(_POINT, 20)}), 12)}
_AXIS = {"axis_config": shape({"categories": items(text(20), 20)}, {"x_label": text(50), "y_label": text(50)})}
_CHART = typed(
    {
        "pie": shape({"segments": items(shape({"label": text(20), "value": number}), 6)}),
        **dict.fromkeys(("bar", "line", "area"), shape({**_SERIES, **_AXIS})),
    }
)

BLOCK = typed(
    {
        "section": either(
            "text",
            "fields",
            _block(
                {},
                {
                    "text": _mrkdwn_or_plain(3000),
                    "fields": items(_mrkdwn_or_plain(2000), 10),
                    "accessory": typed({"button": _BUTTON, "image": _IMAGE}),
                    "expand": boolean,
                },
            ),
        ),
        "header": _block({"text": _plain(150)}),
        "divider": _block({}),
        "context": _block(
            {
                "elements": items(
                    typed(
                        {
                            "mrkdwn": shape({"text": text(3000)}, {"verbatim": boolean}),
                            "plain_text": shape({"text": text(3000)}, {"emoji": boolean}),
                            "image": _IMAGE,
                        }
                    ),
                    10,
                )
            }
        ),
        "actions": _block({"elements": items(typed({"button": _BUTTON}), 25)}),
        "markdown": _block({"text": text(12_000)}),
        "rich_text": _RICH_TEXT,
        "table": _block({"rows": items(_ROW, 100)}, {"column_settings": items(_COLUMN, 20)}),
        "data_table": _block(
            {"caption": _ANY, "rows": items(_ROW, 201, least=2)},
            {"page_size": whole(1, 100), "row_header_column_index": whole(0, 19)},
        ),
        "data_visualization": _block({"title": text(50), "chart": _CHART}),
    }
)


def accept(blocks: Any) -> tuple[Json, ...]:
    """Return a message's blocks, or raise `invalid_blocks_format`, `invalid_blocks` or `msg_blocks_too_long`."""
    if blocks is None:
        return ()
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if wrong := [f"[ERROR] {words}" for words in _wrong(blocks)]:
        raise SlackError("invalid_blocks", wrong)
    counted = [block for block in blocks if block["type"] != "data_table"]  # which has a limit of its own
    if length(counted) > MOST_TEXT:
        raise SlackError("msg_blocks_too_long")
    return tuple(blocks)


def length(value: Any) -> int:
    """Return how many characters of text are inside blocks."""
    if isinstance(value, list):
        return sum(map(length, value))
    if not isinstance(value, dict):
        return 0
    return sum(
        len(inner) if key == "text" and isinstance(inner, str) else length(inner) for key, inner in value.items()
    )


def _wrong(blocks: list[Any]) -> Iterator[str]:
    broken = list(items(BLOCK, MOST_BLOCKS, least=0)(blocks, "/blocks"))
    yield from broken or _wrong_together(blocks)


def _wrong_together(blocks: list[Json]) -> Iterator[str]:
    for block_id, count in Counter(block["block_id"] for block in blocks if "block_id" in block).items():
        if count > 1:
            yield f"`block_id` {block_id} already exists [json-pointer:/blocks]"
    for index, block in enumerate(blocks):
        yield from _repeated_actions(block, f"/blocks/{index}")
        yield from _uneven_chart(block, f"/blocks/{index}/chart")
    if sum(block["type"] == "data_visualization" for block in blocks) > MOST_CHARTS:
        yield f"no more than {MOST_CHARTS} charts allowed [json-pointer:/blocks]"
    for kind, most in MOST_TABLE_TEXT.items():
        tables = [block for block in blocks if block["type"] == kind]
        if kind == "table" and len(tables) > 1:
            yield "only_one_table_allowed [json-pointer:/blocks]"
        if length(tables) > most:
            yield f"table text must be less than {most + 1} characters [json-pointer:/blocks]"


def _repeated_actions(block: Json, pointer: str) -> Iterator[str]:
    elements = block["elements"] if block["type"] == "actions" else ()
    for action_id, count in Counter(element.get("action_id") for element in elements).items():
        if action_id is not None and count > 1:
            yield f"`action_id` {action_id} already exists [json-pointer:{pointer}/elements]"


def _uneven_chart(block: Json, pointer: str) -> Iterator[str]:
    """Yield what is wrong with the parts of a chart together: names that repeat, points of another axis."""
    chart = block["chart"] if block["type"] == "data_visualization" else {}
    if any(segment["value"] <= 0 for segment in chart.get("segments", ())):
        yield f"must be greater than 0 [json-pointer:{pointer}/segments]"
    names = [one["name"] for one in chart.get("series", ())]
    if len(set(names)) < len(names):
        yield f"series names must be unique [json-pointer:{pointer}/series]"
    categories = chart.get("axis_config", {}).get("categories", [])
    if len(set(categories)) < len(categories):
        yield f"categories must be unique [json-pointer:{pointer}/axis_config]"
    for index, one in enumerate(chart.get("series", ())):
        if [point["label"] for point in one["data"]] != categories:
            yield f"data labels must match the categories [json-pointer:{pointer}/series/{index}]"
