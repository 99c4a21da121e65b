"""A simulated cluster, a channel, and replicas that watch; time passes when a test says so."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast
from unittest.mock import patch

from bot.core.asks import Ask, Member, MessageRef, ViewRef
from bot.core.errors import ChatError
from bot.core.forms import Sheet
from bot.core.names import Namespace
from bot.core.ports import Chat
from bot.core.rbac import objects
from bot.core.replies import Block, Reply
from bot.core.resources import Json
from bot.core.watches import Watch
from bot.core.wire import Request
from bot.demo.cluster.faults import Fault
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.transport import SimulatedTransport
from bot.demo.cluster.users import ADMINISTRATOR, service_account
from bot.kube.clusters import KubernetesClusters
from bot.kube.own import Own
from bot.parts import Bot
from bot.render.plain import plain
from bot.steps.watches import KeptWatches
from bot.watching.desk import Desk
from bot.watching.watcher import Watcher
from config.policy import Policy
from config.reload import PolicyState
from handlers import COMMANDS, REGISTRY
from tests.driven import DrivenClock
from tests.fakes import NOW

KEYS = ("k" * 40,)
ACCOUNT = service_account("bots", "podbot")
POLICY: Json = {
    "team": "T0ACME",
    "tiers": {"operator": {"groups": ["podbot:operators"], "may": ["READ", "CHANGE"]}},
    "grants": [{"cluster": "main", "tier": "operator", "channels": ["C0TEAM"], "namespaces": ["shop"]}],
}
WATCH = Watch("main", "shop", "", "T0ACME", "C0TEAM", "U0ALICE", "operator", NOW)
PODS = "/api/v1/namespaces/shop/pods"


@dataclass
class Posted:
    """A message: what it says now, and every state that it has had."""

    ref: MessageRef
    thread: str
    metadata: Json
    states: list[str]
    raw: str
    """What was sent at first, as Slack gets it."""
    blocks: tuple[Block, ...]
    """What stands there now, with its buttons."""

    @property
    def says(self) -> str:
        return self.states[-1]


@dataclass
class Channel:
    """A channel that keeps what is posted; `plan` may make the next post fail, before or after it is there."""

    clock: DrivenClock
    posted: list[Posted] = field(default_factory=list)
    refuses: list[ChatError] = field(default_factory=list)
    loses: int = 0
    """How many answers to posts get lost."""
    hangs: int = 0
    """How many posts arrive, and are never answered."""
    may_look: bool = True
    looks: int = 0
    whispers: list[tuple[str, str, Reply]] = field(default_factory=list)
    """What was told to whom alone, and in which thread."""
    forms: dict[str, Sheet | Reply] = field(default_factory=dict)

    async def post(self, channel: str, reply: Reply, *, thread: str = "", metadata: Json | None = None) -> MessageRef:
        await asyncio.sleep(0)
        if self.refuses:
            raise self.refuses.pop(0)
        ref = MessageRef(channel, f"{self.clock.now().timestamp():.0f}.{len(self.posted):06d}")
        raw = f"{reply.text}{reply.blocks}"
        self.posted.append(Posted(ref, thread, metadata or {}, [_says(reply)], raw, reply.blocks))
        if self.loses:
            self.loses -= 1
            raise ChatError("no answer from Slack (ServerDisconnectedError)")
        if self.hangs:
            self.hangs -= 1
            await asyncio.get_running_loop().create_future()
        return ref

    async def update(self, message: MessageRef, reply: Reply, *, metadata: Json | None = None) -> None:
        await asyncio.sleep(0)
        found = next((one for one in self.posted if one.ref == message), None)
        if found is None:
            raise ChatError("gone", code="message_not_found")
        found.states.append(_says(reply))
        found.blocks = reply.blocks
        assert not (metadata and found.metadata["event_type"] == "podbot_incident"), "it could not be found again"

    async def find(self, channel: str, event: Json, *, since: datetime, thread: str = "") -> MessageRef | None:
        self.looks += 1
        if not self.may_look:
            raise ChatError("no", code="missing_scope")
        assert since <= self.clock.now()
        there = [one for one in self.posted if (one.ref.channel, one.thread, one.metadata) == (channel, thread, event)]
        return there[0].ref if there else None

    async def member(self, user: str) -> Member:
        return Member(user, "T0ACME")

    async def usergroup(self, _: str) -> frozenset[str]:
        return frozenset()

    async def whisper(self, ask: Ask, reply: Reply) -> None:
        self.whispers.append((ask.user, ask.thread, reply))

    async def open_form(self, trigger_id: str) -> ViewRef:
        return ViewRef(trigger_id)

    async def update_form(self, view: ViewRef, content: Sheet | Reply) -> None:
        self.forms[view.id] = content

    @property
    def incidents(self) -> list[Posted]:
        """What is in the channel itself."""
        return [one for one in self.posted if not one.thread]

    @property
    def proofs(self) -> list[Posted]:
        """What podbot put into the threads by itself."""
        return [one for one in self.posted if one.thread and one not in self.notes]

    @property
    def notes(self) -> list[Posted]:
        """What people have noted."""
        return [one for one in self.posted if one.metadata.get("event_type") == "podbot_change"]


def _says(reply: Reply) -> str:
    return f"{reply.text}\n{plain(reply.blocks)}"


class OnlyOf(Fault):
    """A fault that only requests as somebody meet."""

    def meets(self, request: Request) -> bool:
        is_impersonated = any(name == "Impersonate-User" for name, _ in request.headers)
        return is_impersonated and Fault.meets(self, request)


class Town:
    """Everything; `replica` runs one more podbot that watches."""

    def __init__(self, policy: Json | None = None) -> None:
        self.clock = DrivenClock()
        self.simulation = Simulation(
            self.clock, tokens={"root": ADMINISTRATOR, "podbot": ACCOUNT}, cpu="64", memory="64Gi"
        )
        self.channel = Channel(self.clock)
        self.transport = SimulatedTransport(self.simulation, "podbot")
        self.replicas: list[Replica] = []
        self.policy = Policy.model_validate(policy or POLICY)
        self.own = Own(self.transport, Namespace("bots"), self.clock)
        self.keys: tuple[str, ...] = KEYS
        self.watches = KeptWatches(self.own.records, KEYS)
        for name in ("bots", "shop"):
            self.ask("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        made = objects(COMMANDS, self.policy, namespace="bots", service_account="podbot", legacy=False)
        self.simulation.apply(*(one for one in made if one["kind"] != "ServiceAccount"))

    def ask(self, method: str, path: str, body: Any = None) -> Json:
        """Ask the cluster as its administrator."""
        content = b"" if body is None else json.dumps(body).encode()
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        headers = (("Authorization", "Bearer root"), ("Content-Type", kind))
        given = self.simulation.respond(Request(method, path, (), headers, content))
        assert given.status < 300, given.body
        return given.json()

    def replica(self, name: str) -> "Replica":
        """Run podbot, as far as it watches, with a way of its own to the cluster."""
        transport = SimulatedTransport(self.simulation, "podbot")
        own = Own(transport, Namespace("bots"), self.clock)
        bot = Bot(
            cluster="main",
            commands=REGISTRY,
            chat=cast("Chat", self.channel),
            clusters=KubernetesClusters("main", transport, ACCOUNT.name),
            claims=own,
            clock=self.clock,
            policy=lambda: PolicyState(self.policy),
            templates=dict,
            keys=self.keys,
        )
        watcher = Watcher(Desk(bot, own.records, own.holding(name)))
        self.replicas.append(Replica(bot, watcher, asyncio.create_task(watcher.run(), name=name), transport))
        return self.replicas[-1]

    def fail(self, fault: Fault) -> None:
        """Have what is planned go wrong for whichever replica meets it first."""
        planned = deepcopy(fault)
        for replica in self.replicas:
            replica.transport.faults.append(planned)

    def breaks(self, name: str, **labels: str) -> None:
        """Make a pod that crashes as soon as it starts."""
        self.pod(name, "exit 3", **labels)

    def pod(self, name: str, script: str = "sleep 360000", image: str = "busybox:1.35", **labels: str) -> None:
        """Make a pod of one container that runs a script."""
        container = {"name": "main", "image": image, "command": ["sh", "-c", script]}
        self.ask("POST", PODS, {"metadata": {"name": name, "labels": labels}, "spec": {"containers": [container]}})

    def drop(self, name: str) -> None:
        """Delete a pod at once."""
        self.ask("DELETE", f"{PODS}/{name}", {"gracePeriodSeconds": 0})

    def deployed(
        self, name: str, script: str, replicas: int, release: str = "5d8f7c9b64", image: str = "busybox:1.35"
    ) -> None:
        """Make a ReplicaSet as a Deployment's controller does."""
        labels = {"app": name, "pod-template-hash": release}
        container = {"name": "main", "image": image, "command": ["sh", "-c", script]}
        template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
        spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
        path = "/apis/apps/v1/namespaces/shop/replicasets"
        self.ask("POST", path, {"metadata": {"name": f"{name}-{release}", "labels": labels}, "spec": spec})

    def scale(self, name: str, replicas: int, release: str = "5d8f7c9b64") -> None:
        """Change how many pods a ReplicaSet has."""
        self.ask(
            "PATCH", f"/apis/apps/v1/namespaces/shop/replicasets/{name}-{release}", {"spec": {"replicas": replicas}}
        )

    async def turn_on(self, **changed: Any) -> None:
        """Watch."""
        await self.watches.add(replace(WATCH, **changed))

    async def until(self, seconds: float, every: float = 1.0) -> None:
        """Let time pass, a second at a time."""
        for _ in range(round(seconds / every)):
            await self.clock.advance(every)

    async def close(self) -> None:
        """Kill whatever still runs."""
        for replica in self.replicas:
            await replica.stop()


@dataclass
class Replica:
    """One podbot."""

    bot: Bot
    watcher: Watcher
    task: asyncio.Task[None]
    transport: SimulatedTransport

    async def kill(self) -> None:
        """End it at once: it lets go of nothing."""
        self.watcher._leave = self.watcher.stop  # type: ignore[method-assign]  # SIGKILL leaves no time to part
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def stop(self) -> None:
        """End it as SIGTERM does."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@asynccontextmanager
async def town(policy: Json | None = None) -> AsyncIterator[Town]:
    """Give a town, and clear up."""
    made = Town(policy)
    with patch.object(asyncio, "to_thread", _at_once):
        try:
            yield made
        finally:
            await made.close()


async def _at_once(work: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Work without a thread: what one takes of real time, a driven clock does not know of."""
    return work(*given, **named)
