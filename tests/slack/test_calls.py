"""Slack's errors as podbot's own."""

import pytest

from bot.core.errors import CannotPost, ChatError
from bot.slack.calls import refusal, silence


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("not_in_channel", CannotPost),
        ("is_archived", CannotPost),
        ("restricted_action_thread_locked", CannotPost),
        ("msg_too_long", ChatError),
    ],
)
def test_words_become_errors(code: str, kind: type[ChatError]) -> None:
    """Slack's word decides the error and stays with it."""
    error = refusal(code)
    assert (type(error), error.code, str(error)) == (kind, code, f"Slack said {code}")


@pytest.mark.parametrize("junk", ["", "<html>oops</html>", "x" * 61, "line\nbreak"])
def test_junk_is_no_word(junk: str) -> None:
    """What is no word of Slack's is not repeated."""
    assert (str(refusal(junk)), refusal(junk).code) == ("Slack said no", "")


def test_a_silence_names_no_address() -> None:
    """An error without an answer says its kind only, for its words may hold an address that is secret."""
    error = silence(TimeoutError("https://hooks.slack.com/commands/secret"))
    assert str(error) == "no answer from Slack (TimeoutError)"
