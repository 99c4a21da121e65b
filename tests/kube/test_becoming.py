"""Requests made with the token of a tier's ServiceAccount, over a local server, and what comes of them."""

import json as jsons
from dataclasses import replace

import pytest

from bot.core.errors import BadName, Forbidden, NotSetUp, OutcomeUnknown, Unauthenticated, Unreachable
from bot.core.grants import Grant, Identity
from bot.core.names import ContainerName, Namespace, PodName
from bot.core.resources import PODS
from bot.core.wire import Request
from bot.kube.becoming import SignedIn, client_as
from bot.kube.cluster import BoundCluster
from bot.kube.clusters import KubernetesClusters
from bot.kube.network import NetworkTransport
from bot.kube.own import Own
from bot.kube.tokens import LIFE, Tokens
from tests.fakes import FakeClock
from tests.kube.conftest import OWN_USER
from tests.kube.issuing import OPERATOR, VIEWER, Issuer, Told
from tests.kube.servers import TOKEN, Handler, Server, drop, frames, json, status, text

ALICE = Identity("alice@example.com")
POD = PodName("web-1")


@pytest.fixture
def own(transport: NetworkTransport) -> Own:
    """Return the bot in its own namespace."""
    return Own(transport, Namespace("podbot"), FakeClock())


@pytest.fixture
def shop(transport: NetworkTransport, own: Own) -> BoundCluster:
    """Return the namespace “shop” as the viewers' ServiceAccount."""
    clusters = KubernetesClusters("main", transport, OWN_USER, own.tokens)
    return clusters.acting_as(Grant("main", Namespace("shop"), "viewer", VIEWER, frozenset()))


def _issued(value: str, seconds: int = 600) -> Handler:
    return json({"spec": {"expirationSeconds": seconds}, "status": {"token": value}}, 201)


def _came(server: Server) -> list[str]:
    return [request.headers.get("Authorization", "") for request in server.requests]


async def test_a_token_is_asked_for_as_the_bot(server: Server, shop: BoundCluster) -> None:
    """The token request is the bot's own; what follows carries the tier's token, nobody's headers, no second token."""
    server.says(_issued("tier-1"), json({}), json({}))
    await shop.get(PODS, POD)
    await shop.get(PODS, POD)
    path = "/api/v1/namespaces/podbot/serviceaccounts/podbot-tier-viewer/token"
    assert (server.requests[0].method, server.requests[0].path) == ("POST", path)
    assert jsons.loads(server.bodies[0])["spec"] == {"expirationSeconds": LIFE}
    assert _came(server) == [f"Bearer {TOKEN}", "Bearer tier-1", "Bearer tier-1"]
    for request in server.requests:
        assert not any(name.lower().startswith("impersonate-") for name in request.headers)
        assert len(request.headers.getall("Authorization")) == 1


async def test_an_unknown_token_is_renewed_once(server: Server, shop: BoundCluster) -> None:
    """A 401 brings a new token and the request again; a second 401 is told."""
    server.says(_issued("a"), status(401, "Unauthorized"), _issued("b"), json({"metadata": {}}))
    await shop.get(PODS, POD)
    assert _came(server)[1::2] == ["Bearer a", "Bearer b"]
    server.says(status(401, "Unauthorized"), _issued("c"), status(401, "Unauthorized"))
    with pytest.raises(Unauthenticated):
        await shop.get(PODS, POD)


async def test_a_command_by_token(server: Server, shop: BoundCluster) -> None:
    """A websocket is opened with the tier's token, which a 401 renews once as well."""
    end = b'\x03{"status": "Success"}'
    server.says(_issued("a"), status(401, "Unauthorized"), _issued("b"), frames(end))
    done = await shop.execute(POD, ["true"], container=ContainerName("main"), seconds=5, limit=100)
    assert done.code == 0
    assert _came(server) == [f"Bearer {TOKEN}", "Bearer a", f"Bearer {TOKEN}", "Bearer b"]


async def test_a_command_that_is_refused(server: Server, shop: BoundCluster) -> None:
    """A websocket's 403 is no question of the token."""
    server.says(_issued("a"), status(403, "Forbidden", f'User "{VIEWER.user}" cannot'))
    with pytest.raises(Forbidden):
        await shop.execute(POD, ["true"], container=ContainerName("main"), seconds=5, limit=100)


async def test_a_pods_own_401_renews_nothing(server: Server, shop: BoundCluster) -> None:
    """What a pod answers through the proxy can't make podbot ask it twice, nor ask for tokens."""
    server.says(_issued("a"), text("who are you?", 401))
    fetched = await shop.fetch(POD, "/", port=80, seconds=5, limit=100)
    assert fetched.status == 401
    assert len(server.requests) == 2


