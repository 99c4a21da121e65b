"""What the real cluster has answered, as it is kept beside the tests."""

import json
from pathlib import Path
from typing import Final

from bot.core.resources import Json

FOLDER: Final = Path(__file__).with_name("recorded")


def read(theme: str) -> dict[str, list[Json]]:
    """Return a theme's recorded answers, by story."""
    recorded: dict[str, list[Json]] = json.loads((FOLDER / f"{theme}.json").read_text())
    return recorded


def write(theme: str, stories: dict[str, list[Json]]) -> None:
    """Keep a theme's answers, one to a line, so that a change shows as few lines."""
    told = ",\n".join(f"{json.dumps(name)}: [\n{_lines(answers)}\n]" for name, answers in stories.items())
    (FOLDER / f"{theme}.json").write_text(f"{{\n{told}\n}}\n")


def _lines(answers: list[Json]) -> str:
    return ",\n".join(json.dumps(one, sort_keys=True, ensure_ascii=False) for one in answers)
