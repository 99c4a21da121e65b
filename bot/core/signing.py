"""Buttons' values, signed: what a press does, for whom and where. They are readable, so nothing secret goes in.

The form is `v1.KIND.PAYLOAD.SIGNATURE`: HMAC-SHA256 under a key derived for the kind, so that a value of one kind never
passes as another.
"""

import base64
import hashlib
import hmac
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.errors import Reason, Refusal, Refused, UsageError

LONGEST_VALUE = 2000  # https://docs.slack.dev/reference/block-kit/block-elements/button-element
LONGEST_METADATA = 3000  # https://docs.slack.dev/reference/views/modal-views: what a form carries
_MOST_UNPACKED = 64 * 1024
_SEALED = re.compile(r"(v1\.([a-z]{1,20})\.([\w-]+))\.([\w-]{43})", re.ASCII)
_TOO_LONG = {
    False: ("the line", "type a shorter one, below 1,000 characters"),
    True: (
        "the document",
        "shorten it to about 2,000 characters, or leave out what needs a question: only that has this limit",
    ),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a button does when it is pressed.

    `kind` is one lower-case word ("confirm", "share"). `line` is run again under `pins`, as `Plan.pins`. `expires` and
    `asked`, the time of the first answer, are in UTC; whoever unseals compares them. `nonce` makes the press unique.
    `document` is the text that belongs to the line, `thread` the thread that it is answered in, if there is one, and
    `message` the `ts` of the message that it is told in, if that is there already.
    """

    kind: str
    line: str
    pins: Mapping[str, str]
    cluster: str
    namespace: str
    team: str
    channel: str
    asker: str
    expires: datetime
    nonce: str
    asked: datetime
    document: str = ""
    thread: str = ""
    message: str = ""


def seal(ticket: Ticket, keys: Sequence[str], longest: int = LONGEST_VALUE) -> str:
    """Return a ticket's value, signed with the first key; raise `UsageError` when it is longer than `longest`."""
    content = f"v1.{ticket.kind}.{_encoded(_packed(ticket))}"
    value = f"{content}.{signature(content, ticket.kind, keys[0])}"
    if len(value) > longest:
        what, hint = _TOO_LONG[bool(ticket.document)]
        raise UsageError(f"{what} is too long to be signed", hint=hint)
    return value


def unseal(value: str, keys: Sequence[str], longest: int = LONGEST_VALUE) -> Ticket:
    """Return the ticket of a value that one of the keys signed; raise `Refused` (FORGED) for any other."""
    found = _SEALED.fullmatch(value) if len(value) <= longest else None
    if found is None:
        raise _forged()
    content, kind, payload, given = found.groups()
    if not is_signed(content, kind, given, keys):
        raise _forged()
    try:
        return _unpacked(kind, _decoded(payload))
    except (ValueError, TypeError, OverflowError, RecursionError, zlib.error) as error:
        raise _forged() from error


def _packed(ticket: Ticket) -> bytes:
    where = [ticket.cluster, ticket.namespace, ticket.team, ticket.channel, ticket.asker]
    where += [ticket.thread, ticket.message] if ticket.thread or ticket.message else []
    times = [(moment - _EPOCH) // _MICROSECOND for moment in (ticket.expires, ticket.asked)]
    parts = [ticket.line, dict(ticket.pins), where, times, ticket.nonce, ticket.document]
    return zlib.compress(json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode(), level=9)


def _unpacked(kind: str, content: bytes) -> Ticket:
    said = zlib.decompressobj().decompress(content, _MOST_UNPACKED)
    line, pins, (cluster, namespace, team, channel, asker, *place), times, nonce, document = json.loads(said)
    expires, asked = (_EPOCH + count * _MICROSECOND for count in times)
    who = (cluster, namespace, team, channel, asker)
    return Ticket(kind, line, pins, *who, expires, nonce, asked, document, *place)


def signature(content: str, kind: str, key: str) -> str:
    """Return the signature of a text under a key derived for its kind, which for a ticket is one word."""
    purpose = hmac.digest(key.encode(), f"podbot ticket v1 {kind}".encode(), hashlib.sha256)
    return _encoded(hmac.digest(purpose, content.encode(), hashlib.sha256))


def is_signed(content: str, kind: str, given: str, keys: Sequence[str]) -> bool:
    """Whether one of the keys signed this text as one of its kind."""
    return any(hmac.compare_digest(signature(content, kind, key).encode(), given.encode()) for key in keys)


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _forged() -> Refused:
    return Refused(Refusal(Reason.FORGED))
