"""The bot as itself."""

import hashlib
import json as jsons
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from bot.core.errors import NotSetUp, OutcomeUnknown
from bot.core.grants import Identity
from bot.core.names import Namespace
from bot.core.resources import Json
from bot.kube.network import NetworkTransport
from bot.kube.own import Own
from tests.kube.servers import Handler, Server, drop, json, status

HOME = "/apis/coordination.k8s.io/v1/namespaces/podbot/leases"
ALICE = Identity("alice", ("g",), {"podbot.io/slack-user": ("U1",)})


class FixedClock:
    """Noon."""

    def now(self) -> datetime:
        return datetime(2026, 1, 1, 12, 0, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError


@pytest.fixture
def own(transport: NetworkTransport) -> Own:
    """Return the bot in its own namespace."""
    return Own(transport, Namespace("podbot"), FixedClock())


def _seen(user: str, groups: Sequence[str], extra: Mapping[str, Sequence[str]]) -> Handler:
    return json({"status": {"userInfo": {"username": user, "groups": groups, "extra": extra}}}, 201)


async def test_a_claim(server: Server, own: Own) -> None:
    """A claim is a Lease named by its key's digest; the first gets it and the second does not."""
    server.says(json({}, 201), status(409, "AlreadyExists"))
    assert [await own.claim("press:../x"), await own.claim("press:../x")] == [True, False]
    lease = jsons.loads(server.bodies[0])
    assert lease["metadata"]["name"] == f"podbot-{hashlib.sha256(b'press:../x').hexdigest()}"
    assert lease["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "podbot"
    assert lease["spec"] == {
        "holderIdentity": "podbot",
        "acquireTime": "2026-01-01T12:00:00.000000Z",
        "leaseDurationSeconds": 2400,
    }
    assert server.requests[0].raw_path == f"{HOME}?fieldValidation=Strict"
    assert not any(name.startswith("Impersonate") for name in server.requests[0].headers)


@pytest.mark.parametrize(
    ("user", "uid", "owners"),
    [
        (
            "system:serviceaccount:podbot:bot",
            "1-2",
            [{"apiVersion": "v1", "kind": "ServiceAccount", "name": "bot", "uid": "1-2"}],
        ),
        ("system:serviceaccount:elsewhere:bot", "1-2", []),
        ("alice@example.com", "", []),
    ],
)
async def test_a_claim_goes_with_the_account(server: Server, own: Own, user: str, uid: str, owners: list[Json]) -> None:
    """A claim belongs to podbot's ServiceAccount where that is in the same namespace, and is taken away with it."""
    server.says(json({"status": {"userInfo": {"username": user, "uid": uid}}}, 201), json({}, 201))
    await own.who()
    await own.claim("press:x")
    assert jsons.loads(server.bodies[1])["metadata"]["ownerReferences"] == owners


async def test_a_claim_that_is_not_known(server: Server, own: Own) -> None:
    """A claim whose answer is lost is neither had nor not had."""
    server.says(drop)
    with pytest.raises(OutcomeUnknown):
        await own.claim("press")


async def test_a_claim_without_the_right(server: Server, own: Own) -> None:
    """A 403 on the bot's own lease is a matter of setting up."""
    server.says(status(403, "Forbidden", "leases is forbidden"))
    with pytest.raises(NotSetUp):
        await own.claim("press")


async def test_old_claims_are_swept(server: Server, own: Own) -> None:
    """Claims older than forty minutes go, bound to their UIDs; what another replica swept first is no error."""
    times = {
        "young": "2026-01-01T11:21:00Z",
        "old": "2026-01-01T11:19:00Z",
        "gone": "2026-01-01T10:00:00Z",
        "again": "2026-01-01T10:00:00Z",
        "timeless": None,
    }
    items = [{"metadata": {"name": name, "uid": f"u-{name}", "creationTimestamp": at}} for name, at in times.items()]
    server.says(json({"items": items}), json({}), status(404, "NotFound"), status(409, "Conflict"))
    assert await own.sweep() == 1
    label = "app.kubernetes.io%2Fmanaged-by%3Dpodbot%2Capp.kubernetes.io%2Fcomponent%3Dclaim"
    assert server.requests[0].raw_path == f"{HOME}?labelSelector={label}&limit=500"
    deleted = [(request.method, request.path.rpartition("/")[2]) for request in server.requests[1:]]
    assert deleted == [("DELETE", "old"), ("DELETE", "gone"), ("DELETE", "again")]
    assert jsons.loads(server.bodies[1])["preconditions"] == {"uid": "u-old"}


async def test_who(server: Server, own: Own) -> None:
    """Asked as itself, nobody is impersonated."""
    server.says(_seen("system:serviceaccount:podbot:podbot", [], {}))
    assert (await own.who()).user == "system:serviceaccount:podbot:podbot"
    assert "Impersonate-User" not in server.requests[0].headers


async def test_the_canary(server: Server, own: Own) -> None:
    """An identity that comes back as it was sent, but for the group that everyone has, is well."""
    server.says(_seen("alice", ["g", "system:authenticated"], {"podbot.io/slack-user": ["U1"]}))
    await own.canary(ALICE)
    assert server.requests[0].headers["Impersonate-User"] == "alice"


@pytest.mark.parametrize(
    "answer",
    [
        _seen("system:serviceaccount:podbot:podbot", ["g"], {"podbot.io/slack-user": ["U1"]}),
        _seen("alice", ["g", "system:masters"], {"podbot.io/slack-user": ["U1"]}),
        _seen("alice", [], {"podbot.io/slack-user": ["U1"]}),
        _seen("alice", ["g"], {}),
        _seen("alice", ["g"], {"podbot.io/slack-user": ["U2"]}),
        status(403, "Forbidden", "whatever it says"),
    ],
)
async def test_the_canary_dies(server: Server, own: Own, answer: Handler) -> None:
    """An identity that comes back as anything else is not set up."""
    server.says(answer)
    with pytest.raises(NotSetUp):
        await own.canary(ALICE)


async def test_the_legacy_verb(server: Server, own: Own) -> None:
    """The bot asks about its own right to impersonate one user."""
    server.says(json({"status": {"allowed": True}}, 201))
    assert await own.holds_legacy("alice")
    asked = jsons.loads(server.bodies[0])["spec"]["resourceAttributes"]
    assert asked == {"verb": "impersonate", "resource": "users", "name": "alice"}
