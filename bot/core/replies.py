"""What podbot answers: Block Kit, a fallback text, perhaps a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Block = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class File:
    """Text too long for a message; `name` carries the ending that Slack shows it by."""

    name: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Offer:
    """A next step as a button: `line` runs, as if the asker had typed it, if what it is about still equals `pins`.

    Nothing is compared where `pins` is empty. `namespace` is the line's, where it is not the answer's own.
    """

    label: str
    line: str
    pins: Mapping[str, str] = field(default_factory=dict)
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message. `text` is what notifications and screen readers get, and is never empty.

    `pins` are what the answer was about (for example `{"pod/web-1": UID}`), so that a shared or confirmed answer can be
    refused when they differ. `offers` become buttons that only the asker can press. `whisper` is a part for the asker
    alone. `resolve` is the line that closes what it found; where it is shared, a button asks for the rest of that line.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    file: File | None = None
    pins: Mapping[str, str] = field(default_factory=dict)
    whisper: "Reply | None" = None
    offers: tuple[Offer, ...] = ()
    resolve: str = ""
