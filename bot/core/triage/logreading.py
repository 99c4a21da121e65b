"""Reading the end of a failed run's log: stack traces whole, the first error line, and errors that are known.

What is quoted is the log's own; what it means is said only where the words leave little doubt.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.triage.snapshot import Snapshot

_LINES, _LENGTH = 400, 400  # lines from the end that are read, and characters of each
_TRACE = 12  # lines of a trace that are quoted: its head, and its end where that says what went wrong
_STAMP = re.compile(r"^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?\]?\s*")
_ERROR = re.compile(
    r"\b(?:error|fatal|panic|exception|failed|failure|cannot|can't|unable to|denied|refused|not found|invalid|missing|"
    r"unknown|undefined|traceback|segfault|segmentation fault|killed|abort(?:ed)?|critical)\b|\b[EF]\d{4} \d\d:|"
    r"level=(?:error|fatal)|\"level\":\s*\"(?:error|fatal)\"|\b[A-Z]\w{1,80}(?:Error|Exception)\b",
    re.IGNORECASE,
)
_NO_ERROR = re.compile(
    r"\b(?:0|no|without) (?:errors?|failures?)\b|errors?[=:] ?0\b|level=(?:info|debug)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Passage:
    """What of a log tells most: the `headline` in a line, and the lines around it; `kind` is a trace's language."""

    headline: str
    lines: tuple[str, ...]
    kind: str = ""


def tell_tale(text: str) -> Passage | None:
    """Return the last stack trace of a log, else its first error line with what follows; None where neither is."""
    lines = [line.rstrip()[:_LENGTH] for line in text.splitlines()[-_LINES:] if line.strip()]
    traces = [found for reader in _READERS for found in reader(lines)]
    if traces:
        start, end, headline, kind = max(traces, key=lambda found: found[1])
        return Passage(_bare(headline.removeprefix("Caused by: ")), _folded(lines[start:end]), kind)
    first = next((index for index, line in enumerate(lines) if is_error(line)), None)
    if first is None:
        return None
    return Passage(_bare(lines[first]), tuple(lines[first : first + 3]))


def is_error(line: str) -> bool:
    """Whether a line tells of trouble."""
    return bool(_ERROR.search(line)) and not _NO_ERROR.search(line)


def line_with(seen: Snapshot, container: str, pattern: str) -> str:
    """Return the last line of a container's log that holds a rule's own pattern, empty for none."""
    return next(lines_with(seen, container, pattern), "")


def lines_with(seen: Snapshot, container: str, pattern: str, around: int = 0) -> Iterator[str]:
    """Yield the lines of a container's log that hold a rule's own pattern, the last first, and those around each."""
    log = seen.log(container)
    lines = log.text.splitlines()[-_LINES:] if log else []
    for index in range(len(lines) - 1, -1, -1):
        if re.search(pattern, lines[index], re.IGNORECASE):
            near = (*lines[max(0, index - around) : index], *lines[index + 1 : index + 1 + around])
            yield from (line.strip()[:_LENGTH] for line in (lines[index], *near))


def last_line(text: str) -> str:
    """Return the last line that is not empty."""
    return next((line.strip()[:_LENGTH] for line in reversed(text.splitlines()) if line.strip()), "")


_Found = tuple[int, int, str, str]
_Reader = Callable[[Sequence[str]], Iterator[_Found]]


def _python(lines: Sequence[str]) -> Iterator[_Found]:
    """Yield tracebacks: from their first word to the line that is no longer indented, which names the error."""
    for start, line in enumerate(lines):
        if "Traceback (most recent call last)" in line:
            end = next((i for i in range(start + 1, len(lines)) if not lines[i].startswith((" ", "\t"))), None)
            if end is not None:
                yield start, end + 1, lines[end], "Python"


def _java(lines: Sequence[str]) -> Iterator[_Found]:
    """Yield exceptions with the frames below them; the last "Caused by" says what began it."""
    for start, line in enumerate(lines[:-1]):
        if not _JAVA.search(line) or not _JAVA_FRAME.match(lines[start + 1]) or line.startswith("Caused by"):
            continue
        end = start + 1
        while end < len(lines) and (_JAVA_FRAME.match(lines[end]) or lines[end].startswith("Caused by")):
            end += 1
        causes = [one for one in lines[start:end] if one.startswith("Caused by")]
        yield start, end, causes[-1] if causes else line, "Java"


def _go(lines: Sequence[str]) -> Iterator[_Found]:
    """Yield panics and fatal errors with the goroutines below them."""
    for start, line in enumerate(lines):
        if line.startswith(("panic: ", "fatal error: ")):
            yield start, min(len(lines), start + _TRACE * 2), line, "Go"
            return


def _node(lines: Sequence[str]) -> Iterator[_Found]:
    """Yield JavaScript errors with the frames below them."""
    for start, line in enumerate(lines[:-1]):
        if _NODE.search(line) and _NODE_FRAME.match(lines[start + 1]):
            end = start + 1
            while end < len(lines) and _NODE_FRAME.match(lines[end]):
                end += 1
            yield start, end, line, "Node"


_JAVA = re.compile(r"(?:^|\s)(?:[a-z][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error|Throwable)\b")
_JAVA_FRAME = re.compile(r"^\s+(?:at [\w$.<>/@ -]+\(|\.\.\. \d+ (?:more|common))|^Caused by: ")
_NODE = re.compile(r"^(?:Uncaught )?(?:[A-Z]\w*)?(?:Error|Exception)\b(?: \[\w+\])?(?::|$)")
_NODE_FRAME = re.compile(r"^\s+at \S.{0,390}(?:\)|:\d{1,6}:\d{1,6})$")
_READERS: Final[tuple[_Reader, ...]] = (_python, _java, _go, _node)


def _folded(lines: Sequence[str]) -> tuple[str, ...]:
    """Keep a trace's head and end; what is between them is counted."""
    if len(lines) <= _TRACE:
        return tuple(lines)
    head, tail = lines[: _TRACE // 2], lines[-(_TRACE // 2) :]
    return (*head, f"… {len(lines) - _TRACE} lines …", *tail)


def _bare(line: str) -> str:
    """Return a line without the time that it begins with."""
    return _STAMP.sub("", line.strip())
