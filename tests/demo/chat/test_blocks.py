"""Which blocks Slack takes, and how it words what it does not take."""

from typing import Any

import pytest

from bot.core.resources import Json
from bot.demo.chat.blocks import accept
from bot.demo.chat.errors import SlackError


def plain(text: str) -> Json:
    """Make a plain text object."""
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    """Make a section of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str = "Go", **more: Any) -> Json:
    """Make a button."""
    return {"type": "button", "text": plain(text), **more}


def actions(*buttons: Json) -> Json:
    """Make a row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def table(rows: int, columns: int, text: str = "x", kind: str = "table", **more: Any) -> Json:
    """Make a table with the same text in every cell."""
    return {"type": kind, "rows": [[{"type": "raw_text", "text": text}] * columns] * rows, **more}


def preformatted(text: str) -> Json:
    """Make a rich text block of preformatted text."""
    inner = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}], "border": 0}
    return {"type": "rich_text", "elements": [inner]}


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3000),
        section("x", accessory=button(), block_id="b" * 255),
        {"type": "section", "fields": [plain("a")] * 10},
        {"type": "header", "text": plain("x" * 150)},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 10},
        {"type": "markdown", "text": "**x**"},
        actions(*[button(action_id=f"a{index}", value="v" * 2000, style="danger") for index in range(25)]),
        table(100, 20),
        table(2, 3, column_settings=[{"align": "right", "is_wrapped": True}]),
        table(201, 20, kind="data_table", caption="Pods", page_size=10),
        {"type": "table", "rows": [[preformatted("a"), {"type": "raw_number", "value": 1.5}]]},
        preformatted("a\nb"),
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "date", "timestamp": 1, "format": "{time}", "fallback": "then"}],
                }
            ],
        },
    ],
)
def test_accepts_blocks_at_their_limits(block: Json) -> None:
    """A block of every kind passes, up to the last allowed character and item."""
    assert accept([block]) == (block,)


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0]"),
        (section("x", colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
        (section("x", block_id=7), "must provide a string [json-pointer:/blocks/0/block_id]"),
        (section("x", expand="yes"), "must be a boolean [json-pointer:/blocks/0/expand]"),
        (
            {"type": "header", "text": plain("x" * 151)},
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
        ({"type": "header", "text": "x"}, "unsupported type: None [json-pointer:/blocks/0/text]"),
        ({"type": "marquee"}, "unsupported type: marquee [json-pointer:/blocks/0]"),
        ("text", "unsupported type: None [json-pointer:/blocks/0]"),
        (
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (actions(), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
        (
            actions(*[button(action_id=f"a{index}") for index in range(26)]),
            "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (actions(button("x" * 76)), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
        (
            actions(button(value="v" * 2001)),
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        (
            actions(button(action_id="a" * 256)),
            "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
        ),
        (actions(button(style="pink")), "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"),
        (actions(button(confirm="sure?")), "must provide an object [json-pointer:/blocks/0/elements/0/confirm]"),
        (
            actions(button(action_id="a"), button(action_id="a")),
            "`action_id` a already exists [json-pointer:/blocks/0/elements]",
        ),
        (table(101, 1), "no more than 100 items allowed [json-pointer:/blocks/0/rows]"),
        (table(1, 21), "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]"),
        (table(1, 1, "x" * 10_001), "table text must be less than 10001 characters [json-pointer:/blocks]"),
        ({"type": "table", "rows": "none"}, "must provide an array [json-pointer:/blocks/0/rows]"),
        (
            {"type": "table", "rows": [[{"type": "raw_number", "value": True}]]},
            "must be a number [json-pointer:/blocks/0/rows/0/0/value]",
        ),
        (table(1, 1, kind="data_table", caption="c"), "no fewer than 2 items allowed [json-pointer:/blocks/0/rows]"),
        (
            table(2, 1, kind="data_table", caption="c", page_size=101),
            "must be between 1 and 100 [json-pointer:/blocks/0/page_size]",
        ),
        (
            table(2, 1, kind="data_table", caption="c", page_size="5"),
            "must be an integer [json-pointer:/blocks/0/page_size]",
        ),
    ],
)
def test_refuses_what_slack_refuses(block: Any, words: str) -> None:
    """A block past a limit is invalid_blocks, with Slack's words and a pointer to the place."""
    with pytest.raises(SlackError) as caught:
        accept([block])
    assert (caught.value.code, caught.value.details[0]) == ("invalid_blocks", f"[ERROR] {words}")


def test_refuses_51_blocks() -> None:
    """A message has 50 blocks at most."""
    with pytest.raises(SlackError) as caught:
        accept([{"type": "divider"}] * 51)
    assert caught.value.details == ("[ERROR] no more than 50 items allowed [json-pointer:/blocks]",)


def test_refuses_a_repeated_block_id() -> None:
    """No two blocks of a message share a block_id."""
    with pytest.raises(SlackError, match="invalid_blocks"):
        accept([section("a", block_id="b"), section("c", block_id="b")])


def test_refuses_a_second_table() -> None:
    """A message has one table."""
    with pytest.raises(SlackError) as caught:
        accept([table(1, 1), table(1, 1)])
    assert caught.value.details == ("[ERROR] only_one_table_allowed [json-pointer:/blocks]",)


def test_refuses_too_much_text_in_all() -> None:
    """The text of all blocks together is limited, though none of them is too long."""
    assert accept([section("x" * 2825)] * 4)
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        accept([section("x" * 2826)] * 4)


def test_refuses_blocks_that_are_no_list() -> None:
    """Blocks that are no array are invalid_blocks_format, and none at all are fine."""
    assert accept(None) == ()
    with pytest.raises(SlackError, match="invalid_blocks_format"):
        accept({"type": "divider"})


def chart(kind: str = "bar", *, series: int = 1, points: int = 1, **more: Any) -> Json:
    """Make a chart whose series all have the same points."""
    data = [{"label": str(index), "value": index} for index in range(points)]
    drawn = {
        "type": kind,
        "series": [{"name": f"s{index}", "data": data} for index in range(series)],
        "axis_config": {"categories": [point["label"] for point in data], "x_label": "x", "y_label": "y"},
    }
    return {"type": "data_visualization", "title": "x" * 50, "chart": {**drawn, **more}}


def pie(*values: float) -> Json:
    """Make a pie of these slices."""
    segments = [{"label": str(index), "value": value} for index, value in enumerate(values)]
    return {"type": "data_visualization", "title": "pie", "chart": {"type": "pie", "segments": segments}}


@pytest.mark.parametrize("block", [*map(chart, ("bar", "line", "area")), chart(series=12, points=20), pie(1, 0.5)])
def test_charts_are_taken(block: Json) -> None:
    """Slack draws bars, lines, areas and pies, two of them in a message."""
    assert accept([block, block]) == (block, block)


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ([chart()] * 3, "no more than 2 charts"),
        ([chart(series=13)], "no more than 12 items"),
        ([chart(points=21)], "no more than 20 items"),
        ([chart("donut")], "unsupported type: donut"),
        ([chart(axis_config={"categories": ["other"]})], "must match the categories"),
        ([chart(axis_config={"categories": ["0", "0"]})], "categories must be unique"),
        ([chart(series=2, points=1) | {"title": "x" * 51}], "less than 51 characters"),
        ([pie(0)], "greater than 0"),
        ([pie(*[1] * 7)], "no more than 6 items"),
    ],
)
def test_charts_that_slack_refuses(blocks: list[Json], said: str) -> None:
    """A chart beyond Slack's limits, or whose points are not its axis', is refused with a pointer to it."""
    with pytest.raises(SlackError) as refused:
        accept(blocks)
    assert any(said in one for one in refused.value.details)
