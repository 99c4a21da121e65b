"""The golden corpus: snapshots, recorded from a real cluster or written from documented shapes, and what they show."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from bot.core.resources import Json
from bot.core.triage.encoding import decode
from bot.core.triage.snapshot import Snapshot

FOLDER: Final = Path(__file__).parent / "golden"


@dataclass(frozen=True, slots=True)
class Golden:
    """One snapshot; `expected` is the rule that must come first (None: no cause is named).

    `also` are rules that must be told beside it, `misses` rules that it looks like and that must not be told.
    """

    name: str
    origin: Literal["recorded", "written"]
    expected: str | None
    also: tuple[str, ...]
    misses: tuple[str, ...]
    snapshot: Snapshot


@cache
def corpus() -> tuple[Golden, ...]:
    """Return every case; a file holds one, or a list of them."""
    return tuple(_golden(path.stem, raw) for path in sorted(FOLDER.glob("*.json")) for raw in _cases(path))


def _cases(path: Path) -> list[Json]:
    content = json.loads(path.read_text())
    return content if isinstance(content, list) else [content]


def _golden(stem: str, raw: Json) -> Golden:
    return Golden(
        f"{stem}: {raw.get('name', 'recorded')}",
        raw["origin"],
        raw["expected"],
        tuple(raw.get("also", ())),
        tuple(raw["misses"]),
        decode(raw["snapshot"]),
    )
