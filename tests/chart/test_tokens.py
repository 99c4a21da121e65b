"""The chart with `rbac.mode: tokens` on a real cluster, in the order in which it happens: installed, asked, taken away.

The tests share one release, whose bot impersonates nobody.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
import pytest_asyncio

from bot.core.errors import NotSetUp
from bot.core.inspections import Rule
from bot.core.resources import Json
from bot.kube import reviews
from bot.kube.client import Call, Client
from tests.chart.installation import SECRET, Installation, prepared
from tests.contract.sites import pod
from tests.e2e.promise import check_accounts, is_allowed
from tests.e2e.world import ALICE, ONCALL, TEAM, state_of, words
from tests.real import Real, until

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="module")]

PODS: Final = "/api/v1/namespaces/{shop}/pods"
ELSEWHERE: Final = "/api/v1/namespaces/{payments}/pods"
ACCOUNTS: Final = "/api/v1/namespaces/{home}/serviceaccounts"
WHO: Final = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
REVIEW: Final = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
TOKEN: Final = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
DENIED: Final[dict[str, tuple[str, str, Json | None, tuple[tuple[str, str], ...]]]] = {
    "list pods": ("GET", PODS, None, ()),
    "make a pod": ("POST", PODS, pod("mine"), ()),
    "read its Secret": ("GET", f"/api/v1/namespaces/{{home}}/secrets/{SECRET}", None, ()),
    "read other ConfigMaps": ("GET", "/api/v1/namespaces/{home}/configmaps", None, ()),
    "make a ServiceAccount": ("POST", ACCOUNTS, {"metadata": {"name": "podbot-tier-root"}}, ()),
    "get a token of its own": ("POST", f"{ACCOUNTS}/{{home}}/token", TOKEN, ()),
    "get another token": ("POST", f"{ACCOUNTS}/default/token", TOKEN, ()),
    "be a tier's user": ("POST", WHO, REVIEW, (("Impersonate-User", "podbot:viewer"),)),
    "be a tier's account": (
        "POST",
        WHO,
        REVIEW,
        (("Impersonate-User", "system:serviceaccount:{home}:podbot-tier-viewer"),),
    ),
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def podbot() -> AsyncIterator[Installation]:
    """Install the chart with one replica."""
    async with prepared("tokens", {"replicaCount": 1}) as installation:
        await installation.install()
        await installation.connected(1)
        yield installation


async def test_the_doctor_is_content(podbot: Installation) -> None:
    """`podbot check`, run in the pod, gets a token of each tier, and finds nothing to mend and no right too much."""
    said = await podbot.kubectl("exec", f"deployment/{podbot.release}", "-c", "podbot", "--", "podbot", "check")
    assert said.ok, said.out + said.error
    assert "podbot signs in as the tiers' ServiceAccounts and impersonates nobody" in said.out
    assert "own-rights: podbot itself holds what it needs, and nothing beyond" in said.out


async def test_lines_are_answered_as_the_tiers_accounts(podbot: Installation) -> None:
    """A list, a creation and a watch are the tiers' ServiceAccounts' own requests; nobody is impersonated."""
    world = podbot.world
    done = await world.done(await world.say(ALICE, ONCALL, "create single web-1"))
    assert state_of(done) == "done", words(done)
    assert "web-1" in words(await world.say(ALICE, TEAM, "list"))
    assert "Refused" in words(await world.say(ALICE, TEAM, "create single web-2"))
    assert state_of(await world.done(await world.say(ALICE, ONCALL, "watch on -l app=never"))) == "done"
    own, viewer, operator = podbot.accounts

    async def told() -> bool:
        made = {(event["user"]["username"], event["verb"]) for event in world.whole_audit() if _is_about_pods(event)}
        return {(viewer, "list"), (operator, "create"), (operator, "watch")} <= made

    await until(told, "all of it in the audit log")
    check_accounts(world.whole_audit(), own, (viewer, operator))


async def test_the_bots_token_is_good_for_what_the_chart_gave_alone(podbot: Installation) -> None:
    """By the API server's own word podbot may keep claims and watches, and ask for the tiers' tokens; nothing more."""
    world = podbot.world
    async with _as(podbot, podbot.release) as own, _as(podbot, "default") as nobody:
        given = {
            place: {*(await reviews.rules(own, place)).rules} - {*(await reviews.rules(nobody, place)).rules}
            for place in (world.home, world.shop, world.payments, "kube-system")
        }
    assert given.pop(world.home) == {
        _rule("create delete get list", "coordination.k8s.io", "leases"),
        _rule("patch", "coordination.k8s.io", "leases", "podbot-watching"),
        _rule("create", "", "configmaps"),
        _rule("get patch", "", "configmaps", "podbot-watches"),
        _rule("create", "", "serviceaccounts/token", "podbot-tier-operator", "podbot-tier-viewer"),
    }
    assert not any(given.values())


@pytest.mark.parametrize("what", DENIED)
async def test_the_bots_token_is_refused_all_else(podbot: Installation, what: str) -> None:
    """Tried from outside, it reads no pod and no Secret, makes nothing, gets no other token, and is nobody else."""
    method, path, body, headers = DENIED[what]
    places = _places(podbot)
    async with _as(podbot, podbot.release, *((name, whom.format(**places)) for name, whom in headers)) as own:
        with pytest.raises(NotSetUp):
            await own.json(Call(method, path.format(**places), body=body))


async def test_a_tiers_token_is_good_for_what_the_tier_may(podbot: Installation) -> None:
    """What podbot may get reads where the tier is granted, and neither changes anything nor reads elsewhere."""
    places = _places(podbot)
    async with _as(podbot, podbot.release) as own:
        token = await _token(own, podbot.world.home, "podbot-tier-viewer")
    async with _with(podbot, token) as viewer:
        assert (await viewer.json(Call("GET", PODS.format(**places))))["items"]
        for method, path in (("GET", ELSEWHERE), ("POST", PODS)):
            with pytest.raises(NotSetUp):
                await viewer.json(Call(method, path.format(**places), body={} if method == "POST" else None))


async def test_the_mode_can_be_changed_and_changed_back(podbot: Installation) -> None:
    """Upgraded to impersonation, podbot is a tier without an account, and watches on; a rollback brings tokens back."""
    world = podbot.world
    await podbot.upgrade({"rbac": {"mode": "constrained"}})
    await podbot.connected(1)
    assert "podbot:viewer" in words(await world.say(ALICE, TEAM, "whoami"))
    assert "podbot:operator" in words(await world.say(ALICE, ONCALL, "watches"))
    assert not [name for name in await podbot.left() if name.startswith("podbot-tier-")]
    await podbot.helm("rollback", podbot.release, "1", "--wait", "--timeout", "3m")
    await podbot.connected(1)
    assert "podbot-tier-viewer" in words(await world.say(ALICE, TEAM, "whoami"))
    assert "podbot-tier-operator" in words(await world.say(ALICE, ONCALL, "watches"))


async def test_nothing_is_left_when_it_is_taken_away(podbot: Installation) -> None:
    """After `helm uninstall` the tiers' accounts are gone too, with claims and watches; what was created stays."""
    world = podbot.world
    assert {"podbot-watches", "podbot-tier-viewer", "podbot-tier-operator"} <= {*await podbot.left()}
    await podbot.helm("uninstall", podbot.release, "--wait", "--timeout", "3m")

    async def gone() -> bool:
        return not await podbot.left()

    await until(gone, "nothing left", 60)
    assert await world.pod("web-1") is not None


