"""What podbot does as itself, and nothing else does: claims and records of its own, tokens, questions about itself."""

import asyncio
import hashlib
import secrets
import socket
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.core.ages import http_date, micro_time, moment
from bot.core.errors import AlreadyExists, Conflict, NotFound, NotSetUp, ServerFault, TooSlow, Unreachable
from bot.core.grants import Account, Identity
from bot.core.inspections import Rules, Version
from bot.core.names import Namespace
from bot.core.ports import Clock
from bot.core.reading import mapping, number, text
from bot.core.resources import LEASES, Access, Json, Resource, Who
from bot.core.wire import Transport
from bot.kube import reviews
from bot.kube.becoming import client_as
from bot.kube.client import Call, Client
from bot.kube.cluster import BoundCluster
from bot.kube.holding import Holding
from bot.kube.impersonation import Headers
from bot.kube.paths import item
from bot.kube.records import Records
from bot.kube.tokens import LIFE, Issued, Tokens

ACCOUNTS = Resource("", "v1", "serviceaccounts")

_AS_ITSELF: Headers = ()
_EVERY_403_IS_OURS = ""
_LIFE = timedelta(minutes=40)  # longer than a form can be sent, or a button pressed
_LABELS = {"app.kubernetes.io/managed-by": "podbot", "app.kubernetes.io/component": "claim"}
_IMPERSONATE = Access("impersonate", "users")
_PATIENCE = 10.0  # seconds for a token, which somebody's request waits for


