"""What checks found, as lines, as JSON and as the page of the documents; pure."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.checks.checking import Check
from bot.checks.examining import MISTAKE, NOT_LOOKED, Judged
from bot.checks.findings import Finding, Kind, Level

_WIDTH = max(len(level.value) for level in Level)


def has_failed(found: Iterable[Judged]) -> bool:
    """Whether anything must be mended."""
    return any(one.level is Level.FAILURE for judged in found for one in judged.findings)


def lines(found: Sequence[Judged]) -> Iterator[str]:
    """Yield a line a finding, then how many there are of each level."""
    for judged in found:
        yield from (f"{one.level.value:<{_WIDTH}}  {line(judged, one)}" for one in judged.findings)
    yield summary(found)


def summary(found: Iterable[Judged]) -> str:
    """Return how many findings there are of each level."""
    counts = Counter(one.level for judged in found for one in judged.findings)
    return ", ".join(f"{counts[level]} {_many(level, counts[level])}" for level in Level if counts[level])


def _many(level: Level, count: int) -> str:
    return f"{level.value}s" if count > 1 and level in (Level.WARNING, Level.FAILURE) else level.value


def line(judged: Judged, finding: Finding) -> str:
    """Return one finding with its mend."""
    mend = f". Mend: {finding.mend}" if finding.mend else ""
    return f"{judged.check.name}: {finding.says}{mend}"


def as_json(found: Sequence[Judged]) -> str:
    """Return everything for programs: `ok`, and the findings with their level and kind."""
    findings = [
        {
            "check": judged.check.name,
            "level": one.level.value,
            "kind": one.kind.word,
            "says": one.says,
            "mend": one.mend,
        }
        for judged in found
        for one in judged.findings
    ]
    return json.dumps({"ok": not has_failed(found), "findings": findings}, indent=2, ensure_ascii=False)


def page(checks: Iterable[Check]) -> str:
    """Return the list of all that can be found, as Markdown."""
    parts = [_about(check) for check in checks]
    common = "\n".join(_told(kind) for kind in (NOT_LOOKED, MISTAKE))
    return "\n\n".join([*parts, f"### of every check\n{common}"])


def _about(check: Check) -> str:
    after = f" After: {', '.join(check.after)}." if check.after else ""
    told = "\n".join(_told(kind) for kind in check.kinds)
    return f"### {check.name}\n{check.about[:1].upper()}{check.about[1:]}.{after}\n{told}"


def _told(kind: Kind) -> str:
    mend = f". **Mend:** {_general(kind.mend)}" if kind.mend else ""
    return f"- *{kind.level.value}* (`{kind.word}`): {_general(kind.says)}{mend}."


def _general(words: str) -> str:
    """Return a kind's words with its places as words in capitals; what is a flag or nothing is left out."""
    return words.format_map(_Places(form=""))


class _Places(dict[str, str]):
    def __missing__(self, place: str) -> str:
        return place.upper()
