"""Who may close a shared triage: the button is anybody's to press, and everything else is as for any change."""

from dataclasses import replace
from typing import Any, cast
from unittest.mock import AsyncMock, create_autospec

import pytest

from bot.audit import Record
from bot.core.asks import Entry, Member, MessageRef, Press, Via, ViewRef
from bot.core.forms import Sheet
from bot.core.ports import Chat, Claims, Clusters
from bot.flow import handle, submitted
from bot.parts import Bot, seal_ticket
from config.policy import Policy
from config.reload import PolicyState
from handlers.resolve import COMMAND
from tests.fakes import FakeClock, FakeCluster, ask_of, context_of

TIERS = {"viewer": {"may": ["READ"]}, "operator": {"may": ["READ", "CHANGE"]}}
GRANT = {"cluster": "main", "channels": ["C0TEAM", "C0OTHER"], "namespaces": ["shop"]}
POLICY = {
    "team": "T0ACME",
    "tiers": TIERS,
    "grants": [{**GRANT, "tier": "operator", "users": ["U0ALICE", "U0BOB"]}, {**GRANT, "tier": "viewer"}],
}
MESSAGE = MessageRef("C0TEAM", "7.1")
LINE = "resolve web-1 --cause 'no such tag' -n shop"


class Room:
    """A bot with one command, what it has told, and its records."""

    def __init__(self) -> None:
        self.policy = Policy.model_validate(POLICY)
        self.records: list[Record] = []
        self.member: dict[str, Any] = {}
        self.chat = create_autospec(Chat)
        self.chat.member.side_effect = lambda user: Member(**{"user": user, "team": "T0ACME", **self.member})
        self.chat.open_form.return_value = ViewRef("V1")
        claims, claimed = create_autospec(Claims), dict[str, object]()
        claims.claim.side_effect = lambda key: claimed.setdefault(key, mine := object()) is mine
        self.bot = Bot(
            cluster="main",
            commands={"resolve": COMMAND},
            chat=self.chat,
            clusters=create_autospec(Clusters),
            claims=claims,
            clock=FakeClock(),
            policy=lambda: PolicyState(self.policy),
            templates=dict,
            keys=("k" * 40,),
            record=self.records.append,
        )
        self.value = seal_ticket(self.bot, context_of(FakeCluster()), LINE, "resolve", {}, 3600)

    async def press(self, user: str = "U0BOB", channel: str = "C0TEAM", value: str = "") -> Sheet | None:
        """Press the button; return the form that is shown, if one is."""
        ask = replace(ask_of(via=Via.BUTTON), user=user, channel=channel, trigger_id="1.1")
        await handle(self.bot, replace(ask, press=Press(value or self.value, MESSAGE)))
        shown = [call.args[1] for call in cast("AsyncMock", self.chat.update_form).call_args_list]
        return next((one for one in shown if isinstance(one, Sheet)), None)

    async def send(self, sheet: Sheet, user: str = "U0BOB") -> None:
        """Send the form with a note."""
        entry = Entry(sheet.value, {"cause": "no such tag", "note": "pushed it"}, {"cause": "c@1", "note": "n@1"})
        ask = replace(ask_of(via=Via.FORM), user=user, channel="", view=ViewRef("V1"), entry=entry, trigger_id="2.1")
        taken = submitted(self.bot, ask)
        if isinstance(taken, type(ask)):
            await handle(self.bot, taken)

    @property
    def ends(self) -> list[tuple[str, str]]:
        """How what was asked has ended."""
        return [(one.outcome, one.detail) for one in self.records]

    @property
    def edited(self) -> bool:
        """Whether the shared message was touched."""
        return bool(self.chat.update.called or self.chat.post.called)


async def test_whoever_may_change_closes_it_once() -> None:
    """Bob closes what Alice has shared; the same button, kept and pressed again, closes nothing more."""
    room = Room()
    sheet = await room.press()
    assert sheet
    await room.send(sheet)
    assert room.ends == [("asked", ""), ("done", "")]
    assert {call.args[0] for call in room.chat.update.call_args_list} == {MESSAGE}
    room.chat.update.reset_mock()
    room.chat.update_form.reset_mock()
    again = await room.press("U0ALICE")
    assert again
    await room.send(again, "U0ALICE")
    await room.send(sheet)
    assert room.ends[2:] == [("asked", ""), ("refused", "ALREADY"), ("dropped", "")]
    assert not room.edited


@pytest.mark.parametrize(
    ("asker", "member", "why"),
    [
        ({"user": "U0VIEWER"}, {}, "EFFECT"),
        ({"channel": "C0OTHER"}, {}, "FORGED"),
        ({}, {"is_guest": True}, "GUEST"),
        ({}, {"team": "T0OTHER"}, "OUTSIDER"),
        ({}, {"is_bot": True}, "BOT"),
        ({"value": "v1.resolve.AAAA." + "A" * 43}, {}, "FORGED"),
    ],
)
async def test_who_may_not(asker: dict[str, str], member: dict[str, Any], why: str) -> None:
    """Without a grant to change, from elsewhere, by an outsider, or with a value of one's own, nothing is closed."""
    room = Room()
    room.member = member
    assert await room.press(**asker) is None
    assert room.ends == [("refused", why)]
    assert not room.edited


@pytest.mark.parametrize(
    ("change", "why"),
    [({"frozen": "a release"}, "FROZEN"), ({"grants": [{**GRANT, "tier": "viewer"}]}, "EFFECT")],
)
async def test_the_policy_counts_when_the_form_is_sent(change: dict[str, Any], why: str) -> None:
    """A form that was opened before a freeze, or before the grant was taken away, closes nothing after it."""
    room = Room()
    sheet = await room.press()
    assert sheet
    room.policy = Policy.model_validate({**POLICY, **change})
    await room.send(sheet)
    assert room.ends == [("asked", ""), ("refused", why)]
    assert not room.edited


async def test_a_form_is_its_openers_own() -> None:
    """Nobody sends a form that another has opened."""
    room = Room()
    sheet = await room.press()
    assert sheet
    await room.send(sheet, "U0ALICE")
    assert room.ends == [("asked", ""), ("refused", "NOT_YOURS")]
    assert not room.edited
