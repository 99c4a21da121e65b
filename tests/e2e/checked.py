"""A place to check: a world as it should be, and podbot's own command line as a process over it."""

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from bot.core.resources import Json
from bot.demo.chat.workspace import Channel
from bot.demo.cluster.server import ClusterServer
from bot.demonstration.ground import write_kubeconfig
from tests.e2e.ground import TOKEN_WORLDS, WORLDS, policy_for
from tests.e2e.world import ONCALL, TEAM, World
from tests.real import binding, role

ROOT = Path(__file__).parent.parent.parent
_RBAC = "/apis/rbac.authorization.k8s.io/v1"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, as `--output json` tells it."""

    check: str
    level: str
    kind: str
    says: str
    mend: str


@dataclass(slots=True)
class Site:
    """A world, what podbot is started with there, and its policy, to be changed before a check."""

    world: World
    folder: Path
    environment: dict[str, str]
    policy: Json

    async def check(self, *arguments: str) -> tuple[int, str]:
        """Run `podbot check` as a process; return its exit code and what it printed."""
        self.write()
        outside = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", "check", *arguments),
            env={**outside, **self.environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode in (0, 1), err.decode()
        assert b"Traceback" not in err, err.decode()
        secret = [self.environment[name] for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SIGNING_KEYS")]
        assert not any(one and one in (out + err).decode() for one in secret)
        return process.returncode, out.decode()

    def write(self) -> None:
        """Write the policy as it is now."""
        (self.folder / "policy.yaml").write_text(yaml.safe_dump(self.policy))

    async def findings(self) -> tuple[int, list[Found]]:
        """Run `podbot check --output json`."""
        code, printed = await self.check("--output", "json")
        told: dict[str, Any] = json.loads(printed)
        assert told["ok"] is (code == 0)
        return code, [Found(**one) for one in told["findings"]]

    def channel(self, channel: str, **changed: Any) -> None:
        """Change a channel of the workspace."""
        self.world.chat.workspace.add(replace(self.world.chat.workspace.channel(channel), **changed))

    def app(self, **changed: Any) -> None:
        """Change the app, as an administrator of the workspace does."""
        self.world.chat.workspace.app = replace(self.world.chat.workspace.app, **changed)

    async def rules(self, kind: str, name: str, namespace: str, change: Any) -> None:
        """Put other rules into a role: what `change` makes of those that it has."""
        path = f"{_RBAC}/{f'namespaces/{namespace}/' if namespace else ''}{kind.lower()}s"
        old = await self.world.admin.call("GET", f"{path}/{name}")
        await self.world.admin.remove(f"{path}/{name}")
        made = role(kind, name, change(old["rules"]))
        await self.world.admin.make(path, made)

    async def give(self, name: str, *rules: Json) -> None:
        """Give podbot's own account these rules in the whole cluster."""
        account = {"kind": "ServiceAccount", "name": "podbot", "namespace": self.world.home}
        await self.world.admin.make(f"{_RBAC}/clusterroles", role("ClusterRole", name, rules))
        await self.world.admin.make(
            f"{_RBAC}/clusterrolebindings", binding("ClusterRoleBinding", name, "ClusterRole", account)
        )

    async def take(self, name: str) -> None:
        """Take away again what `give` gave."""
        await self.world.admin.remove(f"{_RBAC}/clusterrolebindings/{name}")
        await self.world.admin.remove(f"{_RBAC}/clusterroles/{name}")


@asynccontextmanager
async def site(name: str, folder: Path) -> AsyncIterator[Site]:
    """Prepare one of the worlds as it should be; the simulated one is served over HTTP."""
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context({**WORLDS, **TOKEN_WORLDS}[name](folder))
        told = {**world.environment, "SIGNING_KEYS": secrets.token_hex(32)}
        if world.simulation is not None:
            server = await stack.enter_async_context(ClusterServer(world.simulation))
            told["KUBECONFIG"] = str(write_kubeconfig(folder / "kubeconfig", {"server": server.url}, "podbot"))
        members = world.chat.workspace.channel(TEAM).members
        world.chat.workspace.add(Channel("C0PLATFORM", "platform", members))
        content = policy_for(world.form, world.shop, world.payments)
        content["grants"][0]["channels"], content["grants"][2]["channels"] = [TEAM], [ONCALL]
        content["default_namespace"] = {TEAM: world.shop, ONCALL: world.shop}
        checked = Site(world, folder, told, content)
        checked.channel(TEAM, private=True)
        yield checked
