from datetime import UTC, datetime

from bot.render.blocks import actions, button, context, divider, preformatted, section, table
from bot.render.plain import aligned, plain
from bot.render.text import escape, when


def test_plain() -> None:
    """A message reads the same as plain text: entities undone, dates as ISO, tables in columns, buttons left out."""
    blocks = [
        section(f"*2 pods* {escape('a<b & c')} {when(datetime(2026, 1, 2, tzinfo=UTC))}"),
        divider(),
        table(("Name", "Status"), [("web-1", "Running"), ("api-long", "-")]),
        preformatted("&lt; stays\n  indented"),
        context("one", "two"),
        actions(button("Share", "podbot:share", "v")),
    ]
    assert plain(blocks) == (
        "*2 pods* a<b & c 2026-01-02T00:00:00+00:00\n\n"
        "Name      Status\nweb-1     Running\napi-long  -\n\n"
        "&lt; stays\n  indented\n\n"
        "one\ntwo\n"
    )


def test_aligned_ragged_rows() -> None:
    """Rows of unequal length still line up."""
    assert aligned([["a"], ["bbb", "c"]]) == "a\nbbb  c"
    assert aligned([]) == ""
