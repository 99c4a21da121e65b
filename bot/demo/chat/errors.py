"""How Slack says no."""

from collections.abc import Mapping, Sequence
from typing import Any


class SlackError(Exception):
    """An error answer: `code` is Slack's word for it, `details` go under `response_metadata`, `more` beside it."""

    def __init__(self, code: str, details: Sequence[str] = (), more: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.details = tuple(details)
        self.more = dict(more or {})