async def test_whose_403_it_is(server: Server, shop: BoundCluster) -> None:
    """The tier's lack of a right is the person's `Forbidden`, podbot's lack of the token `NotSetUp`."""
    server.says(status(403, "Forbidden", f'serviceaccounts is forbidden: User "{OWN_USER}" cannot create'))
    with pytest.raises(NotSetUp, match="cannot create"):
        await shop.get(PODS, POD)
    server.says(_issued("a"), status(403, "Forbidden", f'pods is forbidden: User "{VIEWER.user}" cannot get'))
    with pytest.raises(Forbidden):
        await shop.get(PODS, POD)


async def test_a_tier_without_an_account(server: Server, shop: BoundCluster) -> None:
    """A ServiceAccount that is not there is a matter of setting up, and named."""
    server.says(status(404, "NotFound", "not found"))
    with pytest.raises(NotSetUp, match="no ServiceAccount podbot-tier-viewer in podbot"):
        await shop.get(PODS, POD)


@pytest.mark.parametrize("answer", [drop, status(500, "InternalError"), json({}, 201), _issued("a b"), _issued("")])
async def test_a_change_for_which_no_token_came(server: Server, shop: BoundCluster, answer: Handler) -> None:
    """It was never sent, and so its outcome is known: nothing happened."""
    server.says(answer)
    with pytest.raises(Unreachable, match=VIEWER.user):
        await shop.delete(PODS, POD, uid="1-2")
    assert len(server.requests) == 1


async def test_a_change_whose_answer_got_lost(server: Server, shop: BoundCluster) -> None:
    """With a token in hand a lost answer is an open question, as ever, and it is not sent again."""
    server.says(_issued("a"), drop)
    with pytest.raises(OutcomeUnknown):
        await shop.delete(PODS, POD, uid="1-2")
    assert len(server.requests) == 2


async def test_no_error_holds_a_token(server: Server, shop: BoundCluster) -> None:
    """Neither the words of an error nor those of its causes do."""
    server.says(_issued("tier-secret"), drop)
    with pytest.raises(OutcomeUnknown) as caught:
        await shop.delete(PODS, POD, uid="1-2")
    error: BaseException | None = caught.value
    while error is not None:
        assert "tier-secret" not in f"{error!r}{error}"
        error = error.__cause__


async def test_never_both(transport: NetworkTransport) -> None:
    """A request that impersonates, or is signed in already, is not sent with an account's token."""
    signed_in = SignedIn(transport, Tokens(Issuer().issue, FakeClock(), Told().tell), VIEWER)
    plain = Request("GET", "/version")
    for header in ("Impersonate-User", "impersonate-group", "Authorization"):
        with pytest.raises(BadName):
            async with signed_in.send(replace(plain, headers=((header, "x"),))):
                pass
        with pytest.raises(BadName):
            async with signed_in.connect(replace(plain, headers=((header, "x"),)), ()):
                pass


async def test_somebody_by_headers_has_the_bots_token(server: Server, transport: NetworkTransport, own: Own) -> None:
    """An identity that is no account is impersonated as before, whether or not there are tokens."""
    server.says(json({}))
    cluster = BoundCluster("main", Namespace("shop"), client_as(transport, ALICE, OWN_USER, own.tokens))
    await cluster.get(PODS, POD)
    assert server.requests[0].headers["Impersonate-User"] == ALICE.user
    assert _came(server) == [f"Bearer {TOKEN}"]


def test_an_account_needs_tokens(transport: NetworkTransport) -> None:
    """Where none are asked for, no client is made at all."""
    with pytest.raises(NotSetUp, match="podbot-tier-viewer"):
        client_as(transport, VIEWER, OWN_USER, None)


def _seen(user: str, *groups: str) -> Handler:
    extra = {"authentication.kubernetes.io/credential-id": ["JTI=1"]}
    return json({"status": {"userInfo": {"username": user, "groups": groups, "extra": extra}}}, 201)


async def test_the_canary_of_a_token(server: Server, own: Own) -> None:
    """An account that comes back as itself, with the groups of its namespace's accounts, is well."""
    server.says(_issued("a"), _seen(VIEWER.user, *VIEWER.groups, "system:authenticated"))
    await own.canary(VIEWER)
    assert _came(server)[1] == "Bearer a"


@pytest.mark.parametrize(
    "answer",
    [
        _seen(OWN_USER, *VIEWER.groups),
        _seen(VIEWER.user),
        _seen(VIEWER.user, *VIEWER.groups, "system:masters"),
        _seen(OPERATOR.user, *VIEWER.groups),
        status(403, "Forbidden", "whatever it says"),
    ],
)
async def test_the_canary_of_a_token_dies(server: Server, own: Own, answer: Handler) -> None:
    """An account that comes back as anything else is not set up."""
    server.says(_issued("a"), answer)
    with pytest.raises(NotSetUp):
        await own.canary(VIEWER)