def _places(podbot: Installation) -> dict[str, str]:
    return {"home": podbot.world.home, "shop": podbot.world.shop, "payments": podbot.world.payments}


def _rule(verbs: str, group: str, resource: str, *names: str) -> Rule:
    return Rule(frozenset(verbs.split()), frozenset({group}), frozenset({resource}), frozenset(names))


def _is_about_pods(event: Json) -> bool:
    return event.get("objectRef", {}).get("resource") == "pods" and is_allowed(event)


async def _token(own: Client, home: str, account: str) -> str:
    path = f"/api/v1/namespaces/{home}/serviceaccounts/{account}/token"
    asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 900}}
    return str((await own.json(Call("POST", path, body=asked)))["status"]["token"])


@asynccontextmanager
async def _with(podbot: Installation, token: str, *headers: tuple[str, str]) -> AsyncIterator[Client]:
    """Ask the API server with a token, from outside the cluster."""
    admin = podbot.world.admin
    assert isinstance(admin, Real)
    transport = await admin.transport(token)
    try:
        yield Client(transport, headers, "")
    finally:
        await transport.close()


@asynccontextmanager
async def _as(podbot: Installation, account: str, *headers: tuple[str, str]) -> AsyncIterator[Client]:
    """Ask as a ServiceAccount of the release's namespace."""
    token = await podbot.world.admin.token(podbot.world.home, account)
    async with _with(podbot, token, *headers) as client:
        yield client
