"""What the bot's own ServiceAccount may do, tried from outside with its token."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import pytest
import pytest_asyncio

from bot.core import rbac
from bot.core.errors import ClusterError
from bot.core.grants import Identity
from bot.core.resources import Json
from bot.core.wire import Transport
from bot.kube.client import Call, Client
from bot.kube.impersonation import headers_for
from handlers import COMMANDS
from tests.chart.installation import Installation
from tests.contract.sites import pod
from tests.e2e.ground import applied
from tests.real import Real, binding, role, rule

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="package")]

EXTRAS: Final = {"podbot.io/slack-team": ("T0ACME",), "podbot.io/slack-user": ("U0ALICE",)}
VIEWER: Final = Identity("podbot:viewer", ("podbot:viewers",), EXTRAS)
OPERATOR: Final = Identity("podbot:operator", ("podbot:operators",), EXTRAS)
PERSON: Final = Identity("bob@example.com", ("shop-team",), EXTRAS)
ELSEWHERE: Final = "kube-system"
DONE, REFUSED = (HTTPStatus.OK, HTTPStatus.FORBIDDEN)
DRY: Final = (("dryRun", "All"),)


@dataclass(frozen=True, slots=True)
class Thief:
    """Somebody who has the bot's token, and a way to the API server."""

    transport: Transport
    podbot: Installation

    async def ask(self, method: str, path: str, whom: Identity | None = None, body: Json | None = None) -> int:
        """Ask for something as the bot itself, or as somebody, and return the answer's status; changes nothing."""
        query = () if method == "GET" else DRY
        headers = headers_for(whom) if whom else ()
        try:
            await Client(self.transport, headers, "").json(Call(method, path, query, body))
        except ClusterError as error:
            return error.status or 0
        return DONE

    async def rights(self, namespace: str) -> set[str]:
        """Return what the token is good for in a namespace and in the whole cluster, as verb and resource."""
        review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview"}
        call = Call("POST", REVIEWS, body={**review, "spec": {"namespace": namespace}})
        told = await Client(self.transport, (), "").json(call)
        return {
            f"{verb} {resource}{group and f'.{group}'}{name and f' {name}'}"
            for rule in told["status"]["resourceRules"]
            for group in rule["apiGroups"]
            for resource in rule["resources"]
            for verb in rule["verbs"]
            for name in rule.get("resourceNames") or [""]
        }


REVIEWS: Final = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"


@pytest_asyncio.fixture(loop_scope="package", scope="module")
async def thief(podbot: Installation) -> AsyncIterator[Thief]:
    """Take a token of the bot's account out of the cluster."""
    admin = podbot.world.admin
    assert isinstance(admin, Real)
    transport = await admin.transport(await admin.token(podbot.world.home, podbot.release))
    yield Thief(transport, podbot)
    await transport.close()


async def test_the_bots_rights_are_claims_and_to_become_somebody(thief: Thief) -> None:
    """Of its own the bot has claims and watches at home, what all accounts have, and impersonation by name."""
    world = thief.podbot.world
    everyone = await _everyones(thief.podbot)
    claims = {f"{verb} leases.coordination.k8s.io" for verb in ("create", "delete", "get", "list")}
    watches = {
        "patch leases.coordination.k8s.io podbot-watching",
        "create configmaps",
        "get configmaps podbot-watches",
        "patch configmaps podbot-watches",
    }
    for namespace, wanted in (
        (world.home, everyone | claims | watches),
        (world.shop, everyone),
        (ELSEWHERE, everyone),
    ):
        rights = await thief.rights(namespace)
        assert {right for right in rights if not right.startswith("impersonate")} == wanted
        assert {right for right in rights if right.startswith("impersonate:")} == {
            *(f"impersonate:user-info users.authentication.k8s.io {one.user}" for one in (VIEWER, OPERATOR, PERSON)),
            *(
                f"impersonate:user-info groups.authentication.k8s.io {one.groups[0]}"
                for one in (VIEWER, OPERATOR, PERSON)
            ),
            *(f"impersonate:user-info {one}.authentication.k8s.io" for one in rbac.EXTRAS),
        }
        assert not {right for right in rights if right.startswith("impersonate ")}
    acting = {right for right in await thief.rights(ELSEWHERE) if right.startswith(rbac.ACT)}
    needed = {need for command in COMMANDS for need in command.needs if need.scope == "cluster"}
    assert acting == {f"{rbac.ACT}{access.words}" for access in (*rbac.REVIEWS, *needed)}


async def _everyones(podbot: Installation) -> set[str]:
    """Return the rights of an account that nobody has given any."""
    admin, home = podbot.world.admin, podbot.world.home
    assert isinstance(admin, Real)
    transport = await admin.transport(await admin.token(home, "default"))
    try:
        return await Thief(transport, podbot).rights(home)
    finally:
        await transport.close()


