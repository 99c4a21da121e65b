"""What a check finds: of a kind that is written down once, with the values that it was found with."""

from dataclasses import dataclass
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
    """One thing that a check found, what it says and what to do about it; nothing where there is nothing to do."""

    kind: "Kind"
    says: str
    mend: str = ""

    @property
    def level(self) -> Level:
        """How much it matters."""
        return self.kind.level


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding: a word for programs, its level, and what it says and mends, with {places} for values."""

    word: str
    level: Level
    says: str
    mend: str = ""

    def __call__(self, **values: object) -> Finding:
        """Return a finding of this kind; values are shown on one line, without what moves a terminal's cursor."""
        plain = {name: _plain(str(value)) for name, value in values.items()}
        return Finding(self, self.says.format_map(plain), self.mend.format_map(plain))


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
