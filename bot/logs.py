"""Logs as JSON lines on stderr, the audit records as they are on stdout.

What may not be here: bodies of requests, tokens, response URLs; they are never given to a logger at all.
"""

import json
import logging
import sys


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the exception where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure(level: int = logging.INFO) -> None:
    """Send podbot's own log to stderr at `level`, other packages' warnings too, and audit records to stdout."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[lines], force=True)
    logging.getLogger("podbot").setLevel(level)
    records = logging.StreamHandler(sys.stdout)
    audit = logging.getLogger("podbot.audit")
    audit.handlers = [records]
    audit.propagate = False
