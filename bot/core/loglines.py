"""The bytes of logs as lines: put together from chunks, kept at their end, searched, and merged by time."""

import heapq
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

_STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ?")
_SECOND = 1_000_000_000  # nanoseconds
_WHOLE_WORDS = re.compile(rb"(.*)[\s\"',;&]", re.DOTALL)
_CUT = "…".encode()


class End:
    """The last `most` bytes of a stream, in little more than twice the memory that they take."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = bytearray()
        self.seen = 0

    def add(self, chunk: bytes) -> None:
        """Take a chunk, and let go of what is surely not in the last bytes."""
        self._held += chunk
        self.seen += len(chunk)
        if len(self._held) > 2 * self._most:
            del self._held[: -self._most]

    def data(self) -> bytes:
        """Return the last bytes, beginning with a whole line where something was let go."""
        end = bytes(self._held[-self._most :])
        if len(end) == self.seen:
            return end
        _, newline, lines = end.partition(b"\n")
        return lines if newline and lines else end


class Splitter:
    """Puts chunks together to lines without their newline; what a line has beyond `most` bytes is let go."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open = bytearray()
        self._begun = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that this chunk completes."""
        first, *others = chunk.split(b"\n")
        self._add(first)
        if not others:
            return []
        lines = [self._line(bytes(self._open)), *map(self._line, others[:-1])]
        self._open.clear()
        self._begun = False
        self._add(others[-1])
        return lines

    def rest(self) -> list[bytes]:
        """Return the last line, where no newline ends it."""
        return [self._line(bytes(self._open))] if self._begun else []

    def _add(self, part: bytes) -> None:
        self._begun = self._begun or bool(part)
        self._open += part[: self._most + 1 - len(self._open)]

    def _line(self, line: bytes) -> bytes:
        """Cut a long line between two words: half a secret no longer looks like one."""
        if len(line) <= self._most:
            return line
        found = _WHOLE_WORDS.match(line[: self._most])
        return (found[1] if found else line[: self._most]) + _CUT


class Ring:
    """The last lines that take at most `most` bytes together, and one in any case."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lines: deque[bytes] = deque()
        self._held = 0

    def add(self, line: bytes) -> None:
        """Take a line, and let the oldest go where there is no room."""
        self._lines.append(line)
        self._held += len(line) + 1
        while self._held > self._most and len(self._lines) > 1:
            self._held -= len(self._lines.popleft()) + 1

    def data(self) -> bytes:
        """Return the lines, each with its newline."""
        return b"".join(line + b"\n" for line in self._lines)


class Search:
    """Lines out of chunks: those that match, or all where `matches` is None; `read` and `matched` count lines.

    `stamped` lines begin with the kubelet's time, which is not searched.
    """

    def __init__(self, matches: Callable[[bytes], bool] | None, most: int, *, stamped: bool = False) -> None:
        self._matches = matches
        self._stamped = stamped
        self._splitter = Splitter(most)
        self.read = 0
        self.matched = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the matching lines that this chunk completes."""
        return self._kept(self._splitter.feed(chunk))

    def rest(self) -> list[bytes]:
        """Return the last line, where no newline ends it and it matches."""
        return self._kept(self._splitter.rest())

    def _kept(self, lines: list[bytes]) -> list[bytes]:
        self.read += len(lines)
        kept = [line for line in lines if self._is_match(line)]
        self.matched += len(kept)
        return kept

    def _is_match(self, line: bytes) -> bool:
        if self._matches is None:
            return True
        found = _STAMP.match(line) if self._stamped else None
        return self._matches(line[found.end() :] if found else line)


@dataclass(frozen=True, slots=True)
class Stamped:
    """A line's time, in nanoseconds since 1970 and as it was written, and the rest; without a time, 0 and nothing."""

    nanoseconds: int
    time: bytes
    rest: bytes


def stamp(line: bytes) -> Stamped:
    """Read the RFC 3339 time that the kubelet puts before a line.

    Source: timeFormatOut in https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/logs/logs.go.
    """
    found = _STAMP.match(line)
    if found is None:
        return Stamped(0, b"", line)
    seconds, fraction, zone = found.groups()
    try:
        moment = datetime.fromisoformat((seconds + zone).decode())
    except ValueError:  # the shape of a time, but no such day or hour
        return Stamped(0, b"", line)
    nanoseconds = int(moment.timestamp()) * _SECOND + int((fraction or b"0").ljust(9, b"0"))
    return Stamped(nanoseconds, line[: found.end()].rstrip(), line[found.end() :])


def merged(sources: Sequence[tuple[bytes, bytes]], *, timestamps: bool) -> Iterator[bytes]:
    """Yield the stamped lines of several logs by time, each after its source's prefix, with their times where asked.

    No log's own order is changed, though a node's clock may have been put back.
    """
    streams = [_in_order(prefix, data, timestamps=timestamps) for prefix, data in sources]
    for _, line in heapq.merge(*streams, key=lambda keyed: keyed[0]):
        yield line


def _in_order(prefix: bytes, data: bytes, *, timestamps: bool) -> Iterator[tuple[int, bytes]]:
    for line in lines_of(data):
        read = stamp(line)
        time = read.time + b" " if timestamps and read.time else b""
        yield read.nanoseconds, prefix + time + read.rest


def lines_of(data: bytes) -> Iterable[bytes]:
    """Return lines without their newline; the last one may lack it."""
    lines = data.split(b"\n")
    return lines if lines[-1] else lines[:-1]
