"""What podbot does as itself, and nothing else does: claims and records of its own, and questions about itself."""

import hashlib
import secrets
import socket
from datetime import datetime, timedelta

from bot.core.ages import http_date, micro_time, moment
from bot.core.errors import AlreadyExists, Conflict, NotFound, NotSetUp
from bot.core.grants import Identity
from bot.core.inspections import Rules, Version
from bot.core.names import Namespace
from bot.core.ports import Clock
from bot.core.reading import mapping, text
from bot.core.resources import LEASES, Access, Json, Who
from bot.core.wire import Transport
from bot.kube import reviews
from bot.kube.client import Call, Client
from bot.kube.cluster import BoundCluster
from bot.kube.holding import Holding
from bot.kube.impersonation import Headers, headers_for
from bot.kube.records import Records

_AS_ITSELF: Headers = ()
_EVERY_403_IS_OURS = ""
_LIFE = timedelta(minutes=40)  # longer than a form can be sent, or a button pressed
_LABELS = {"app.kubernetes.io/managed-by": "podbot", "app.kubernetes.io/component": "claim"}
_IMPERSONATE = Access("impersonate", "users")


class Own:
    """The bot as itself; every 403 here is `NotSetUp`. It implements `ports.Claims`."""

    def __init__(self, transport: Transport, namespace: Namespace, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self._client = Client(transport, _AS_ITSELF, _EVERY_403_IS_OURS)
        self._namespace = namespace
        self._home = BoundCluster("", namespace, self._client)
        self._owners: list[Json] = []
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

    async def canary(self, identity: Identity) -> None:
        """Raise `NotSetUp` unless the API server takes an impersonated request for exactly this identity's.

        Impersonation that is silently dropped would make every command the bot's own.
        """
        seen = await reviews.who(Client(self._transport, headers_for(identity), _EVERY_403_IS_OURS))
        wanted = {key: values for key, values in sorted(identity.extras.items()) if values}
        same = seen.user == identity.user and dict(seen.extras) == wanted
        if not same or set(seen.groups) - {"system:authenticated"} != set(identity.groups):
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
