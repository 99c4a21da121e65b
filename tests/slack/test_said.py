"""What a message says, in each of the shapes that alerts come in."""

from bot.slack.said import texts


def test_every_part_of_a_message_is_read() -> None:
    """Text, blocks however deep, and attachments with their fields are read in order."""
    cell = {"type": "raw_text", "text": "in a table"}
    message = {
        "text": "top",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "a section"}, "fields": [{"text": "a field"}]},
            {"type": "rich_text", "elements": [{"elements": [{"type": "text", "text": "rich"}]}]},
            {"type": "table", "rows": [[cell]]},
        ],
        "attachments": [
            {
                "pretext": "before",
                "title": "a title",
                "text": "attached",
                "fallback": "instead",
                "fields": [{"title": "pod", "value": "web-1"}],
                "blocks": [{"text": {"text": "inside"}}],
            }
        ],
    }
    read = ("top", "a section", "a field", "rich", "in a table")
    assert texts(message) == (*read, "before", "a title", "attached", "pod: web-1", "inside", "instead")


def test_hostile_shapes_end() -> None:
    """What is nested too deep is not followed, and of many texts the first are read."""
    deep: object = {"text": "far"}
    for _ in range(200):
        deep = [deep]
    assert texts({"blocks": deep}) == ("",)
    assert len(texts({"blocks": [{"text": "x"}] * 5000})) == 500
