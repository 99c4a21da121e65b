"""A bench for messages that follow something: a clock, a channel, claims, and a run that yields what a test gives."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast
from unittest.mock import create_autospec

from bot.audit import Outcome
from bot.core.asks import Ask, MessageRef, Press
from bot.core.commands import Context, Read
from bot.core.errors import ServerFault
from bot.core.parsing import Parsed
from bot.core.ports import Chat, Claims, Clusters
from bot.core.replies import Reply
from bot.following import followed
from bot.parts import Bot, Limits
from bot.render.blocks import preformatted
from config.policy import Policy
from config.reload import PolicyState
from tests.fakes import FakeClock, FakeCluster, context_of
from tests.handlers.samples import Nothing

POLICY = Policy.model_validate({"team": "T0ACME", "ask": "#platform", "tiers": {"viewer": {"may": ["READ"]}}})
MESSAGE = MessageRef("C0TEAM", "1.1")


class Ticking(FakeClock):
    """A clock whose sleepers let others run; after each sleep a test may do something."""

    def __init__(self) -> None:
        super().__init__()
        self.then: Callable[[], None] = lambda: None

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        self.then()
        for _ in range(5):
            await asyncio.sleep(0)


class FakeClaims:
    """Claims in memory; `broken` fails every look."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.looks: list[str] = []
        self.broken = False

    async def claim(self, key: str) -> bool:
        is_first = key not in self.keys
        self.keys.add(key)
        return is_first

    async def is_claimed(self, key: str) -> bool:
        self.looks.append(key)
        if self.broken:
            raise ServerFault("etcd is sad")
        return key in self.keys


@dataclass
class FakeChat:
    """A channel with one message; `errors` are raised by the next edits."""

    shown: list[Reply] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    refuses: Exception | None = None
    removed: list[MessageRef] = field(default_factory=list)

    async def post(self, channel: str, reply: Reply, *, thread: str = "") -> MessageRef:
        assert (channel, thread) == ("C0TEAM", "")
        if self.refuses:
            raise self.refuses
        self.shown.append(reply)
        return MESSAGE

    async def update(self, message: MessageRef, reply: Reply) -> None:
        assert message == MESSAGE
        if self.errors:
            raise self.errors.pop(0)
        self.shown.append(reply)

    async def remove(self, message: MessageRef) -> None:
        self.removed.append(message)


class Bench:
    """A bot with a clock, a channel and claims of the test's own, and a run that yields what the test gives."""

    def __init__(self) -> None:
        self.clock, self.chat, self.claims = Ticking(), FakeChat(), FakeClaims()
        self.given: asyncio.Queue[str | Exception | None] = asyncio.Queue()
        self.closed = False
        self.policy = POLICY
        self.bot = Bot(
            cluster="main",
            commands={},
            chat=cast("Chat", self.chat),
            clusters=create_autospec(Clusters),
            claims=cast("Claims", self.claims),
            clock=self.clock,
            policy=lambda: PolicyState(self.policy),
            templates=dict,
            keys=("k" * 40,),
            limits=Limits(follow=30),
        )

    def give(self, *results: str | Exception | None) -> None:
        """Have the run yield texts, raise an exception, or end (None)."""
        for result in results:
            self.given.put_nowait(result)

    async def run(self, _context: Context, _asked: Nothing) -> AsyncIterator[str]:
        try:
            while (result := await self.given.get()) is not None:
                if isinstance(result, Exception):
                    raise result
                yield result
        finally:
            self.closed = True

    async def follow(self, line: str = "logs web-1 -f") -> Outcome:
        command = Read(name="logs", request=Nothing, run=self.run, render=_render, summary="Logs")
        parsed = Parsed(cast("Any", command), Nothing(), None, everywhere=False, line=line)
        async with asyncio.timeout(10):
            return await followed(self.bot, context_of(FakeCluster(), clock=self.clock), command, parsed)

    def button(self, name: str) -> Ask:
        """Return the asker's press of a button of the message as it was first shown."""
        value = next(one["value"] for one in buttons(self.chat.shown[0]) if one["action_id"] == f"podbot:{name}")
        return replace(context_of(FakeCluster()).ask, press=Press(value, MESSAGE), received=self.clock.now())


def _render(text: str) -> Reply:
    return Reply(text[:100], (preformatted(text),))


def buttons(reply: Reply) -> Sequence[Any]:
    """Return the buttons of a message."""
    found: Sequence[Any] = reply.blocks[-1]["elements"]
    return found


def says(reply: Reply) -> str:
    """Return all that a message says."""
    return str(reply.blocks)
