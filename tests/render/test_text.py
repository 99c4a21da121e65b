from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.text import bold, clean, code, counted, escape, typed, when

ANY_TEXT = st.text(st.characters(codec=None, categories=None))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07shell", "shell"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ended", "0;never ended"),
        ("\x1bPdata\x1b\\after", "after"),
        ("\x1b(Bplain\x1b", "plain"),
        ("a\x00b\x07c\x7fd", "abcd"),
        ("tab\tand\nnewline", "tab\tand\nnewline"),
        ("10%\r20%\r\nend\u2028more", "10%\n20%\nend\nmore"),
        ("safe\u202egpj.exe\u2066x\u200f", "safegpj.exex"),
        ("hid\u200bden\U000e0041\ufeff", "hidden"),
        ("half \ud83d and \uffff", "half \ufffd and \ufffd"),
        ("👩‍💻 ünï", "👩‍💻 ünï"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    """Escape sequences, control, bidi and invisible characters go; newlines, tabs and letters of all scripts stay."""
    assert clean(text) == cleaned


@given(st.text(st.characters(codec="ascii")))
def test_clean_ascii(text: str) -> None:
    """Text of ASCII alone, which goes a shorter way, comes out as beside a letter that is none."""
    assert f"é{clean(text)}" == clean(f"é{text}")


@given(ANY_TEXT)
def test_clean_twice(text: str) -> None:
    """What is clean can be sent as UTF-8, has no escape character, and is not changed by cleaning it again."""
    once = clean(text)
    assert clean(once) == once
    assert "\x1b" not in once
    assert "\x00" not in once
    once.encode()


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<!channel> <@U1> <https://x|y>", "&lt;!channel&gt; &lt;@U1&gt; &lt;https://x|y&gt;"),
        ("a &amp; b", "a &amp;amp; b"),
        ("*bold* ~gone~ `code`", "∗bold∗ ∼gone∼ ˋcodeˋ"),  # noqa: RUF001  # the look-alikes are the point
        ("_italic_ but my_pod_1", "ˍitalicˍ but my_pod_1"),
        (":no_entry: 12:30", "꞉no_entry: 12:30"),  # noqa: RUF001  # the same
        ("> quoted\n  >>> more", "› quoted\n  ›&gt;&gt; more"),  # the same
    ],
)
def test_escape(text: str, escaped: str) -> None:
    """Escaped text neither pings nor links nor formats."""
    assert escape(text) == escaped


@given(ANY_TEXT)
def test_escape_anything(text: str) -> None:
    """No text keeps a character that mrkdwn reads as markup."""
    assert not set("<>*~`\x1b") & set(escape(text))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("web-1", "`web-1`"),
        ("a`b", "`aˋb`"),  # noqa: RUF001  # the look-alike is the point
        ("<!here> *x*", "`&lt;!here&gt; *x*`"),
        ("two\nlines", "`two lines`"),
        ("", "` `"),
    ],
)
def test_code(text: str, span: str) -> None:
    """A code span can be left by nothing inside it."""
    assert code(text) == span


@given(ANY_TEXT)
def test_code_anything(text: str) -> None:
    """A code span has its own two backticks, one line, and no markup."""
    span = code(text)
    assert span.count("`") == 2
    assert "\n" not in span
    assert not set("<>") & set(span)


def test_bold() -> None:
    """Bold text is one line, bold to its end."""
    assert bold("a*b\nc") == "*a∗b c*"  # noqa: RUF001  # the look-alike is the point


def test_when() -> None:
    """A time is the same moment whatever its zone, and reads as ISO 8601 where Slack cannot show it."""
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert when(moment) == "<!date^1767323045^{date_short_pretty} {time_secs}|2026-01-02T03:04:05+00:00>"
    east = moment.astimezone(timezone(timedelta(hours=2)))
    assert when(east) == "<!date^1767323045^{date_short_pretty} {time_secs}|2026-01-02T05:04:05+02:00>"


def test_counted() -> None:
    """A number agrees with its noun."""
    assert counted(1, "pod") == "1 pod"
    assert counted(1204, "line") == "1,204 lines"
    assert counted(0, "entry", "entries") == "0 entries"


def test_typed() -> None:
    """A line to type stands in a code span with the command before it."""
    assert typed("logs web-1") == "`/pod logs web-1`"
