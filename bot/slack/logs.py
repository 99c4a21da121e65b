"""The one logger that Slack's packages are given, which lets nothing secret through.

Bolt logs the whole body of a request whose signature is bad, and a failed websocket's error names its ticket.
"""

import logging
import re
from typing import Final

NAME: Final = "podbot.slack.bolt"

_TICKET = re.compile(r"(ticket=)[^&\s'\"]+")
_BAD_SIGNATURE = "Invalid request signature detected"


class Discreet(logging.Filter):
    """Cuts bodies, tickets and tracebacks, which repeat them, out of records."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, with what is harmless of it."""
        said = record.getMessage()
        said = _BAD_SIGNATURE if said.startswith(_BAD_SIGNATURE) else said
        record.msg, record.args = _TICKET.sub(r"\1…", said), ()
        record.exc_info = None
        return True


def package_logger() -> logging.Logger:
    """Return the logger; at podbot's level, but never DEBUG, at which the packages log every payload and answer."""
    logger = logging.getLogger(NAME)
    logger.setLevel(max(logging.INFO, logging.getLogger("podbot").getEffectiveLevel()))
    if not logger.filters:
        logger.addFilter(Discreet())
    return logger
