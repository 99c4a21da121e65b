"""All that a message says, whoever wrote it: its text, its blocks, and the attachments that alerts come in.

Sources: https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments and
https://docs.slack.dev/reference/block-kit/blocks.
"""

from collections.abc import Iterator
from typing import Any, Final

from bot.core.reading import mapping, objects, text
from bot.core.resources import Json

_DEEPEST: Final = 8  # lists in sections in blocks in attachments go five deep
_MOST: Final = 500  # texts
_OF_ATTACHMENTS: Final = ("pretext", "title", "text")


def texts(message: Json) -> tuple[str, ...]:
    """Return the texts of a message, in the order in which they are read; the first 500 of them."""
    said = _said(message)
    return tuple(one for one, _ in zip(said, range(_MOST), strict=False))


def _said(message: Json) -> Iterator[str]:
    yield text(message.get("text"))
    yield from _of_blocks(message.get("blocks"))
    for one in objects(message.get("attachments")):
        yield from (text(one.get(key)) for key in _OF_ATTACHMENTS)
        yield from (f"{text(field.get('title'))}: {text(field.get('value'))}" for field in objects(one.get("fields")))
        yield from _of_blocks(one.get("blocks"))
        yield text(one.get("fallback"))


def _of_blocks(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield what stands under `text`, however Slack nests it."""
    if isinstance(value, list) and depth < _DEEPEST:
        for inner in value:
            yield from _of_blocks(inner, depth + 1)
    for key, inner in mapping(value).items():
        if key == "text" and isinstance(inner, str):
            yield inner
        elif depth < _DEEPEST:
            yield from _of_blocks(inner, depth + 1)
