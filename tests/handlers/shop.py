"""The namespace shop of a simulated cluster, where a tier has the rights that some verbs say they need."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.asks import Member
from bot.core.commands import Change, Command, Context, Plan, Read, Scope
from bot.core.parsing import parse
from bot.core.replies import Reply
from bot.core.resources import Json
from bot.demo.cluster.faults import Fault
from bot.demo.cluster.transport import SimulatedTransport
from bot.kube.clusters import KubernetesClusters
from bot.render.plain import plain
from config.settings import SHIPPED_TEMPLATES
from config.templates import Template, load_templates
from handlers import REGISTRY
from tests.demo.cluster.bench import PODS, Bench
from tests.fakes import ask_of, grant_of
from tests.handlers.running import answer

COMMANDS: dict[str, Command[Any, Any]] = dict(REGISTRY)
SHIPPED = load_templates(SHIPPED_TEMPLATES)
_RBAC = "/apis/rbac.authorization.k8s.io/v1"


class Shop(Bench):
    """A bench on which these verbs can be typed."""

    def __init__(self) -> None:
        super().__init__()
        self.templates: dict[str, Template] = dict(SHIPPED)
        self.faults: list[Fault] = []
        self.document = ""
        needs = {access for command in COMMANDS.values() for access in command.needs}
        tier = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "podbot:operator"}
        for scope, path, prefix in (("namespace", f"{_RBAC}/namespaces/shop", ""), ("cluster", _RBAC, "Cluster")):
            rules = [
                {"apiGroups": [access.group], "resources": [access.resource], "verbs": [access.verb]}
                for access in needs
                if access.scope == scope
            ]
            role = {"apiGroup": "rbac.authorization.k8s.io", "kind": f"{prefix}Role", "name": "operator"}
            named = {"metadata": {"name": "operator"}}
            self.create(f"{path}/{prefix.lower()}roles", {**named, "rules": rules})
            self.create(f"{path}/{prefix.lower()}rolebindings", {**named, "roleRef": role, "subjects": [tier]})

    def template(self, script: str, **spec: Any) -> None:
        """Add the template "it": one busybox container that runs a script."""
        container = {"name": "app", "image": "busybox:1.35", "command": ["sh", "-c", script]}
        pod: Json = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [container], **spec}}
        self.templates["it"] = Template(name="it", summary="It", pod=pod)

    async def type(self, line: str, meanwhile: Callable[[], Awaitable[None]] | None = None) -> list[str]:
        """Plan and do what a line asks, and return each answer as plain text; `meanwhile` comes between the two."""
        return [plain(reply.blocks) for reply in await self.change(line, meanwhile)]

    async def change(self, line: str, meanwhile: Callable[[], Awaitable[None]] | None = None) -> list[Reply]:
        """Plan and do what a line asks, and return each answer."""
        parsed = parse(line, COMMANDS)
        assert isinstance(parsed.command, Change)
        context = self._context(line)
        plan = await parsed.command.plan(context, parsed.asked)
        if meanwhile:
            await meanwhile()
        results = parsed.command.run(context, parsed.asked, plan)
        return [parsed.command.render(result) async for result in results]

    async def plan(self, line: str) -> Plan:
        """Only plan what a line asks."""
        parsed = parse(line, COMMANDS)
        assert isinstance(parsed.command, Change)
        plan: Plan = await parsed.command.plan(self._context(line), parsed.asked)
        return plan

    async def read(self, line: str) -> Reply:
        """Return the answer to a line that only reads."""
        parsed = parse(line, COMMANDS)
        assert isinstance(parsed.command, Read)
        return await answer(parsed.command, self._context(line), parsed.asked)

    def drop(self, name: str) -> None:
        """Delete a pod at once."""
        assert self.ask("DELETE", f"{PODS}/{name}", {"gracePeriodSeconds": 0}).status == 200

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """Do something once the clock has gone on by so many seconds."""
        due, sleep, left = self.clock.now() + timedelta(seconds=seconds), self.clock.sleep, [act]

        async def slept(seconds: float) -> None:
            await sleep(seconds)
            if left and self.clock.now() >= due:
                left.pop()()

        self.clock.sleep = slept  # type: ignore[method-assign]  # a clock that something happens by

    def _context(self, line: str) -> Context:
        transport = SimulatedTransport(self.simulation, "root")
        transport.faults = self.faults
        clusters = KubernetesClusters("main", transport, "nobody")
        grant = grant_of()
        return Context(
            ask=replace(ask_of(line), received=self.clock.now(), document=self.document),
            member=Member(user="U0ALICE", team="T0ACME"),
            scopes=(Scope(grant, clusters.acting_as(grant)),),
            clock=self.clock,
            deadline=self.clock.now() + timedelta(seconds=60),
            commands=COMMANDS,
            templates=self.templates,
            pod_templates=True,
        )
