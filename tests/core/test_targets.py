"""What may be fetched: every accepted path is the one that was typed, however often it is decoded."""

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.errors import UsageError
from bot.core.names import PodName
from bot.core.targets import Target, encoded_path, is_plain_path, target

WEB = PodName("web-1")
DOTS = (
    ".",
    "..",
    "%2e",
    "%2E%2e",
    ".%2e",
    "%252e%252e",
    "%25252e.",
    "..;x=1",
    ".%3b",
    "%20..",
    "\uff0e\uff0e",
    "\u2025",
)
OTHERS = ("a\\b", "a%5cb", "a%255Cb", "a%00", "a%0d%0aHost:x", "%250a", "a\x7f", "a%2fb", "a%252Fb", "%c0%ae", "%ff")
ESCAPES = ("%u002e", "%25u002e", "\u2024.", "a\uff0fb", "a\uff3cb", "\u202e", "\ud800", "\x85", "%e2%80%ae")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("web-1", Target(WEB)),
        ("web-1/", Target(WEB)),
        ("web-1:8080/healthz", Target(WEB, 8080, "/healthz")),
        ("web-1:http/a/b/", Target(WEB, "http", "/a/b/")),
        ("web-1?x=1&y=/?:@", Target(WEB, None, "/", "x=1&y=/?:@")),
        ("web-1/a?b=%2F&c=é d", Target(WEB, None, "/a", "b=%2F&c=%C3%A9%20d")),
        ("https://web-1:8443/x", Target(WEB, 8443, "/x", tls=True)),
        ("http://web-1:80/x", Target(WEB, 80, "/x")),
        (
            "web-1/café au lait/a%25b;c=1/~@:!$&'()*+,=",
            Target(WEB, None, "/caf%C3%A9%20au%20lait/a%25b;c=1/~@:!$&'()*+,="),
        ),
        ("web-1/...", Target(WEB, None, "/...")),
        ("web-1/.well-known/a..b", Target(WEB, None, "/.well-known/a..b")),
    ],
)
def test_targets(text: str, expected: Target) -> None:
    """Pod, port, path and query are told apart, and the last two encoded."""
    assert target(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/healthz",
        ":80/",
        "web-1:/",
        "web-1:0/",
        "web-1:65536/",
        "web-1:080/",
        "web-1:-1/",
        "web-1:a:b/",
        "web-1:٣/",
        "ftp://web-1/",
        "file:///etc/passwd",
        "user@web-1/",
        "web-1@evil/",
        "../web-1/",
        "web-1/#top",
        "web-1?a#b",
        "web-1/100%",
        "web-1/%zz",
        "web-1?100%",
        "[::1]:80/",
        "//evil/x",
        "https://../x",
    ],
)
def test_what_is_no_target(text: str) -> None:
    """What is not a pod, a port and a path is refused, with what to type."""
    with pytest.raises(UsageError) as told:
        target(text)
    assert told.value.hint


@pytest.mark.parametrize("part", [*DOTS, *OTHERS, *ESCAPES])
@pytest.mark.parametrize("form", ["/{}", "/a/{}", "/{}/b", "/a/{}/b"])
def test_paths_that_could_be_read_as_others(part: str, form: str) -> None:
    """Dots, backslashes, slashes and controls are refused in every encoding and place."""
    with pytest.raises(UsageError):
        encoded_path(form.format(part))


@pytest.mark.parametrize("path", ["//", "//a", "/a//b", "/a//", "a", "", "/a b", "/é"])
def test_what_is_not_plain(path: str) -> None:
    """Only a path that is encoded already and begins with its slash is plain."""
    assert not is_plain_path(path)


_PIECES = st.sampled_from([*DOTS, *OTHERS, *ESCAPES, "/", "%", "2", "5", "e", "E", "f", "c", ";", ".", "a", "é", "%25"])


@given(st.lists(_PIECES | st.text(max_size=3), max_size=8).map("".join))
@example("%2525252e%2525252e")
def test_no_accepted_path_leads_elsewhere(typed: str) -> None:
    """However often an accepted path is decoded, it holds no dot segment, backslash, control or further slash."""
    try:
        sent = encoded_path(f"/{typed}")
    except UsageError:
        return
    assert is_plain_path(sent)
    assert sent.isascii()
    assert unquote(sent) == unquote(f"/{typed}")
    form = sent
    for _ in range(5):
        form = unquote(form)
        plain = unicodedata.normalize("NFKC", form)
        assert plain.count("/") == typed.count("/") + 1
        assert not {".", ".."} & {segment.partition(";")[0].strip() for segment in plain.split("/")}
        assert "\\" not in plain
        assert all(unicodedata.category(character) not in ("Cc", "Cf", "Cs") for character in form)


@given(st.text())
def test_any_text_is_a_target_or_a_usage_error(text: str) -> None:
    """Nothing else is ever raised, and the query is ASCII without blanks."""
    try:
        read = target(text)
    except UsageError:
        return
    assert is_plain_path(read.path)
    assert read.query.isascii()
    assert read.query.isprintable()
    assert " " not in read.query
