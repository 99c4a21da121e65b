"""What a world stands on (workspace, policy, podbot's own RBAC), and how a real or a simulated one is prepared."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import yaml
from click.testing import CliRunner

from bot.app import SystemClock
from bot.cli import main
from bot.core.resources import Json
from bot.demo.chat.server import ChatServer
from bot.demo.chat.workspace import Channel, Workspace, acme
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.transport import SimulatedTransport
from bot.demo.cluster.users import ADMINISTRATOR, service_account
from bot.slack.scopes import OPTIONAL, REQUIRED
from bot.slack.shortcuts import SHORTCUTS
from tests.e2e.world import BOB, LOBBY, ONCALL, QUIET, SHARED, TEAM, Form, World
from tests.real import Administrator, Real, audit_reader, binding, role, rule
from tests.simulated import audit_of

_COLLECTIONS = {
    "ServiceAccount": "/api/v1/namespaces/{namespace}/serviceaccounts",
    "Role": "/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/roles",
    "RoleBinding": "/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/rolebindings",
    "ClusterRole": "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    "ClusterRoleBinding": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
}


def workspace() -> Workspace:
    """Return the usual workspace, and a channel that no grant speaks of."""
    menu = {one.callback: one.name for one in SHORTCUTS}
    usual = acme(REQUIRED | OPTIONAL, menu)  # what the manifest asks for, so that a missing scope fails a test
    usual.add(Channel(LOBBY, "lobby", usual.channel(TEAM).members))
    return usual


def policy(shop: str, payments: str) -> Json:
    """Return the policy of the tests: see `World`."""
    return {
        "team": "T0ACME",
        "ask": "#platform",
        "tiers": {
            "viewer": {"groups": ["podbot:viewers"], "may": ["READ"]},
            "operator": {"groups": ["podbot:operators"], "may": ["READ", "CHANGE", "DANGEROUS"]},
        },
        "people": {BOB: {"user": "bob@example.com", "groups": ["shop-team"]}},
        "grants": [
            {"cluster": "main", "tier": "viewer", "channels": [TEAM, SHARED], "namespaces": [shop]},
            {
                "cluster": "main",
                "tier": "operator",
                "users": [BOB],
                "channels": [ONCALL],
                "namespaces": [shop],
            },
            {
                "cluster": "main",
                "tier": "operator",
                "usergroups": ["S0ONCALL"],
                "channels": [ONCALL, QUIET],
                "namespaces": [shop, payments],
            },
        ],
        "pod_templates": True,
        "default_namespace": {TEAM: shop, ONCALL: shop, SHARED: shop, QUIET: shop},
    }


def policy_for(form: Form, shop: str, payments: str) -> Json:
    """Return the policy as this form can have it: people need the constrained one, and tokens carry no groups."""
    content = policy(shop, payments)
    if form != "constrained":
        del content["people"]
    if form == "tokens":
        content["tiers"] = {name: {"may": tier["may"]} for name, tier in content["tiers"].items()}
    return content


def accounts(home: str, form: Form) -> list[str]:
    """Return the ServiceAccounts, as users, that are podbot's and what it signs in as."""
    tiers = ("podbot-tier-viewer", "podbot-tier-operator") if form == "tokens" else ()
    return [f"system:serviceaccount:{home}:{name}" for name in ("podbot", *tiers)]


def rbac(path: Path, home: str, form: Form, *more: str) -> list[Json]:
    """Return what `podbot rbac` prints."""
    flags = [*([] if form == "constrained" else [f"--{form}"]), *more]
    printed = CliRunner().invoke(main, ["rbac", "--policy", str(path), "--namespace", home, *flags])
    assert printed.exit_code == 0, printed.output
    return list(yaml.safe_load_all(printed.output))


@asynccontextmanager
async def applied(admin: Administrator, objects: Iterable[Json]) -> AsyncIterator[None]:
    """Apply objects as the administrator, in place of what an interrupted run left, and delete them afterwards."""
    paths = []
    for body in objects:
        collection = _COLLECTIONS[body["kind"]].format(namespace=body["metadata"].get("namespace", ""))
        path = f"{collection}/{body['metadata']['name']}"
        await admin.remove(path)
        await admin.make(collection, body)
        paths.append(path)
    try:
        yield
    finally:
        for path in paths:
            await admin.remove(path)


def persons_rights(shop: str) -> list[Json]:
    """Let Bob look at pods in `shop`, and change nothing: less than his tier's policy would let him."""
    rules = [rule(("get", "list"), "", ("pods", "pods/log"))]
    bob = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "bob@example.com"}
    objects = [role("Role", "bob", rules), binding("RoleBinding", "bob", "Role", bob)]
    return [{**one, "metadata": {**one["metadata"], "namespace": shop}} for one in objects]


