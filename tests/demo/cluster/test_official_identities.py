"""The official client, both halves: tokens, impersonation, rights and reviews, over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.app import SystemClock
from bot.core.resources import Json
from bot.demo.cluster.server import ClusterServer
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.users import ADMINISTRATOR
from tests.demo.cluster.official import Half, Official, Refused, official, status

CORE, RBAC = "CoreV1Api", "RbacAuthorizationV1Api"
BOT = "system:serviceaccount:default:bot"
ALICE = {"Impersonate-User": "alice", "Impersonate-Group": "team", "Impersonate-Extra-Podbot.io%2fslack-User": "U1"}


@pytest.fixture
def half(request: pytest.FixtureRequest) -> Half:
    """Return which half of the client is asked."""
    half: Half = request.param
    return half


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """Serve a cluster, with metrics."""
    simulation = Simulation(SystemClock(), tokens={"token": ADMINISTRATOR})
    simulation.metrics = True
    async with ClusterServer(simulation) as server:
        yield server.url


async def whoami(client: Official) -> Any:
    """Return who the server says that the client is."""
    return (await client.call("AuthenticationV1Api", "create_self_subject_review", {})).status.user_info


def binding(name: str, kind: str, subject: Json) -> Json:
    """Bind a ClusterRole of the same name."""
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name}
    return {"metadata": {"name": name}, "roleRef": role, "subjects": [subject]}


async def a_token(admin: Official) -> str:
    """Make the account bot, let it impersonate Alice, and return its token."""
    await admin.call(CORE, "create_namespaced_service_account", "default", {"metadata": {"name": "bot"}})
    rules = [
        {"apiGroups": [""], "resources": ["users"], "verbs": ["impersonate"], "resourceNames": ["alice"]},
        {"apiGroups": [""], "resources": ["groups"], "verbs": ["impersonate"], "resourceNames": ["team"]},
        {
            "apiGroups": ["authentication.k8s.io"],
            "resources": ["userextras/podbot.io/slack-user"],
            "verbs": ["impersonate"],
        },
    ]
    await admin.call(RBAC, "create_cluster_role", {"metadata": {"name": "bot"}, "rules": rules})
    subject = {"kind": "ServiceAccount", "name": "bot", "namespace": "default"}
    await admin.call(RBAC, "create_cluster_role_binding", binding("bot", "ClusterRole", subject))
    request = {"spec": {"audiences": [], "expirationSeconds": 3600}}
    asked = ("create_namespaced_service_account_token", "bot", "default", request)
    told = await admin.call(CORE, *asked)
    assert (told.spec.expiration_seconds, told.status.expiration_timestamp is not None) == (3600, True)
    return str(told.status.token)


@pytest.mark.parametrize("half", ["sync", "aio"], indirect=True)
async def test_a_token_signs_in(url: str, half: Half) -> None:
    """A ServiceAccount's token is that account, with its groups; an unknown one is nobody."""
    async with official(half, url) as admin, official(half, url, await a_token(admin)) as bot:
        who = await whoami(bot)
    assert (who.username, "system:serviceaccounts" in who.groups) == (BOT, True)
    async with official(half, url, "unknown") as nobody:
        with pytest.raises(Refused) as caught:
            await whoami(nobody)
    assert caught.value.body == status(401, "Unauthorized", "Unauthorized")


@pytest.mark.parametrize("half", ["sync", "aio"], indirect=True)
async def test_rights_decide(url: str, half: Half) -> None:
    """A Role gives what it names, an access review says so beforehand, and a refusal names what is missing."""
    async with official(half, url) as admin, official(half, url, "token", {"Impersonate-User": "alice"}) as alice:

        async def may(verb: str) -> bool:
            attributes = {"verb": verb, "resource": "pods", "namespace": "default"}
            body = {"spec": {"resourceAttributes": attributes}}
            asked = ("AuthorizationV1Api", "create_self_subject_access_review", body)
            return bool((await alice.call(*asked)).status.allowed)

        assert not await may("list")
        rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}]
        await admin.call(RBAC, "create_namespaced_role", "default", {"metadata": {"name": "look"}, "rules": rules})
        subject = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "alice"}
        await admin.call(RBAC, "create_namespaced_role_binding", "default", binding("look", "Role", subject))
        assert (await may("list"), await may("delete")) == (True, False)
        assert (await alice.call(CORE, "list_namespaced_pod", "default")).items == []
        with pytest.raises(Refused) as caught:
            await alice.call(CORE, "delete_namespaced_pod", "web", "default")
    assert caught.value.body == status(
        403,
        "Forbidden",
        'pods "web" is forbidden: User "alice" cannot delete resource "pods" in API group ""'
        ' in the namespace "default"',
        name="web",
        kind="pods",
    )


@pytest.mark.parametrize("half", ["sync", "aio"], indirect=True)
async def test_metrics(url: str, half: Half) -> None:
    """Measurements are read by the client's API for kinds that it has no models of."""
    measured = {
        "apiVersion": "metrics.k8s.io/v1beta1",
        "kind": "PodMetrics",
        "metadata": {"name": "web"},
        "containers": [{"name": "main", "usage": {"cpu": "3m", "memory": "9Mi"}}],
    }
    where = ("metrics.k8s.io", "v1beta1", "default", "pods")
    async with official(half, url) as admin:
        await admin.call("CustomObjectsApi", "create_namespaced_custom_object", *where, measured)
        listed = await admin.call("CustomObjectsApi", "list_namespaced_custom_object", *where)
    assert [one["containers"][0]["usage"]["cpu"] for one in listed["items"]] == ["3m"]
