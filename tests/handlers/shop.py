"""The namespace shop of a simulated cluster, where a tier has the rights that some verbs say they need."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.core.asks import Member
from bot.core.commands import Change, Command, Context, Read, Scope
from bot.core.parsing import parse
from bot.core.replies import Reply
from bot.core.resources import Json
from bot.demo.cluster.transport import SimulatedTransport
from bot.kube.clusters import KubernetesClusters
from bot.render.plain import plain
from config.templates import Template, load_templates
from handlers import create, delete, describe, events, yaml
from tests.demo.cluster.bench import Bench
from tests.fakes import ask_of, grant_of
from tests.handlers.running import answer

COMMANDS: dict[str, Command[Any, Any]] = {
    command.name: command
    for command in (create.COMMAND, delete.COMMAND, describe.COMMAND, events.COMMAND, yaml.COMMAND)
}
SHIPPED = load_templates(Path(create.__file__).parent.parent / "config" / "templates")
_RBAC = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop"


class Shop(Bench):
    """A bench on which these verbs can be typed."""

    def __init__(self) -> None:
        super().__init__()
        self.templates: dict[str, Template] = dict(SHIPPED)
        self.document = ""
        needs = {access for command in COMMANDS.values() for access in command.needs}
        rules = [
            {"apiGroups": [access.group], "resources": [access.resource], "verbs": [access.verb]} for access in needs
        ]
        tier = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "podbot:operator"}
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "operator"}
        self.create(f"{_RBAC}/roles", {"metadata": {"name": "operator"}, "rules": rules})
        self.create(f"{_RBAC}/rolebindings", {"metadata": {"name": "operator"}, "roleRef": role, "subjects": [tier]})

    def template(self, script: str, **spec: Any) -> None:
        """Add the template "it": one busybox container that runs a script."""
        container = {"name": "app", "image": "busybox:1.35", "command": ["sh", "-c", script]}
        pod: Json = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [container], **spec}}
        self.templates["it"] = Template(name="it", summary="It", pod=pod)

    async def type(self, line: str, meanwhile: Callable[[], Awaitable[None]] | None = None) -> list[str]:
        """Plan and do what a line asks, and return each answer as plain text; `meanwhile` comes between the two."""
        parsed = parse(line, COMMANDS)
        assert isinstance(parsed.command, Change)
        context = self._context(line)
        plan = await parsed.command.plan(context, parsed.asked)
        if meanwhile:
            await meanwhile()
        results = parsed.command.run(context, parsed.asked, plan)
        return [plain(parsed.command.render(result).blocks) async for result in results]

    async def read(self, line: str) -> Reply:
        """Return the answer to a line that only reads."""
        parsed = parse(line, COMMANDS)
        assert isinstance(parsed.command, Read)
        return await answer(parsed.command, self._context(line), parsed.asked)

    def _context(self, line: str) -> Context:
        clusters = KubernetesClusters("main", SimulatedTransport(self.simulation, "root"), "nobody")
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
