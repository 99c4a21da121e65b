"""The line from an Ask to its outcome, where something changes on its way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from threading import Event, get_ident
from typing import Any
from unittest.mock import create_autospec

import pytest

from bot.audit import Record
from bot.core.asks import Member, MessageRef
from bot.core.commands import Change, Command, Context, Plan, Read
from bot.core.ports import Chat, Claims, Clusters
from bot.core.replies import Reply
from bot.flow import handle
from bot.parts import Bot
from config.policy import Policy
from config.reload import PolicyState
from tests.fakes import FakeClock, ask_of
from tests.handlers.samples import Nothing

GRANT = {"cluster": "main", "tier": "operator", "channels": ["C0TEAM"], "namespaces": ["shop"]}
POLICY = {
    "team": "T0ACME",
    "tiers": {"operator": {"may": ["READ", "CHANGE"]}},
    "grants": [GRANT],
    "default_namespace": {"C0TEAM": "shop"},
}
FROZEN = {**POLICY, "frozen": "a release"}
REVOKED = {**POLICY, "grants": [{**GRANT, "users": ["U0BOB"]}]}
GROUPED = {**POLICY, "grants": [{**GRANT, "usergroups": ["S0ONCALL"]}]}


class Room:
    """A bot with a read and a change, whose policy a test edits while one of them is on its way."""

    def __init__(self) -> None:
        self.policy = Policy.model_validate(POLICY)
        self.records: list[Record] = []
        self.runs: list[str] = []
        self.chat = create_autospec(Chat)
        self.chat.member.side_effect = lambda user: Member(user, "T0ACME")
        self.chat.post.return_value = MessageRef("C0TEAM", "7.1")
        look = Read(name="look", request=Nothing, run=self._looked, render=Reply, summary="Look")
        act = Change(name="act", request=Nothing, plan=self._planned, run=self._acted, render=Reply, summary="Act")
        self.commands: dict[str, Command[Any, Any]] = {"look": look, "act": act}
        self.bot = Bot(
            cluster="main",
            commands=self.commands,
            chat=self.chat,
            clusters=create_autospec(Clusters),
            claims=create_autospec(Claims),
            clock=FakeClock(),
            policy=lambda: PolicyState(self.policy),
            templates=dict,
            keys=("k" * 40,),
            record=self.records.append,
        )

    def edits(self, policy: dict[str, Any]) -> Callable[..., Any]:
        """Return what edits the policy, and gives what the call gives that it stands in for."""

        def edit(first: str, *_: object, **__: object) -> Any:
            self.policy = Policy.model_validate(policy)
            return Member(first, "T0ACME") if first.startswith("U") else MessageRef("C0TEAM", "7.1")

        return edit

    async def ask(self, line: str) -> tuple[str, str]:
        """Type a line, and return how that ended."""
        await handle(self.bot, replace(ask_of(line), trigger_id="1.1", key="slash:1.1"))
        return self.records[-1].outcome, self.records[-1].detail

    async def _looked(self, _context: Context, _asked: Nothing) -> AsyncIterator[str]:
        self.runs.append("look")
        yield "seen"

    async def _planned(self, _context: Context, _asked: Nothing) -> Plan:
        return Plan("act")

    async def _acted(self, _context: Context, _asked: Nothing, _plan: Plan) -> AsyncIterator[str]:
        self.runs.append("act")
        yield "acted"


async def test_what_is_granted_is_done() -> None:
    """Where the policy stays as it is, the read is answered and the change is done."""
    room = Room()
    assert [await room.ask("look"), await room.ask("act")] == [("answered", ""), ("done", "")]
    assert room.runs == ["look", "act"]


@pytest.mark.parametrize(
    ("line", "policy", "why"),
    [
        ("act", FROZEN, "FROZEN"),
        ("act", REVOKED, "NO_GRANT"),
        ("look", REVOKED, "NO_GRANT"),
        ("look", GROUPED, "UNKNOWN_MEMBER"),
    ],
)
async def test_the_policy_counts_after_slack_was_asked(line: str, policy: dict[str, Any], why: str) -> None:
    """Slack may take half a minute to say who asks; what the policy has said before that grants nothing any more."""
    room = Room()
    room.chat.member.side_effect = room.edits(policy)
    assert await room.ask(line) == ("refused", why)
    assert room.runs == []


@pytest.mark.parametrize("policy", [FROZEN, REVOKED])
async def test_a_change_begins_under_the_policy_that_granted_it(policy: dict[str, Any]) -> None:
    """Where the policy was changed while a change was announced, nothing is done, and the message says so."""
    room = Room()
    room.chat.post.side_effect = room.edits(policy)
    assert await room.ask("act") == ("refused", "")
    assert room.runs == []
    (told,) = [call.args[1] for call in room.chat.update.call_args_list]
    assert "Refused, nothing was changed" in str(told.blocks)
    assert "The policy was changed" in str(told.blocks)


async def test_a_change_is_rendered_beside_the_loop() -> None:
    """What a pod answers may be long to mask, and others are acknowledged meanwhile."""
    room, threads = Room(), list[int]()

    def render(said: str) -> Reply:
        threads.append(get_ident())
        return Reply(said)

    room.commands["act"] = replace(room.commands["act"], render=render)
    assert await room.ask("act") == ("done", "")
    assert len(threads) == 1
    assert get_ident() not in threads


async def test_what_was_accepted_stays_done_while_it_is_rendered() -> None:
    """Where podbot is stopped between a change and its telling, the change has happened all the same."""
    room, rendering, stopped = Room(), Event(), Event()

    def render(said: str) -> Reply:
        rendering.set()
        stopped.wait(10)
        return Reply(said)

    room.commands["act"] = replace(room.commands["act"], render=render)
    asking = asyncio.create_task(room.ask("act"))
    await asyncio.to_thread(rendering.wait, 10)
    asking.cancel()
    assert await asking == ("done", "")
    stopped.set()
