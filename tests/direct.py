"""Lines typed by somebody and run as them, over any transport and without Slack."""

from dataclasses import dataclass
from datetime import timedelta

from bot.app import SystemClock
from bot.core.asks import Ask, Member, Via
from bot.core.commands import Change, Context, Read, Scope
from bot.core.grants import Effect, Grant, Identity
from bot.core.names import Namespace
from bot.core.parsing import Parsed, parse
from bot.core.replies import Reply
from bot.core.wire import Transport
from bot.kube.clusters import KubernetesClusters
from handlers import REGISTRY

ALICE_ON_CALL = Identity(
    "podbot:operator",
    ("podbot:operators",),
    {
        "podbot.io/slack-team": ("T0ACME",),
        "podbot.io/slack-user": ("U0ALICE",),
        "podbot.io/slack-channel": ("C0ONCALL",),
    },
)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever types: an identity with a grant for some namespaces, the first of which is the default."""

    transport: Transport
    identity: Identity
    namespaces: tuple[Namespace, ...]
    own_user: str = ""

    async def read(self, line: str) -> Reply:
        """Return the answer to a line that only reads."""
        parsed = parse(line, REGISTRY)
        assert isinstance(parsed.command, Read)
        results = [result async for result in parsed.command.run(self._context(line, parsed), parsed.asked)]
        return parsed.command.render(results[-1])

    async def change(self, line: str) -> Reply:
        """Plan and do what a line asks, whatever podbot would ask first, and return the last answer."""
        parsed = parse(line, REGISTRY)
        assert isinstance(parsed.command, Change)
        context = self._context(line, parsed)
        plan = await parsed.command.plan(context, parsed.asked)
        results = [result async for result in parsed.command.run(context, parsed.asked, plan)]
        return parsed.command.render(results[-1])

    def _context(self, line: str, parsed: Parsed) -> Context:
        clock = SystemClock()
        chosen = self.namespaces if parsed.everywhere else (parsed.namespace or self.namespaces[0],)
        return Context(
            ask=Ask("r-1", "T0ACME", "U0ALICE", "C0ONCALL", line, Via.SLASH, clock.now()),
            member=Member("U0ALICE", "T0ACME"),
            scopes=tuple(map(self._scope, chosen)),
            clock=clock,
            deadline=clock.now() + timedelta(seconds=60),
            commands=REGISTRY,
            templates={},
        )

    def _scope(self, namespace: Namespace) -> Scope:
        grant = Grant("main", namespace, "operator", self.identity, frozenset(Effect))
        return Scope(grant, KubernetesClusters("main", self.transport, self.own_user).acting_as(grant))
