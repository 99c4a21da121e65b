"""Buttons' values: what they carry, and that nobody else can make one."""

import hashlib
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import signing
from bot.core.errors import Reason, Refused, UsageError
from bot.core.signing import LONGEST_METADATA, LONGEST_VALUE, Ticket, seal, unseal

KEYS = ("k" * 32, "o" * 32)
ASKED = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
TICKET = Ticket(
    kind="confirm",
    line="delete web-1 --grace-period 5",
    pins={"pod/web-1": "5d0c4f9e-7f2b-4a53-9d0e-1f3c2b4a5d6e"},
    cluster="main",
    namespace="shop",
    team="T0ACME",
    channel="C0TEAM",
    asker="U024BE7LH",
    expires=ASKED + timedelta(minutes=5),
    nonce="abcdefghijklmnop",
    asked=ASKED,
)


def refused(value: str, keys: tuple[str, ...] = KEYS) -> bool:
    """Whether the value is refused as forged."""
    with pytest.raises(Refused) as told:
        unseal(value, keys)
    return told.value.refusal.reason is Reason.FORGED


def test_a_ticket_comes_back_whole() -> None:
    """What was sealed is unsealed, in a value that a button can hold."""
    value = seal(TICKET, KEYS)
    assert unseal(value, KEYS) == TICKET
    assert len(value) < 500


def test_the_first_key_signs_and_all_verify() -> None:
    """A key can be replaced while buttons of the old one are still about."""
    old, new = KEYS[1], "n" * 32
    assert unseal(seal(TICKET, [old]), [new, old]) == TICKET
    assert unseal(seal(TICKET, [new, old]), [new]) == TICKET
    assert refused(seal(TICKET, [new, old]), (old,))
    assert refused(seal(TICKET, [old]), ())


def test_a_kind_is_not_another() -> None:
    """A value sealed to be shared cannot be made one that confirms."""
    assert refused(seal(replace(TICKET, kind="share"), KEYS).replace("v1.share.", "v1.confirm."))


def test_every_changed_character_is_noticed() -> None:
    """A value with any one character changed is refused."""
    value = seal(TICKET, KEYS)
    for index, character in enumerate(value):
        other = "A" if character != "A" else "B"
        assert refused(value[:index] + other + value[index + 1 :])


@pytest.mark.parametrize(
    "value",
    [
        "",
        ".",
        "v1.confirm..",
        "v2" + seal(TICKET, KEYS)[2:],
        seal(TICKET, KEYS) + "=",
        seal(TICKET, KEYS) + "\n",
        "x" * 3000,
    ],
)
def test_other_forms_are_refused(value: str) -> None:
    """What has not the form of a value, or something added to it, is refused."""
    assert refused(value)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b"{}", b'["l",{},["c"],[1,2],"n",""]', b'["l",{},["c","n","t","h","a"],["x",1],"n",""]'],
)
@pytest.mark.parametrize("pack", [bytes, zlib.compress])
def test_signed_nonsense_is_refused(content: bytes, pack: Callable[[bytes], bytes]) -> None:
    """A payload of another form is refused even when the signature holds."""
    body = "v1.confirm." + (urlsafe_b64encode(pack(content)).decode().rstrip("=") or "A")
    assert refused(f"{body}.{signing.signature(body, 'confirm', KEYS[0])}")


def _incompressible(length: int) -> str:
    digests = (hashlib.sha256(str(number).encode()).hexdigest() for number in range(length // 64 + 1))
    return "".join(digests)[:length]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda text: replace(TICKET, line=text), "the line is too long"),
        (lambda text: replace(TICKET, document=text), "the document is too long"),
    ],
)
def test_long_texts_do_not_fit(make: Callable[[str], Ticket], said: str) -> None:
    """A line or document that does not fit on a button is refused at the asking, not at the press."""
    assert len(seal(make(_incompressible(1000)), KEYS)) <= LONGEST_VALUE
    with pytest.raises(UsageError, match=said) as told:
        seal(make(_incompressible(4000)), KEYS)
    assert told.value.hint


def test_a_document_comes_back() -> None:
    """A document of some thousand ordinary characters fits, and comes back as it was."""
    ticket = replace(TICKET, document="\n".join(f"  - name: container-{number}" for number in range(150)))
    assert unseal(seal(ticket, KEYS), KEYS) == ticket


def test_a_thread_comes_back() -> None:
    """A form's ticket carries the thread that it is answered in."""
    ticket = replace(TICKET, kind="form", thread="1772366700.123456")
    assert unseal(seal(ticket, KEYS), KEYS) == ticket


def test_a_form_carries_more_than_a_button() -> None:
    """A value that is too long for a button is fine in a form, where it is meant for one."""
    ticket = replace(TICKET, kind="form", line=_incompressible(2800))
    value = seal(ticket, KEYS, LONGEST_METADATA)
    assert LONGEST_VALUE < len(value) <= LONGEST_METADATA
    assert unseal(value, KEYS, LONGEST_METADATA) == ticket
    assert refused(value)


def test_what_unpacks_without_end_is_refused() -> None:
    """A signed payload that is small and unpacks to very much is cut, and refused."""
    body = "v1.confirm." + urlsafe_b64encode(zlib.compress(b"[" * 10**6)).decode().rstrip("=")
    assert refused(f"{body}.{signing.signature(body, 'confirm', KEYS[0])}")


def test_the_payload_is_what_the_ticket_says() -> None:
    """Nothing but the ticket's own fields is in the readable part."""
    payload = seal(TICKET, KEYS).split(".")[2]
    packed = zlib.decompress(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    line, pins, where, times, nonce, document = json.loads(packed)
    assert (line, pins, nonce, document) == (TICKET.line, TICKET.pins, TICKET.nonce, "")
    assert where == ["main", "shop", "T0ACME", "C0TEAM", "U024BE7LH"]
    assert times == [1772366700123456, 1772366400123456]


TEXTS = st.text(st.characters(codec="utf-8"), max_size=100)


@given(TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=2), st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001  # the zone is set below
def test_any_line_and_pins_come_back(line: str, pins: dict[str, str], expires: datetime) -> None:
    """Whatever the line, the pins and the time are, they come back as they were."""
    ticket = replace(TICKET, line=line, pins=pins, expires=expires.replace(tzinfo=UTC))
    try:
        value = seal(ticket, KEYS)
    except UsageError:
        return
    assert value.isascii()
    assert unseal(value, KEYS) == ticket


@given(st.text(max_size=300))
def test_no_value_breaks_it(value: str) -> None:
    """Any text that podbot did not sign is refused."""
    assert refused(value)
