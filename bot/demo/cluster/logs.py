"""What containers wrote, run by run, and reading it as the kubelet does."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.ages import moment
from bot.demo.cluster import times
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.status import StatusError, bad_request, invalid, prohibited, wrong

Lines = list[tuple[datetime, bytes]]

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Options:
    """What of a log is asked for. Source: the fields of PodLogOptions."""

    tail: int | None = None
    since_seconds: int | None = None
    since: datetime | None = None
    limit: int | None = None
    timestamps: bool = False
    previous: bool = False
    follow: bool = False

    @classmethod
    def of(cls, asked: Asked) -> "Options":
        """Read a request's query, or raise the server's 400 or 422."""
        options = cls(
            tail=asked.number("tailLines"),
            since_seconds=asked.number("sinceSeconds"),
            since=moment(asked.option("sinceTime")),
            limit=asked.number("limitBytes"),
            timestamps=asked.flag("timestamps"),
            previous=asked.flag("previous"),
            follow=asked.flag("follow"),
        )
        if asked.option("sinceTime") and options.since is None:
            raise bad_request(f'parsing time "{asked.option("sinceTime")}": cannot parse')
        if (refusal := options.problem(asked.name)) is not None:
            raise refusal
        return options

    def problem(self, pod: str) -> StatusError | None:
        """Return the server's 422 for options that can't be."""
        causes = []
        if self.tail is not None and self.tail < 0:
            causes.append(wrong("tailLines", self.tail, "must be greater than or equal to 0"))
        if self.limit is not None and self.limit < 1:
            causes.append(wrong("limitBytes", self.limit, "must be greater than 0"))
        if self.since_seconds is not None and self.since is not None:
            causes.append(prohibited("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified"))
        elif self.since_seconds is not None and self.since_seconds < 1:
            causes.append(wrong("sinceSeconds", self.since_seconds, "must be greater than 0"))
        return invalid("PodLogOptions", pod, causes) if causes else None


@dataclass(slots=True)
class _Run:
    lines: Lines = field(default_factory=list)


class Logs:
    """Logs by pod (UID) and container; each start of a container begins a new one, and the one before it is kept."""

    def __init__(self) -> None:
        self._runs: dict[tuple[str, str], list[_Run]] = defaultdict(list)

    def begin(self, uid: str, container: str) -> None:
        """Begin the log of a new run."""
        runs = self._runs[uid, container]
        del runs[:-1]
        runs.append(_Run())

    def write(self, uid: str, container: str, said: bytes, at: datetime) -> None:
        """Add to the log of the latest run."""
        if not self._runs[uid, container]:
            self.begin(uid, container)
        self._runs[uid, container][-1].lines += _lines(said, at)

    def plant(self, uid: str, container: str, said: bytes, at: datetime) -> None:
        """Put a whole run before the latest."""
        runs = self._runs[uid, container]
        runs.insert(max(0, len(runs) - 1), _Run(_lines(said, at)))
        if len(runs) == 1:
            runs.append(_Run())

    def read(self, uid: str, container: str, options: Options, *, back: int, now: datetime) -> bytes:
        """Return what is asked for of the run that is `back` before the latest."""
        return self.follow(uid, container, options, back=back, now=now, goes_on=lambda: False).read() or b""

    def follow(
        self, uid: str, container: str, options: Options, *, back: int, now: datetime, goes_on: Callable[[], bool]
    ) -> "Followed":
        """Return what is asked for of a run, and then what it writes, while it is the latest and `goes_on` says so."""
        runs = self._runs[uid, container]
        run = runs[-1 - back] if len(runs) > back else _Run()
        return Followed(run.lines, options, now, lambda: goes_on() and runs[-1] is run)


class Followed:
    """A log as the kubelet streams it: the lines asked for, then each that is added, until it goes on no more.

    Source: ReadLogs in https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/logs/logs.go.
    """

    def __init__(self, lines: Lines, options: Options, now: datetime, goes_on: Callable[[], bool]) -> None:
        self._lines = lines
        self._options = options
        self._start = options.since
        if options.since_seconds is not None:
            self._start = datetime.fromtimestamp(now.timestamp() - options.since_seconds, now.tzinfo)
        self._next = 0 if options.tail is None else max(0, len(lines) - options.tail)
        self._left = options.limit
        self._goes_on = goes_on

    def read(self) -> bytes | None:
        """Return what came since the last call; None at the end."""
        new, self._next = self._lines[self._next :], len(self._lines)
        said = b"".join(self._stamped(at, line) for at, line in new if self._start is None or at >= self._start)
        if self._left is not None:
            said = said[: self._left]
            self._left -= len(said)
        return said or (b"" if self._goes_on() and self._left != 0 else None)

    def _stamped(self, at: datetime, line: bytes) -> bytes:
        return f"{times.nanos(at)} ".encode() + line if self._options.timestamps else line


def _lines(said: bytes, at: datetime) -> Lines:
    return [(at, line) for line in _LINE.findall(said)]
