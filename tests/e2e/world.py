"""A world to ask things in: a workspace, a cluster that podbot's own RBAC was applied to, and podbot between them."""

import base64
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from bot.app import App
from bot.core.errors import NotFound
from bot.core.names import Namespace
from bot.core.resources import Json
from bot.demo.chat.deliveries import Delivery
from bot.demo.chat.messages import Message
from bot.demo.chat.server import ChatServer
from bot.demo.chat.views import View
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.transport import SimulatedTransport
from config.settings import load_settings
from tests.contract.sites import pod
from tests.e2e.promise import asked_for
from tests.real import Administrator, until

Form = Literal["constrained", "legacy", "tokens"]
ALICE, BOB, GUEST, STRANGER = "U0ALICE", "U0BOB", "U0GUEST", "U0STRANGER"
TEAM, ONCALL, SHARED, QUIET, LOBBY = "C0TEAM", "C0ONCALL", "C0SHARED", "C0QUIET", "C0LOBBY"
ENDED = frozenset({"done", "refused", "failed", "unknown"})


@dataclass(slots=True)
class World:
    """Alice is on call (operator in `shop` and `payments`), everyone in C0TEAM may read, Bob is bob@example.com."""

    home: Namespace
    shop: Namespace
    payments: Namespace
    form: Form
    admin: Administrator
    chat: ChatServer
    environment: Mapping[str, str]
    whole_audit: Callable[[], list[Json]]
    """What the bot's account, and its tiers' where they have one, have asked of the API server, by its own log."""
    transport: SimulatedTransport | None = None
    simulation: Simulation | None = None
    mentioned: Delivery | None = None
    """The last mention, as Slack delivered it."""

    def audit(self) -> list[Json]:
        """Return what the bot has asked of the API server so far because somebody asked for it."""
        return asked_for(self.whole_audit())

    async def say(self, user: str, channel: str, line: str) -> Message:
        """Type `/pod line` and return the first message that it brings."""
        before = self._seen(user, channel)
        delivery = await self.chat.driver.slash(user, channel, line)
        assert delivery.acknowledged, f"/pod {line} was not acknowledged: {delivery.outcome}"
        return await self._first_new(user, channel, before)

    async def mention(self, user: str, channel: str, line: str, thread: str = "") -> Message:
        """Mention podbot and return its first answer."""
        before = self._seen(user, channel)
        self.mentioned = await self.chat.driver.mention(user, channel, line, thread)
        return await self._first_new(user, channel, before)

    async def press(self, user: str, message: Message, action: str) -> Message:
        """Press a button of podbot's and return the first message that is new or changed after it."""
        before = self._seen(user, message.channel)
        await self.chat.driver.press(user, message, f"podbot:{action}")

        def fresh() -> Message | None:
            seen = self._seen(user, message.channel)
            return next((found for key, found in seen.items() if before.get(key) != found), None)

        return await self.until(fresh)

    async def view(self, user: str, line: str = "", channel: str = ONCALL, *, says: str = "") -> View:
        """Type a line, if any, and return the form that the user then sees, once it says this."""
        if line:
            assert (await self.chat.driver.slash(user, channel, line)).acknowledged

        def ready() -> View | None:
            view = self.chat.driver.view(user)
            return view if view and "One moment" not in said(view) and says in said(view) else None

        found = await self.chat.driver.wait_for(ready, 60)
        assert found is not None
        return found

    async def submit(self, user: str, channel: str = ONCALL) -> Message:
        """Send the open form and return the first message that it brings."""
        before = self._seen(user, channel)
        delivery = await self.chat.driver.submit(user)
        assert delivery.acknowledged
        view = self.chat.driver.view(user)
        assert view is None, f"the form is still open: {view}"
        return await self._first_new(user, channel, before)

    async def done(self, message: Message, seconds: float = 90) -> Message:
        """Wait until a change's message says how it ended."""
        return await self.until(lambda: self._at(message, ENDED), seconds)

    async def until(self, predicate: Callable[[], Message | None], seconds: float = 60) -> Message:
        """Wait for a message."""
        found = await self.chat.driver.wait_for(predicate, seconds)
        assert found is not None
        return found

    async def pod(self, name: str, namespace: str = "") -> Json | None:
        """Return a pod as the administrator sees it, or None."""
        try:
            return await self.admin.call("GET", f"/api/v1/namespaces/{namespace or self.shop}/pods/{name}")
        except NotFound:
            return None

    async def make(self, body: Json, namespace: str = "") -> None:
        """Create a pod as the administrator."""
        await self.admin.make(f"/api/v1/namespaces/{namespace or self.shop}/pods", body)

    async def print(self, name: str, said: bytes) -> None:
        """Make a pod that has printed these bytes."""
        if self.simulation is None:
            await self.make(printing(name, said))
            await self.admin.running(self.shop, name)
            await until(lambda: self._has_printed(name, len(said)), f"all of what {name} prints")
            return
        await self.make(pod(name))
        await self.admin.running(self.shop, name)
        self.simulation.write_log(self.shop, name, "main", said)

    @asynccontextmanager
    async def replica(self, **changed: str) -> AsyncIterator[App]:
        """Run podbot, once more if it runs already, with some settings changed."""
        async with App(load_settings({**self.environment, **changed}), self.transport) as app:
            yield app

    async def _has_printed(self, name: str, size: int) -> bool:
        """Tell whether a pod's log has as many bytes; a container is ready before its first line is in the log."""
        return len(await self.admin.log(self.shop, name)) >= size

    async def _first_new(self, user: str, channel: str, before: Mapping[str, Message]) -> Message:
        def fresh() -> Message | None:
            return next((found for ts, found in self._seen(user, channel).items() if ts not in before), None)

        return await self.until(fresh)

    def _seen(self, user: str, channel: str) -> dict[str, Message]:
        """Return what podbot, or Slack in its place, has said to `user` in a channel, by `ts`."""
        me = self.chat.workspace.app.user
        seen = self.chat.driver.messages(channel, seen_by=user)
        return {message.ts: message for message in seen if message.user == me or message.error}

    def _at(self, message: Message, states: Collection[str]) -> Message | None:
        channel = self.chat.driver.messages(message.channel)
        return next((now for now in channel if now.ts == message.ts and state_of(now) in states), None)


def printing(name: str, said: bytes) -> Json:
    """Return a pod that prints these bytes and stays."""
    encoded = base64.b64encode(said).decode()
    return pod(name, f"echo {encoded} | base64 -d; sleep 3600")


def state_of(message: Message) -> str:
    """Return the state in a change's metadata, or nothing."""
    payload = (message.metadata or {}).get("event_payload", {})
    return str(payload.get("state", ""))


def words(message: Message) -> str:
    """Return all that a reader sees of a message, a line a string."""
    return "\n".join(_strings([message.text, *message.blocks]))


def said(view: View) -> str:
    """Return all that a reader sees of a form."""
    return "\n".join(_strings([view.says["title"], *view.says["blocks"]]))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in {"type", "action_id", "block_id", "value", "style", "column_settings"}:
                yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
