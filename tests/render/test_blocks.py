from bot.demo.chat.blocks import accept
from bot.render.blocks import actions, button, context, divider, preformatted, quote, section, table


def test_section_and_context() -> None:
    """Formatted text is verbatim, so that Slack makes no links or mentions of plain text."""
    assert section("*a* @here") == {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*a* @here", "verbatim": True},
    }
    assert context("a", "b") == {
        "type": "context",
        "elements": [
            {"type": "mrkdwn", "text": "a", "verbatim": True},
            {"type": "mrkdwn", "text": "b", "verbatim": True},
        ],
    }


def test_literal_text() -> None:
    """Output and quotations are literal text, cleaned, and never empty."""
    assert preformatted("```<!channel>\x1b[0m") == {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "```<!channel>"}]}],
    }
    assert quote("") == {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": " "}]}],
    }


def test_table() -> None:
    """A table's cells are literal, on one line and never empty; chosen columns are aligned to the right."""
    assert table(("Name", "Restarts"), [("a\nb", "3"), ("", "*0*")], right={1}) == {
        "type": "table",
        "column_settings": [{"align": "left"}, {"align": "right"}],
        "rows": [
            [{"type": "raw_text", "text": "Name"}, {"type": "raw_text", "text": "Restarts"}],
            [{"type": "raw_text", "text": "a b"}, {"type": "raw_text", "text": "3"}],
            [{"type": "raw_text", "text": "-"}, {"type": "raw_text", "text": "*0*"}],
        ],
    }


def test_actions() -> None:
    """A button carries its value whole, and a style only where it has one."""
    assert actions(
        button("Do it", "podbot:confirm", "v1", style="danger"), button("Cancel", "podbot:cancel", "v2")
    ) == {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "Do it"},
                "action_id": "podbot:confirm",
                "value": "v1",
                "style": "danger",
            },
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "Cancel"},
                "action_id": "podbot:cancel",
                "value": "v2",
            },
        ],
    }


def test_slack_accepts_all() -> None:
    """A server with Slack's rules accepts every shape."""
    made = [
        section("a"),
        context("b"),
        divider(),
        preformatted("c"),
        quote("d"),
        table(("e",), [("f",)]),
        actions(button("g", "podbot:share", "h")),
    ]
    assert accept(made) == tuple(made)
