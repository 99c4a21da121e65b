"""The bytes of logs as lines."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.loglines import End, Ring, Search, Splitter, Stamped, lines_of, merged, stamp

CHUNKS = st.lists(st.binary(max_size=12).map(lambda chunk: chunk.replace(b"0", b"\n")), max_size=12)
LINES = st.lists(st.binary(max_size=8).map(lambda line: line.replace(b"\n", b"")), max_size=20)
TIMES = st.lists(st.integers(0, 59), min_size=1, max_size=20)


def _search(chunks: list[bytes], search: Search) -> list[bytes]:
    return [line for chunk in chunks for line in search.feed(chunk)] + search.rest()


@given(CHUNKS)
def test_no_line_is_lost_or_invented(chunks: list[bytes]) -> None:
    """Wherever chunks end, the lines are those of the whole."""
    splitter = Splitter(1000)
    lines = [line for chunk in chunks for line in splitter.feed(chunk)] + splitter.rest()
    assert lines == list(lines_of(b"".join(chunks)))


@given(CHUNKS, st.sampled_from([b"a", b"^b", b"\x00", b"$"]))
def test_a_search_is_a_filter(chunks: list[bytes], wanted: bytes) -> None:
    """A search finds what a filter over all lines finds, and counts both."""
    search = Search(lambda line: re.search(wanted, line) is not None, 1000)
    lines = list(lines_of(b"".join(chunks)))
    found = [line for line in lines if re.search(wanted, line)]
    assert _search(chunks, search) == found
    assert (search.read, search.matched) == (len(lines), len(found))


def test_times_are_not_searched() -> None:
    """A search does not look into the kubelet's times."""
    search = Search(lambda line: b"2026" in line, 1000, stamped=True)
    lines = b"2026-01-02T03:04:05.000000001Z no\n2026-01-02T03:04:06.5Z in 2026\n"
    assert _search([lines], search) == [b"2026-01-02T03:04:06.5Z in 2026"]


@given(st.lists(st.integers(0, 40), max_size=10), st.integers(1, 9))
def test_long_lines_are_bounded(lengths: list[int], size: int) -> None:
    """A line keeps what it may be long, whatever the chunks are, and the next ones are whole again."""
    data = b"".join(b"x" * length + b"\n" for length in lengths)
    splitter = Splitter(20)
    lines = [line for start in range(0, len(data), size) for line in splitter.feed(data[start : start + size])]
    assert lines == [b"x" * length if length <= 20 else b"x" * 20 + "…".encode() for length in lengths]


def test_a_long_line_is_cut_between_words() -> None:
    """No half of a word is left, for half a secret does not look like one."""
    assert Splitter(20).feed(b"token is xoxb-1234567890-abc\n") == ["token is…".encode()]


@given(CHUNKS, st.integers(1, 30))
def test_the_end(chunks: list[bytes], most: int) -> None:
    """The end is the whole where it fits, else its last bytes from a line's beginning on."""
    end = End(most)
    for chunk in chunks:
        end.add(chunk)
    whole, kept = b"".join(chunks), end.data()
    assert end.seen == len(whole)
    assert whole.endswith(kept)
    assert len(kept) <= most
    if len(whole) <= most:
        assert kept == whole


@given(LINES, st.integers(1, 40))
def test_the_ring(lines: list[bytes], most: int) -> None:
    """The ring keeps the longest end of all lines that fits, and one line in any case."""
    ring = Ring(most)
    for line in lines:
        ring.add(line)
    kept = list(lines_of(ring.data()))
    assert kept == lines[len(lines) - len(kept) :]
    assert len(kept) == bool(lines) or len(ring.data()) <= most
    if len(kept) < len(lines):
        assert len(ring.data()) + len(lines[-len(kept) - 1]) + 1 > most


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (b"1970-01-01T00:00:01.5Z x y", Stamped(1_500_000_000, b"1970-01-01T00:00:01.5Z", b"x y")),
        (b"1970-01-01T01:00:00.000000001+01:00 ", Stamped(1, b"1970-01-01T01:00:00.000000001+01:00", b"")),
        (b"1970-01-01T00:00:02Z", Stamped(2_000_000_000, b"1970-01-01T00:00:02Z", b"")),
        (b"1970-13-01T00:00:02Z x", Stamped(0, b"", b"1970-13-01T00:00:02Z x")),
        (b"no time", Stamped(0, b"", b"no time")),
    ],
)
def test_a_stamp(line: bytes, read: Stamped) -> None:
    """The kubelet's time is read to the nanosecond, in any zone; what has none is all text."""
    assert stamp(line) == read


@given(st.lists(TIMES, max_size=4))
def test_merging_loses_and_invents_nothing(logs: list[list[int]]) -> None:
    """Every line comes once under its source, in its own log's order; and by time, where logs are in order."""
    data = [b"".join(b"2026-01-02T03:04:%02d.1Z %d\n" % (time, time) for time in times) for times in logs]
    lines = list(merged([(b"%d " % index, log) for index, log in enumerate(data)], timestamps=False))
    assert Counter(lines) == Counter(b"%d %d" % (index, time) for index, log in enumerate(logs) for time in log)
    for index, log in enumerate(logs):
        mine = [line for line in lines if line.startswith(b"%d " % index)]
        assert mine == [b"%d %d" % (index, time) for time in log]
    if all(log == sorted(log) for log in logs):
        moments = [int(line.split()[1]) for line in lines]
        assert moments == sorted(moments)


def test_merging_keeps_times_where_asked() -> None:
    """A line's time stays as it was written; a line without one goes where its neighbours are."""
    logs = [(b"a ", b"cut\n2026-01-02T03:04:05Z 1\n"), (b"b ", b"2026-01-02T03:04:04Z 2\n")]
    assert list(merged(logs, timestamps=True)) == [b"a cut", b"b 2026-01-02T03:04:04Z 2", b"a 2026-01-02T03:04:05Z 1"]
