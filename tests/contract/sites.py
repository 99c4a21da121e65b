"""A site: a namespace of a cluster where podbot runs as its own ServiceAccount, with the rights that it needs."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.app import SystemClock
from bot.core.grants import Grant, Identity
from bot.core.names import Namespace, PodName
from bot.core.ports import Clock
from bot.core.rbac import OWN
from bot.core.resources import Json
from bot.core.wire import Transport
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.transport import SimulatedTransport
from bot.demo.cluster.users import ADMINISTRATOR
from bot.kube.cluster import BoundCluster
from bot.kube.clusters import KubernetesClusters
from bot.kube.own import Own
from tests.real import Administrator, Real, audit_reader, binding, role, rule
from tests.simulated import audit_of

Form = Literal["constrained", "legacy"]

POD = PodName("web")
GROUPS = ("podbot:contract-operators",)
EXTRAS = {"podbot.io/slack-user": ("U024BE7LH",), "podbot.io/slack-channel": ("C0TEAM",)}

_RBAC = "/apis/rbac.authorization.k8s.io/v1"
_AUTHENTICATION = "authentication.k8s.io"
_READS = ("get", "list", "watch")
_TARGETS = (
    (
        "",
        ("pods", "pods/log", "pods/exec", "pods/proxy", "pods/eviction", "events"),
        (*_READS, "create", "patch", "delete"),
    ),
    (_AUTHENTICATION, ("selfsubjectreviews",), ("create",)),
    ("authorization.k8s.io", ("selfsubjectaccessreviews",), ("create",)),
)


@dataclass(frozen=True, slots=True)
class Site:
    """Podbot at home in `namespace`: an operator who may do all in it, a viewer who may only list pods, and the bot."""

    namespace: Namespace
    form: Form
    admin: Administrator
    transport: Transport
    clusters: KubernetesClusters
    own: Own
    own_user: str
    audit: Callable[[], list[Json]]
    """What the bot's account has asked since the site was prepared, by the server's own log."""
    simulation: Simulation | None = None

    @property
    def operator(self) -> Identity:
        """Whoever may do everything in the namespace."""
        return Identity(f"podbot:{self.namespace}-operator", GROUPS, EXTRAS)

    @property
    def viewer(self) -> Identity:
        """Whoever may list pods and nothing else."""
        return Identity(f"podbot:{self.namespace}-viewer", (), EXTRAS)

    @property
    def nobody(self) -> Identity:
        """Whoever the bot may not impersonate."""
        return Identity(f"podbot:{self.namespace}-nobody", (), EXTRAS)

    def acting_as(self, identity: Identity) -> BoundCluster:
        """Return the namespace, bound to an identity."""
        grant = Grant("main", self.namespace, "any", identity, frozenset())
        return self.clusters.acting_as(grant)

    @property
    def cluster(self) -> BoundCluster:
        """The namespace as the operator."""
        return self.acting_as(self.operator)


async def _rights(admin: Administrator, namespace: str, form: Form) -> None:
    """Give the bot's account its impersonation and its leases, and the two tiers what they may do."""
    account = {"kind": "ServiceAccount", "name": "podbot", "namespace": namespace}
    home = f"{_RBAC}/namespaces/{namespace}"
    await admin.make(f"/api/v1/namespaces/{namespace}/serviceaccounts", {"metadata": {"name": "podbot"}})
    await admin.make(f"{_RBAC}/clusterroles", role("ClusterRole", namespace, _impersonation(namespace, form)))
    await admin.make(f"{_RBAC}/clusterrolebindings", binding("ClusterRoleBinding", namespace, "ClusterRole", account))
    tiers: tuple[tuple[str, list[Json], dict[str, str]], ...] = (
        ("podbot", [dict(one) for one in OWN], account),
        ("operator", [rule(("*",), "", ("*",))], _user(f"podbot:{namespace}-operator")),
        ("viewer", [rule(("list",), "", ("pods",))], _user(f"podbot:{namespace}-viewer")),
    )
    for name, rules, subject in tiers:
        await admin.make(f"{home}/roles", role("Role", name, rules))
        await admin.make(f"{home}/rolebindings", binding("RoleBinding", name, "Role", subject))


def _user(name: str) -> dict[str, str]:
    return {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}


def _impersonation(namespace: str, form: Form) -> list[Json]:
    users = (f"podbot:{namespace}-operator", f"podbot:{namespace}-viewer")
    extras = tuple(f"userextras/{key}" for key in EXTRAS)
    if form == "legacy":
        return [
            rule(("impersonate",), "", ("users",), users),
            rule(("impersonate",), "", ("groups",), GROUPS),
            rule(("impersonate",), _AUTHENTICATION, extras),
        ]
    targets = (
        rule(tuple(f"impersonate-on:user-info:{verb}" for verb in verbs), group, resources)
        for group, resources, verbs in _TARGETS
    )
    return [
        rule(("impersonate:user-info",), _AUTHENTICATION, ("users",), users),
        rule(("impersonate:user-info",), _AUTHENTICATION, ("groups",), GROUPS),
        rule(("impersonate:user-info",), _AUTHENTICATION, extras),
        *targets,
    ]


def pod(name: str, script: str = "sleep 3600", **more: Any) -> Json:
    """Return a pod with one busybox container that runs a shell script and can be ended at once."""
    container = {"name": "main", "image": "busybox:1.35", "command": ["sh", "-c", script]}
    spec = {"terminationGracePeriodSeconds": 0, "containers": [container]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, **more}, "spec": spec}


@asynccontextmanager
async def real_site(form: Form) -> AsyncIterator[Site]:
    """Prepare the real cluster, and clear up."""
    async with Real.opened() as admin, admin.namespace("podbot-contract") as namespace:
        await _rights(admin, namespace, form)
        transport = await admin.transport(await admin.token(namespace, "podbot"))
        try:
            audit = audit_reader(f"system:serviceaccount:{namespace}:podbot")
            yield _site(namespace, form, admin, transport, audit)
        finally:
            await transport.close()
            await admin.remove(f"{_RBAC}/clusterrolebindings/{namespace}")
            await admin.remove(f"{_RBAC}/clusterroles/{namespace}")


def _site(
    namespace: Namespace, form: Form, admin: Administrator, transport: Transport, audit: Callable[[], list[Json]]
) -> Site:
    own_user = f"system:serviceaccount:{namespace}:podbot"
    clusters = KubernetesClusters("main", transport, own_user)
    return Site(namespace, form, admin, transport, clusters, Own(transport, namespace, SystemClock()), own_user, audit)


@asynccontextmanager
async def simulated_site(form: Form, clock: Clock | None = None) -> AsyncIterator[Site]:
    """Prepare a simulated cluster, whose time is the real one unless a clock is given."""
    simulation = Simulation(clock or SystemClock(), tokens={"administrator": ADMINISTRATOR})
    admin = Administrator(SimulatedTransport(simulation, "administrator"))
    async with admin.namespace("podbot-contract") as namespace:
        await _rights(admin, namespace, form)
        token = await admin.token(namespace, "podbot")
        audit = audit_of(simulation, f"system:serviceaccount:{namespace}:podbot")
        simulated = _site(namespace, form, admin, SimulatedTransport(simulation, token), audit)
        yield replace(simulated, simulation=simulation)


SITES: dict[str, Callable[[], AbstractAsyncContextManager[Site]]] = {
    "real-constrained": lambda: real_site("constrained"),
    "real-legacy": lambda: real_site("legacy"),
    "simulated-constrained": lambda: simulated_site("constrained"),
    "simulated-legacy": lambda: simulated_site("legacy"),
}
