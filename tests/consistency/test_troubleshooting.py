"""The words by which people look for help are those that podbot says."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.consistency.pages import ROOT

HEADINGS = re.findall(r"^### (.+)$", (ROOT / "docs" / "troubleshooting.md").read_text(), re.MULTILINE)
SAID = [heading for heading in HEADINGS if not heading.startswith("*")]
SOURCES = sorted(path for room in ("bot", "config", "handlers") for path in (ROOT / room).rglob("*.py"))


def _texts(tree: ast.AST) -> Iterator[str]:
    """Yield each text of a source; what is put into one stands as …"""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


TEXTS = {
    re.sub(r"%[.\d]*[sdf]|[“‹]?…[”›]?", "…", text) for path in SOURCES for text in _texts(ast.parse(path.read_text()))
}


@pytest.mark.parametrize("heading", SAID)
def test_what_is_quoted_is_said(heading: str) -> None:
    """A heading that is not in italics stands in the sources word for word, names left out."""
    words = heading.removesuffix(" …").removesuffix(": …")
    assert any(words in text for text in TEXTS), words


def test_headings_are_found() -> None:
    """There are many, each once, and those in italics are closed."""
    assert len(SAID) >= 30
    assert len(set(HEADINGS)) == len(HEADINGS)
    assert all(heading.endswith("*") for heading in HEADINGS if heading.startswith("*"))