class Own:
    """The bot as itself; every 403 here is `NotSetUp`. It implements `ports.Claims`. `tell` is as in `Tokens`."""

    def __init__(
        self,
        transport: Transport,
        namespace: Namespace,
        clock: Clock,
        tell: Callable[[Sequence[str], str], None] = lambda _secrets, _user: None,
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._client = Client(transport, _AS_ITSELF, _EVERY_403_IS_OURS)
        self._namespace = namespace
        self._home = BoundCluster("", namespace, self._client)
        self._owners: list[Json] = []
        self.tokens = Tokens(self.token, clock, tell)
        self.records = Records(self._home, clock, self._owned_by)

    def holding(self, holder: str = "") -> Holding:
        """Return the lease of whoever watches, for one replica, under a name that no other process has."""
        name = holder or f"{socket.gethostname()}-{secrets.token_hex(4)}"
        return Holding(self._home, self._clock, name, self._owned_by)

    async def claim(self, key: str) -> bool:
        """Whether this call is the first to claim `key`, across replicas; a Lease's creation decides."""
        try:
            await self._home.create(LEASES, _lease(key, self._clock.now(), self._owners))
        except AlreadyExists:
            return False
        return True

    async def is_claimed(self, key: str) -> bool:
        """Whether any replica has claimed `key`, and its claim has not been swept."""
        try:
            await self._home.get(LEASES, _lease_name(key))
        except NotFound:
            return False
        return True

    async def check_claim(self) -> None:
        """Have the API server check whether a claim could be made; none is."""
        now = self._clock.now()
        await self._home.create(LEASES, _lease(f"check:{now.isoformat()}", now, self._owners), dry_run=True)

    async def sweep(self) -> int:
        """Delete claims older than their life, by the API server's times, and return how many."""
        selector = ",".join(f"{key}={value}" for key, value in _LABELS.items())
        listing = await self._home.list(LEASES, selector=selector, limit=5000)
        swept = [await self._release(lease) for lease in listing.items if self._is_old(lease)]
        return sum(swept)

    async def who(self) -> Who:
        """Ask the API server who the bot is; from then on what it makes is taken away with its ServiceAccount."""
        me = await reviews.who(self._client)
        account = me.user.removeprefix(f"system:serviceaccount:{self._namespace}:")
        is_here = me.uid and account != me.user
        self._owners = (
            [{"apiVersion": "v1", "kind": "ServiceAccount", "name": account, "uid": me.uid}] if is_here else []
        )
        return me

    async def version(self) -> str:
        """Return the API server's version, which every known user may read; it is the shortest question there is.

        Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles.
        """
        return (await self.server()).name

    async def server(self) -> Version:
        """Return the API server's version and its own time."""
        told, headers = await self._client.told(Call("GET", "/version"))
        return Version(text(told.get("gitVersion")), http_date(headers.get("date", "")))

    async def may(self, access: Access, *, namespace: str = "", name: str = "") -> bool:
        """Whether the bot itself has a right, in one namespace or (where it is empty) in the whole cluster."""
        return await reviews.allowed(self._client, access, namespace=namespace, name=name)

    async def rules(self, namespace: str) -> Rules:
        """Return the rules that reach the bot itself in a namespace."""
        return await reviews.rules(self._client, namespace)

    async def token(self, account: Account) -> Issued:
        """Ask for a token of a tier's ServiceAccount; what keeps it from coming is told as nothing having been done."""
        path = item(ACCOUNTS, account.namespace, account.name, "token")
        body: Json = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"expirationSeconds": LIFE},
        }
        try:
            async with asyncio.timeout(_PATIENCE):
                return _issued(await self._client.json(Call("POST", path, body=body)))
        except NotFound as error:
            raise NotSetUp(f"there is no ServiceAccount {account.name} in {account.namespace}") from error
        except (TooSlow, ServerFault, TimeoutError) as error:
            raise Unreachable(f"no token of {account.user} came: {str(error) or 'not in time'}") from error

    async def canary(self, identity: Identity | Account) -> None:
        """Raise `NotSetUp` unless the API server takes a request as this identity for exactly its own.

        Impersonation or a token that is silently dropped would make every command the bot's own.
        """
        seen = await reviews.who(client_as(self._transport, identity, _EVERY_403_IS_OURS, self.tokens))
        if _is(identity, seen):
            return
        if isinstance(identity, Account):
            raise NotSetUp(f"a token of {identity.user!r} came out as {seen.user!r} with {sorted(seen.groups)}")
        raise NotSetUp(f"impersonating {identity.user!r} came out as {seen.user!r} with {sorted(seen.groups)}")

    async def holds_legacy(self, user: str) -> bool:
        """Whether the bot may impersonate `user` by the legacy verb, which does not narrow what it may do as them."""
        return await self.may(_IMPERSONATE, name=user)

    def _owned_by(self) -> list[Json]:
        return self._owners

    def _is_old(self, lease: Json) -> bool:
        created = moment(mapping(lease.get("metadata")).get("creationTimestamp"))
        return created is not None and self._clock.now() - created > _LIFE

    async def _release(self, lease: Json) -> bool:
        metadata = mapping(lease.get("metadata"))
        try:
            await self._home.delete(LEASES, text(metadata.get("name")), uid=text(metadata.get("uid")))
        except (NotFound, Conflict):  # another replica swept it
            return False
        return True


def _is(identity: Identity | Account, seen: Who) -> bool:
    """Whether the API server sees this very identity; a token's extras are of the API server's own making."""
    same = seen.user == identity.user and set(seen.groups) - {"system:authenticated"} == set(identity.groups)
    if isinstance(identity, Account):
        return same
    return same and dict(seen.extras) == {key: values for key, values in sorted(identity.extras.items()) if values}


def _issued(answer: Json) -> Issued:
    token = text(mapping(answer.get("status")).get("token"))
    if not (token and token.isascii() and token.isprintable() and " " not in token):
        raise ServerFault("the API server's answer holds no token")
    return Issued(token, number(mapping(answer.get("spec")).get("expirationSeconds")) or LIFE)


def _lease(key: str, now: datetime, owners: list[Json]) -> Json:
    spec = {
        "holderIdentity": "podbot",
        "acquireTime": micro_time(now),
        "leaseDurationSeconds": int(_LIFE.total_seconds()),
    }
    return {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": _lease_name(key), "labels": _LABELS, "ownerReferences": owners},
        "spec": spec,
    }


def _lease_name(key: str) -> str:
    return f"podbot-{hashlib.sha256(key.encode()).hexdigest()}"
