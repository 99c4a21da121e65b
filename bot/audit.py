"""One record an ask: what was asked, as whom, and how it ended, as a JSON line.

What may not be here: secrets (the line is redacted before it comes), and anything that could fail a command.
"""

import json
import logging
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum

from bot.core.asks import Ask
from bot.core.grants import Grant

logger = logging.getLogger("podbot.audit")


class Outcome(Enum):
    """How an ask ended."""

    ANSWERED = "answered"
    ASKED = "asked"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Record:
    """What is written down; `line` is redacted, times are RFC 3339 in UTC, `milliseconds` count from receipt.

    `pins` are what the change, or the answer to a read that was not followed, was about, such as a pod's UID.
    """

    at: str
    request: str
    via: str
    team: str
    user: str
    channel: str
    line: str = ""
    command: str = ""
    effect: str = ""
    cluster: str = ""
    namespaces: tuple[str, ...] = ()
    tier: str = ""
    identity: str = ""
    pins: tuple[tuple[str, str], ...] = ()
    outcome: str = ""
    detail: str = ""
    milliseconds: int = 0

    @classmethod
    def of(cls, ask: Ask) -> "Record":
        """Begin a record with who asked, where and when."""
        return cls(
            at=ask.received.isoformat(),
            request=ask.request_id,
            via=ask.via.value,
            team=ask.team,
            user=ask.user,
            channel=ask.channel,
        )

    def granted(self, grants: tuple[Grant, ...]) -> "Record":
        """Add as whom and where it was allowed."""
        if not grants:
            return self
        first = grants[0]
        return replace(
            self,
            cluster=first.cluster,
            namespaces=tuple(grant.namespace for grant in grants),
            tier=first.tier,
            identity=first.identity.user,
        )

    def ended(self, outcome: Outcome, received: datetime, now: datetime, detail: str = "") -> "Record":
        """Add how it ended."""
        spent = round((now - received).total_seconds() * 1000)
        return replace(self, outcome=outcome.value, detail=detail, milliseconds=spent)


def write(record: Record) -> None:
    """Write one record as a JSON line to the logger `podbot.audit`."""
    logger.info(json.dumps({"audit": asdict(record)}, ensure_ascii=False))
