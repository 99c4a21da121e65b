"""The demo's page draws every emoji that podbot's messages name."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_PAGE = ROOT / "bot" / "demo" / "page" / "static" / "emoji.js"
_SOURCES = [path for room in ("bot", "handlers") for path in (ROOT / room).rglob("*.py")]
_NAMED = re.compile(r"(?<!\w):([a-z][a-z0-9_+-]+):(?!\w)")


def _strings(path: Path) -> list[str]:
    constants = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
    return [node.value for node in constants if isinstance(node.value, str)]


def test_every_emoji_is_drawn() -> None:
    """An emoji that the sources name is one that the page knows."""
    known = set(re.findall(r"(\w+): \"", _PAGE.read_text()))
    named = {name for path in _SOURCES for text in _strings(path) for name in _NAMED.findall(text)}
    assert named
    assert named <= known
