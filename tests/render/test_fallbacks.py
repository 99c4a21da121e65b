"""What a reply becomes where Slack does not take it as it is."""

from bot.core.replies import File, Reply
from bot.render.blocks import actions, button, context, divider, section
from bot.render.fallbacks import linked, shrunk, unfiled

BUTTONS = actions(button("Yes", "podbot:confirm", "signed"))
NOTE = "\nSlack took no more of this message; the whole is in the file `message.txt`."
LINK = context(":page_facing_up: The file is in <https://slack.example/D1|your messages with podbot>.")


def test_shrinks_to_text_and_file() -> None:
    """A reply without its blocks says where they are."""
    reply = Reply("2 pods", (section("*web-1* &amp; web-2"),), pins={"pod/web-1": "u1"})
    assert shrunk(reply) == Reply(
        "2 pods" + NOTE, file=File("message.txt", "*web-1* & web-2\n"), pins={"pod/web-1": "u1"}
    )


def test_says_that_buttons_are_missing() -> None:
    """Buttons have no place in a file, and that is said."""
    assert shrunk(Reply("sure?", (section("sure?"), BUTTONS))) == Reply(
        "sure?" + NOTE + " Its buttons are missing: type the command again.", file=File("message.txt", "sure?\n")
    )


def test_shrinks_a_text_without_blocks() -> None:
    """A long text is cut to what one message takes, and is whole in its file."""
    reply = shrunk(Reply("x" * 3999 + "&lt;"))
    assert len(reply.text) == 4000
    assert reply.text.endswith("x…" + NOTE)
    assert reply.file == File("message.txt", "x" * 3999 + "<")


def test_links_to_a_file_above_the_buttons() -> None:
    """The link stands below what is said and above the buttons."""
    reply = Reply("logs", (section("logs"), BUTTONS), file=File("web-1.log", "x"))
    assert linked(reply, "https://slack.example/D1") == Reply("logs", (section("logs"), LINK, BUTTONS))


def test_links_below_a_text() -> None:
    """A reply of text alone gets blocks that say the same."""
    reply = Reply("logs", file=File("web-1.log", "x"))
    assert linked(reply, "https://slack.example/D1") == Reply("logs", (section("logs"), LINK))


def test_tells_of_a_missing_file() -> None:
    """A reply whose file is lost says so."""
    note = context(":warning: Slack did not take the file that belongs here. Ask for less, or try again.")
    assert unfiled(Reply("logs", (section("logs"),))) == Reply("logs", (section("logs"), note))


def test_a_full_message_gets_no_note() -> None:
    """Where there is no room for a block more, the reply stays as it is, without the file."""
    full = tuple(divider() for _ in range(50))
    assert unfiled(Reply("full", full, file=File("web-1.log", "x"))) == Reply("full", full)
