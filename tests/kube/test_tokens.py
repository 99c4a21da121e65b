"""Tokens of the tiers' ServiceAccounts, and requests made with them."""

import asyncio
import json as jsons
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.core.errors import BadName, Forbidden, NotSetUp, OutcomeUnknown, Unauthenticated, Unreachable
from bot.core.grants import Account, Grant, Identity
from bot.core.names import ContainerName, Namespace, PodName
from bot.core.resources import PODS
from bot.core.wire import Request
from bot.kube.becoming import SignedIn, client_as
from bot.kube.cluster import BoundCluster
from bot.kube.clusters import KubernetesClusters
from bot.kube.network import NetworkTransport
from bot.kube.own import Own
from bot.kube.tokens import LIFE, Issued, Tokens
from tests.fakes import FakeClock
from tests.kube.conftest import OWN_USER
from tests.kube.servers import TOKEN, Handler, Server, drop, frames, json, status, text

VIEWER = Account(Namespace("podbot"), "viewer")
OPERATOR = Account(Namespace("podbot"), "operator")
ALICE = Identity("alice@example.com")
POD = PodName("web-1")


@dataclass(slots=True)
class Issuer:
    """Whoever gives tokens, each of `seconds`; an error in `fails` is raised once."""

    seconds: int = 600
    asked: list[Account] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    busy: int = 0
    most: int = 0

    async def issue(self, account: Account) -> Issued:
        self.asked.append(account)
        self.busy += 1
        self.most = max(self.most, self.busy)
        await asyncio.sleep(0)
        self.busy -= 1
        if self.fails:
            raise self.fails.pop(0)
        return Issued(f"t{len(self.asked)}", self.seconds)


@dataclass(slots=True)
class Told:
    """What no log may hold, by whose it is."""

    secrets: dict[str, list[str]] = field(default_factory=dict)

    def tell(self, secrets: Sequence[str], whose: str) -> None:
        self.secrets[whose] = list(secrets)


def _tokens(issuer: Issuer, clock: FakeClock, told: Told | None = None) -> Tokens:
    return Tokens(issuer.issue, clock, (told or Told()).tell)


def _later(clock: FakeClock, seconds: float) -> None:
    clock.time += timedelta(seconds=seconds)


async def test_one_request_at_a_time() -> None:
    """However many need a token at once, it is asked for once; each account has its own."""
    issuer = Issuer()
    tokens = _tokens(issuer, FakeClock())
    assert set(await asyncio.gather(*(tokens.of(VIEWER) for _ in range(20)))) == {"t1"}
    assert await tokens.of(OPERATOR) == "t2"
    assert issuer.asked == [VIEWER, OPERATOR]
    assert issuer.most == 1


async def test_a_token_is_renewed_in_time() -> None:
    """At half of the life that the API server gave, which may be less than was asked for."""
    issuer, clock = Issuer(seconds=700), FakeClock()
    tokens = _tokens(issuer, clock)
    assert await tokens.of(VIEWER) == "t1"
    _later(clock, 349)
    assert await tokens.of(VIEWER) == "t1"
    _later(clock, 1)
    assert await tokens.of(VIEWER) == "t2"


async def test_the_old_token_bridges_a_gap() -> None:
    """Where renewing fails for a while the old token is used to its end, and the API server is not asked each time."""
    issuer, clock = Issuer(), FakeClock()
    tokens = _tokens(issuer, clock)
    await tokens.of(VIEWER)
    issuer.fails = [Unreachable("gone"), Unreachable("gone")]
    _later(clock, 301)
    assert [await tokens.of(VIEWER), await tokens.of(VIEWER)] == ["t1", "t1"]
    assert len(issuer.asked) == 2
    _later(clock, 300)
    with pytest.raises(Unreachable):
        await tokens.of(VIEWER)
    assert await tokens.of(VIEWER) == "t4"


async def test_a_right_that_was_taken_away_counts_at_once() -> None:
    """A refusal of the renewal is no gap: the old token is not used any more."""
    issuer, clock = Issuer(), FakeClock()
    tokens = _tokens(issuer, clock)
    await tokens.of(VIEWER)
    issuer.fails = [NotSetUp("no")]
    _later(clock, 301)
    with pytest.raises(NotSetUp):
        await tokens.of(VIEWER)


async def test_a_token_that_is_not_accepted_is_replaced_once() -> None:
    """Of many who hold the same rejected token only the first asks for another."""
    issuer = Issuer()
    tokens = _tokens(issuer, FakeClock())
    old = await tokens.of(VIEWER)
    assert set(await asyncio.gather(*(tokens.of(VIEWER, instead_of=old) for _ in range(5)))) == {"t2"}
    assert len(issuer.asked) == 2


async def test_no_log_may_hold_a_token() -> None:
    """The newest token and the one before are registered, so that the list does not grow; no repr shows one."""
    issuer, clock, told = Issuer(), FakeClock(), Told()
    tokens = _tokens(issuer, clock, told)
    for _ in range(3):
        await tokens.of(VIEWER)
        _later(clock, 301)
    assert told.secrets == {VIEWER.user: ["t3", "t2"]}
    assert "t1" not in repr(Issued("t1", 600))


def _issued(value: str, seconds: int = 600) -> Handler:
    return json({"spec": {"expirationSeconds": seconds}, "status": {"token": value}}, 201)


@pytest.fixture
def own(transport: NetworkTransport) -> Own:
    """Return the bot in its own namespace."""
    return Own(transport, Namespace("podbot"), FakeClock())


@pytest.fixture
def shop(transport: NetworkTransport, own: Own) -> BoundCluster:
    """Return the namespace “shop” as the viewers' ServiceAccount."""
    clusters = KubernetesClusters("main", transport, OWN_USER, own.tokens)
    return clusters.acting_as(Grant("main", Namespace("shop"), "viewer", VIEWER, frozenset()))


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
