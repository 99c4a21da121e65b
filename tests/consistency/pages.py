"""The documents, and what stands in their blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parent.parent.parent
PAGES: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "helm").rglob("*.md")])
SHELL: Final = frozenset({"", "console"})
_BLOCK = re.compile(r"^( *)```([a-z]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_NAME = re.compile(r"# ([a-z-]+\.yaml)\n")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language and its text, without the page's indentation."""

    language: str
    text: str

    @property
    def name(self) -> str:
        """The file that its first line says it is, or nothing."""
        named = _NAME.match(self.text)
        return named[1] if named else ""

    @property
    def is_chat(self) -> bool:
        """Whether it is typed in Slack."""
        return self.language in SHELL and self.text.startswith("/pod")

    @property
    def is_shell(self) -> bool:
        """Whether it is typed in a shell."""
        return self.language in SHELL and not self.is_chat

    def content(self) -> Any:
        """Return what its YAML holds."""
        return yaml.safe_load(self.text)


def blocks(page: Path) -> Iterator[Block]:
    """Yield a page's blocks in their order."""
    for indent, language, text in _BLOCK.findall(page.read_text()):
        yield Block(language, re.sub(f"^{indent}", "", text, flags=re.MULTILINE))


def spans(page: Path) -> list[str]:
    """Return the code that stands in a page's sentences."""
    return _SPAN.findall(_BLOCK.sub("", page.read_text()))
