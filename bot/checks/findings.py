"""What a check finds: a kind of finding, which is written down once, with the values that it was found with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

_MOST = 400  # characters of one value


class Level(Enum):
    """How much a finding matters; only a failure makes `podbot check` end with 1."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"
    SKIPPED = "not looked at"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found; `values` fill the places in its kind's words."""

    kind: "Kind"
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        """How much it matters."""
        return self.kind.level

    @property
    def says(self) -> str:
        """What was found."""
        return self.kind.says.format_map(self.values)

    @property
    def mend(self) -> str:
        """What to do about it; empty where there is nothing to do."""
        return self.kind.mend.format_map(self.values)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding: a word for programs, its level, and what it says and mends, with {places} for values."""

    word: str
    level: Level
    says: str
    mend: str = ""

    def __call__(self, **values: object) -> Finding:
        """Return a finding of this kind; values are shown on one line, without what moves a terminal's cursor."""
        return Finding(self, {name: _plain(str(value)) for name, value in values.items()})


def ok(word: str, says: str) -> Kind:
    """Return a kind that is as it should be."""
    return Kind(word, Level.OK, says)


def warning(word: str, says: str, mend: str) -> Kind:
    """Return a kind that somebody should know of."""
    return Kind(word, Level.WARNING, says, mend)


def failure(word: str, says: str, mend: str) -> Kind:
    """Return a kind that must be mended."""
    return Kind(word, Level.FAILURE, says, mend)


def skipped(word: str, says: str, mend: str = "") -> Kind:
    """Return a kind that says why something was not looked at."""
    return Kind(word, Level.SKIPPED, says, mend)


def _plain(value: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in value)
    return shown if len(shown) <= _MOST else f"{shown[: _MOST - 1]}…"