def environment(folder: Path, chat: ChatServer, home: str, form: Form) -> dict[str, str]:
    """Return podbot's settings in this world, without a way to its cluster."""
    app = chat.workspace.app
    return {
        "SLACK_BOT_TOKEN": app.bot_token,
        "SLACK_APP_TOKEN": app.app_token,
        "SLACK_API_URL": chat.base_url,
        "SIGNING_KEYS": "k" * 40,
        "KUBECONFIG": "",
        "PODBOT_NAMESPACE": home,
        "PODBOT_IDENTITY": "tokens" if form == "tokens" else "impersonation",
        "PODBOT_POLICY": str(folder / "policy.yaml"),
        "PODBOT_DRAIN": "20",
        "PODBOT_CHECK_AT_START": "false",  # its requests would be among those that tests count
    }


def write_policy(folder: Path, content: Json) -> Path:
    """Write a policy file."""
    path = folder / "policy.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


def write_kubeconfig(folder: Path, admins: str, token: str) -> Path:
    """Write a kubeconfig like the administrator's, with another token."""
    config = yaml.safe_load(Path(admins).read_text())
    config["users"] = [{"name": "podbot", "user": {"token": token}}]
    for context in config["contexts"]:
        context["context"]["user"] = "podbot"
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return path


@asynccontextmanager
async def real_world(folder: Path, form: Form) -> AsyncIterator[World]:
    """Prepare the real cluster, and clear up."""
    async with Real.opened() as admin, world_of(admin, folder, form, audit_reader) as world:
        yield world


@asynccontextmanager
async def world_of(
    admin: Real, folder: Path, form: Form, audit: Callable[..., Callable[[], list[Json]]]
) -> AsyncIterator[World]:
    """Prepare a cluster that answers over HTTP, where podbot signs in with a token of its own; `audit` is as below."""
    async with _prepared(admin, folder, form, audit) as world:
        kubeconfig = write_kubeconfig(folder, admin.path, await admin.token(world.home, "podbot"))
        yield replace(world, environment={**world.environment, "KUBECONFIG": str(kubeconfig)})


@asynccontextmanager
async def simulated_world(folder: Path, form: Form) -> AsyncIterator[World]:
    """Prepare a simulated cluster; its time is the real one."""
    simulation = Simulation(SystemClock(), tokens={"administrator": ADMINISTRATOR})
    admin = Administrator(SimulatedTransport(simulation, "administrator"))
    async with _prepared(admin, folder, form, partial(audit_of, simulation)) as world:
        simulation.tokens["podbot"] = service_account(world.home, "podbot")
        yield replace(world, transport=SimulatedTransport(simulation, "podbot"), simulation=simulation)


@asynccontextmanager
async def _prepared(
    admin: Administrator, folder: Path, form: Form, audit: Callable[..., Callable[[], list[Json]]]
) -> AsyncIterator[World]:
    """Prepare a cluster with what `podbot rbac` prints, and clear up; podbot has no way to it yet.

    `audit` returns a reader of what some accounts ask.
    """
    async with (
        admin.namespace("podbot-home") as home,
        admin.namespace("podbot-shop") as shop,
        admin.namespace("podbot-payments") as payments,
    ):
        path = write_policy(folder, policy_for(form, shop, payments))
        async with (
            applied(admin, [*rbac(path, home, form), *persons_rights(shop)]),
            ChatServer(SystemClock(), workspace()) as chat,
        ):
            chosen = environment(folder, chat, home, form)
            yield World(home, shop, payments, form, admin, chat, chosen, audit(*accounts(home, form)))


WORLDS: dict[str, Callable[[Path], AbstractAsyncContextManager[World]]] = {
    "real-constrained": lambda folder: real_world(folder, "constrained"),
    "real-legacy": lambda folder: real_world(folder, "legacy"),
    "simulated-constrained": lambda folder: simulated_world(folder, "constrained"),
    "simulated-legacy": lambda folder: simulated_world(folder, "legacy"),
}

TOKEN_WORLDS: dict[str, Callable[[Path], AbstractAsyncContextManager[World]]] = {
    "real-tokens": lambda folder: real_world(folder, "tokens"),
    "simulated-tokens": lambda folder: simulated_world(folder, "tokens"),
}
"""Where podbot impersonates nobody; not every test runs there, for only who asks is different."""
