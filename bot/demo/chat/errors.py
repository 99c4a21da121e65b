"""How Slack says no."""

from collections.abc import Sequence


class SlackError(Exception):
    """An error answer: `code` is Slack's word for it, `details` what it adds under `response_metadata`."""

    def __init__(self, code: str, details: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.details = tuple(details)
