"""What Slack and phones do to a line, undone."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.phones import undo

UNTOUCHED = string.ascii_letters + string.digits + " -_./=,:;!()[]{}#@%^*+?~$\"'|\\"


@pytest.mark.parametrize(
    ("arrived", "typed"),
    [
        ("list \u2014selector app=web", "list --selector app=web"),
        ("logs web \u2013tail \u20131", "logs web --tail -1"),
        ("logs web \u2013-tail=5", "logs web --tail=5"),
        ("logs web -\u2014tail=5", "logs web --tail=5"),
        ("logs web \u2013c app", "logs web -c app"),
        ("logs web \u2014tail \u20141", "logs web --tail -1"),
        ("exec web \u2014 ls \u2013l", "exec web -- ls -l"),
        ("list \u2015all", "list --all"),
        ("logs '\u2014x'", "logs '--x'"),
        ("logs web\u20131", "logs web-1"),
        ("logs web\u20141", "logs web-1"),
        ("logs web\u20111 \u2212p", "logs web-1 -p"),
        ("list -l \u201capp in (a)\u201d", 'list -l "app in (a)"'),
        ("list -l \u2018app\u2019 \u201eb\u201f", "list -l 'app' \"b\""),
        ("logs\u00a0web\u202f-p\tx", "logs web -p x"),
        ("lo\u200bgs\ufeff we\u00adb\u2060", "logs web"),
        ("logs \u202eweb\u2066", "logs web"),
        ("logs web\r\nx", "logs web\nx"),
        ("`logs web`", "logs web"),
        (" ```logs web``` ", "logs web"),
        ("`a` `b`", "`a` `b`"),
        ("```logs web`", "```logs web`"),
    ],
)
def test_phones_and_editors(arrived: str, typed: str) -> None:
    """Dashes, quotes, blanks, invisible characters and code marks become what was typed."""
    assert undo(arrived) == typed


@pytest.mark.parametrize(
    ("arrived", "typed"),
    [
        ("logs <https://web.example.com|web.example.com>", "logs web.example.com"),
        ("logs <http://a.b>", "logs http://a.b"),
        ("-l <http://app.kubernetes.io/name=x|app.kubernetes.io/name=x>", "-l app.kubernetes.io/name=x"),
        ("whoami <mailto:a@b.c|a@b.c>", "whoami a@b.c"),
        ("x <mailto:a@b.c>", "x a@b.c"),
        ("x <tel:123|123>", "x 123"),
        ("x <http://a.b/?a=1&amp;b=2>", "x http://a.b/?a=1&b=2"),
        ("sh -c 'a &amp;&amp; b &lt; c &gt; d'", "sh -c 'a && b < c > d'"),
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;", "&amp;"),
        ("&lt;http://a.b|x&gt;", "<http://a.b|x>"),
        ("logs <@U1> <#C1|name> <!here>", "logs <@U1> <#C1|name> <!here>"),
        ("&nbsp; a && b < c", "&nbsp; a && b < c"),
    ],
)
def test_slack(arrived: str, typed: str) -> None:
    """Links become their visible text and entities are undone once, after them; mentions stay and match no name."""
    assert undo(arrived) == typed


@given(st.text(UNTOUCHED, max_size=200))
def test_plain_lines_stay(text: str) -> None:
    """A line of plain characters comes through unchanged."""
    assert undo(text) == text


@given(st.text(st.characters(exclude_characters="&<>`"), max_size=200))
def test_undone_stays_undone(text: str) -> None:
    """Without Slack's own characters, undoing again changes nothing."""
    assert undo(undo(text)) == undo(text)


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever arrives, no long dash, curly quote or hard blank is left."""
    assert not set(undo(text)) & set("\u2013\u2014\u2018\u2019\u201c\u201d\u00a0\u200b")


def test_a_long_run_of_hyphens() -> None:
    """A line of nothing but hyphens stays as it is, and is not searched from each of them."""
    assert undo("-" * 200_000) == "-" * 200_000
