"""How much is kept of what piles up while a server runs."""

from dataclasses import dataclass
from typing import Final, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Keep:
    """The most that is kept; None keeps everything, as tests want it.

    `handed` counts what was handed out to the app and may come back: triggers, response URLs, tickets, open forms.
    """

    calls: int | None = None
    messages: int | None = None
    handed: int | None = None
    file_bytes: int | None = None


LATEST: Final = Keep(calls=200, messages=2_000, handed=1_000, file_bytes=32 * 1024 * 1024)
"""For a server that runs for days: far more than a page shows, and than podbot can still ask about."""


class Recent(dict[Key, Value]):
    """A dictionary that forgets what came first beyond `most` entries; None forgets nothing."""

    def __init__(self, most: int | None) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: Key, value: Value) -> None:
        super().__setitem__(key, value)
        while self._most is not None and len(self) > self._most:
            self.pop(next(iter(self)))