async def test_as_itself_it_is_refused_everything_else(thief: Thief) -> None:
    """The bot itself reads no pod, no Secret, not even its own, and changes nothing, at home or elsewhere."""
    world = thief.podbot.world
    assert await thief.ask("GET", f"/apis/coordination.k8s.io/v1/namespaces/{world.home}/leases") == DONE
    for namespace in (world.home, world.shop, ELSEWHERE):
        for path in _everything(namespace, thief.podbot.release):
            assert await thief.ask("GET", path) == REFUSED, path
        assert await thief.ask("POST", f"/api/v1/namespaces/{namespace}/pods", body=pod("x")) == REFUSED
        assert await thief.ask("DELETE", f"/api/v1/namespaces/{namespace}/pods/web") == REFUSED
        assert await thief.ask("DELETE", f"/api/v1/namespaces/{namespace}/pods") == REFUSED
        assert await thief.ask("DELETE", f"/api/v1/namespaces/{namespace}") == REFUSED
        token = f"/api/v1/namespaces/{namespace}/serviceaccounts/default/token"
        assert await thief.ask("POST", token, body={"spec": {"expirationSeconds": 600}}) == REFUSED
    for path in (
        "/api/v1/nodes",
        "/api/v1/nodes/local/proxy/pods",
        "/api/v1/namespaces",
        "/api/v1/secrets",
        "/api/v1/pods",
    ):
        assert await thief.ask("GET", path) == REFUSED, path
    assert await thief.ask("GET", f"/apis/coordination.k8s.io/v1/namespaces/{world.shop}/leases") == REFUSED


def _everything(namespace: str, release: str) -> list[str]:
    core, apps = f"/api/v1/namespaces/{namespace}", f"/apis/apps/v1/namespaces/{namespace}"
    roles = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/roles"
    names = ("pods", "secrets", "configmaps", "services", "events", "serviceaccounts")
    own = (f"{core}/secrets/podbot-slack", f"{core}/configmaps/{release}-policy", f"{apps}/deployments/{release}")
    return [*(f"{core}/{name}" for name in names), *own, f"{apps}/deployments", roles]


async def test_as_a_viewer_it_reads_and_no_more(thief: Thief) -> None:
    """As the tier that reads it lists pods where that tier is granted; changes and other places are refused."""
    shop, payments = (f"/api/v1/namespaces/{name}" for name in (thief.podbot.world.shop, thief.podbot.world.payments))
    assert await thief.ask("GET", f"{shop}/pods", VIEWER) == DONE
    assert await thief.ask("GET", f"{shop}/events", VIEWER) == DONE
    assert await thief.ask("POST", f"{shop}/pods", VIEWER, pod("x")) == REFUSED
    assert await thief.ask("DELETE", f"{shop}/pods/x", VIEWER) == REFUSED
    for path in (
        f"{payments}/pods",
        f"{shop}/secrets",
        f"{shop}/configmaps",
        "/api/v1/pods",
        f"/api/v1/namespaces/{ELSEWHERE}/pods",
    ):
        assert await thief.ask("GET", path, VIEWER) == REFUSED, path


async def test_as_an_operator_it_changes_pods_and_no_more(thief: Thief) -> None:
    """As the tier that changes it creates and deletes pods where that tier is granted; all else is refused."""
    world = thief.podbot.world
    for namespace in (world.shop, world.payments):
        assert await thief.ask("POST", f"/api/v1/namespaces/{namespace}/pods", OPERATOR, pod("x")) == DONE
        assert await thief.ask("DELETE", f"/api/v1/namespaces/{namespace}/pods/none", OPERATOR) == HTTPStatus.NOT_FOUND
        assert await thief.ask("DELETE", f"/api/v1/namespaces/{namespace}/pods", OPERATOR) == REFUSED
        assert await thief.ask("GET", f"/api/v1/namespaces/{namespace}/secrets", OPERATOR) == REFUSED
        assert await thief.ask("GET", f"/apis/apps/v1/namespaces/{namespace}/deployments", OPERATOR) == REFUSED
    for other in (world.home, ELSEWHERE):
        assert await thief.ask("POST", f"/api/v1/namespaces/{other}/pods", OPERATOR, pod("x")) == REFUSED
        assert await thief.ask("GET", f"/api/v1/namespaces/{other}/pods", OPERATOR) == REFUSED


async def test_as_a_person_it_does_not_get_the_persons_other_rights(thief: Thief) -> None:
    """Whatever else somebody may do in Kubernetes, with the bot's token only what podbot's commands do can be done."""
    world = thief.podbot.world
    bob = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": PERSON.user}
    more = [
        role("Role", "more", [rule(("get", "list"), "", ("secrets", "configmaps"))]),
        binding("RoleBinding", "more", "Role", bob),
    ]
    shop = f"/api/v1/namespaces/{world.shop}"
    async with applied(
        world.admin, [{**one, "metadata": {**one["metadata"], "namespace": world.shop}} for one in more]
    ):
        himself = Client(world.admin.client._transport, headers_for(PERSON), "")
        assert await himself.json(Call("GET", f"{shop}/secrets"))
        assert await thief.ask("GET", f"{shop}/pods", PERSON) == DONE
        for path in (f"{shop}/secrets", f"{shop}/configmaps"):
            assert await thief.ask("GET", path, PERSON) == REFUSED, path


@pytest.mark.parametrize(
    ("user", "groups"),
    [
        ("admin", ()),
        ("admin", ("system:masters",)),
        ("podbot:viewer", ("system:masters",)),
        ("podbot:viewer", ("podbot:operators", "shop-admins")),
        ("podbot:owner", ()),
        ("alice@example.com", ()),
        ("system:serviceaccount:kube-system:default", ()),
        ("system:node:local", ("system:nodes",)),
    ],
)
async def test_it_can_be_nobody_else(thief: Thief, user: str, groups: tuple[str, ...]) -> None:
    """No other user, no other group and none of Kubernetes' own can be acted as, in no place."""
    headers = (("Impersonate-User", user), *(("Impersonate-Group", group) for group in groups))
    for namespace in (thief.podbot.world.shop, thief.podbot.world.home):
        with pytest.raises(ClusterError) as caught:
            await Client(thief.transport, headers, "").json(Call("GET", f"/api/v1/namespaces/{namespace}/pods"))
        assert caught.value.status == REFUSED
