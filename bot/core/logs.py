"""What is asked of logs, and what was read of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.names import ContainerName, Namespace, PodName

# What a kubelet writes, as a log and with status 200, of a run that it has just cleaned up: kuberuntime_container.go.
_LOST = re.compile(rb"unable to retrieve container logs for \S+\n?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a log: the last `tail` lines (None: all), `since` in seconds, those that match `grep`."""

    previous: bool = False
    tail: int | None = None
    since: int | None = None
    timestamps: bool = False
    grep: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One container; `waits` says why it has never run and is empty where it has, `message` adds the server's words."""

    pod: PodName
    uid: str
    container: ContainerName
    restarts: int = 0
    waits: str = ""
    message: str = ""

    @property
    def why_missing(self) -> str:
        """Why it has no log; empty where it has run."""
        return f"not started ({self.waits})" if self.waits else ""

    @property
    def prefix(self) -> str:
        """What kubectl's --prefix puts before each line."""
        return f"[pod/{self.pod}/{self.container}]"


@dataclass(frozen=True, slots=True)
class About:
    """Which logs an answer is about: of one pod (`whose` is its name) or of those that `whose` selects.

    `several` tells each line's source by a prefix, be there one or more. What is beyond the limits is counted;
    `uncounted` says that there are more pods still. `others` are the one pod's other containers.
    """

    cluster: str
    namespace: Namespace
    whose: str
    sources: tuple[Source, ...]
    wanted: Wanted
    several: bool = False
    selected: bool = False
    others: tuple[str, ...] = ()
    sources_left_out: int = 0
    pods_left_out: int = 0
    uncounted: bool = False
    pins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Printed:
    """What was read of one or several logs: its end, and what is not in it.

    `dropped` bytes before it were read and not kept; reading stopped after `cut` bytes, if any. `read` and `matched`
    count lines where something was searched for. `missing` says of the logs that are not in it why.
    """

    data: bytes = field(repr=False)
    dropped: int = 0
    cut: int = 0
    read: int = 0
    matched: int = 0
    missing: tuple[tuple[Source, str], ...] = ()

    @property
    def lost(self) -> bool:
        """Whether this is no log, but the kubelet's word that it no longer has one."""
        return _LOST.fullmatch(self.data) is not None


@dataclass(frozen=True, slots=True)
class Tail:
    """The last lines so far of logs that are followed; `ended` says of each that has ended why, `over` that all have.

    `read` and `matched` count lines.
    """

    data: bytes = field(repr=False)
    read: int = 0
    matched: int = 0
    ended: tuple[tuple[Source, str], ...] = ()
    over: bool = False
