"""A typed text into its line and the document that came with it: in a code block, or below the line.

Slack sends a code block as its text between three backticks, with entities, and with links made of addresses in it:
https://docs.slack.dev/messaging/formatting-message-text/#multi-line-code.
"""

import re

from bot.core.phones import undo, undo_in_code

_BLOCK = re.compile(r"```(.*?)```", re.DOTALL)
_LANGUAGE = re.compile(r"(?:ya?ml|json)[ \t]*\n", re.IGNORECASE)
_ANNOUNCED = "--yaml"
_NEXT = "\n---\n"


def split(text: str) -> tuple[str, str]:
    """Return the line, with what phones did to it undone, and the document, which is empty where there is none.

    Several code blocks are several documents, for their reader to refuse. A block alone holds the line as well.
    """
    blocks = _BLOCK.findall(text)
    around = " ".join(" ".join(_BLOCK.split(text)[::2]).splitlines()).strip()
    if not blocks:
        return _below(text)
    if not around:
        return _below(text.replace("```", "", 1).rstrip().removesuffix("```")) if len(blocks) == 1 else (undo(text), "")
    return undo(around).strip(), _NEXT.join(map(_document, blocks))


def _below(text: str) -> tuple[str, str]:
    """Split below a first line that announces a document."""
    first, _, rest = text.strip().partition("\n")
    line = undo(first).strip()
    return (line, _document(rest)) if rest and _ANNOUNCED in line.split() else (undo(text).strip(), "")


def _document(block: str) -> str:
    """Return a block as it was typed, without the name of its language."""
    plain = undo_in_code(block).strip("\n")
    named = _LANGUAGE.match(plain)
    return plain[named.end() :] if named else plain
