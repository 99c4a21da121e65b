"""Logs as JSON lines on stderr, the audit records as they are on stdout.

What may not be here: bodies of requests, tokens, response URLs; they are never given to a logger at all. Should one
come all the same, in an exception's text for one, it is masked: by its looks, and podbot's own by their values.
"""

import json
import logging
import sys
from collections.abc import Sequence
from contextvars import ContextVar

from bot.core.redaction import MASK, redact

_REQUEST: ContextVar[str] = ContextVar("request", default="")


def about(request_id: str) -> None:
    """Let every line that this task logs from now on name the request."""
    _REQUEST.set(request_id)


class Masked(logging.Formatter):
    """A line without podbot's own secrets, once it has been told them."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[str, tuple[str, ...]] = {}

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return self.mask(super().format(record))

    def mask(self, text: str) -> str:
        """Return `text` without them."""
        for secrets in self.secrets.values():
            for secret in secrets:
                text = text.replace(secret, MASK)
        return text


class JsonLines(Masked):
    """One JSON object a line: time, level, logger, message, the request it is about and the exception, if any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without what looks like a secret."""
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._told(record.getMessage()),
        }
        if request := _REQUEST.get():
            line["request"] = request
        if record.exc_info:
            line["exception"] = self._told(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = self._told(record.stack_info)
        return json.dumps(line, ensure_ascii=False)

    def _told(self, text: str) -> str:
        return redact(self.mask(text))


def configure(level: int = logging.INFO) -> None:
    """Send podbot's own log to stderr at `level`, other packages' warnings too, and audit records to stdout."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[lines], force=True)
    logging.captureWarnings(capture=True)
    logging.getLogger("podbot").setLevel(level)
    records = logging.StreamHandler(sys.stdout)
    records.setFormatter(Masked())
    audit = logging.getLogger("podbot.audit")
    audit.handlers = [records]
    audit.setLevel(logging.INFO)  # a record is no matter of the log's level
    audit.propagate = False


def set_level(level: str) -> None:
    """Log what podbot itself says from "debug", "info", "warning" or "error" on."""
    logging.getLogger("podbot").setLevel(level.upper())


def never_tell(secrets: Sequence[str], whose: str = "") -> None:
    """Mask these values from now on, whatever they look like, in place of those that were `whose` before."""
    for handler in (*logging.getLogger().handlers, *logging.getLogger("podbot.audit").handlers):
        if isinstance(handler.formatter, Masked):
            handler.formatter.secrets[whose] = tuple(secrets)
