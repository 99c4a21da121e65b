"""The real cluster for tests: guards, an administrator who prepares and clears up, tokens, and the audit log."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self, TypeVar

import pytest
from kubernetes.aio import config as package
from kubernetes.aio.client import Configuration

from bot.core.errors import NotFound
from bot.core.names import Namespace
from bot.core.resources import Json
from bot.core.wire import Transport
from bot.kube.client import ANY, Call, Client, Query
from bot.kube.credentials import open_transport
from bot.kube.network import NetworkTransport
from config.proxies import is_loopback

Value = TypeVar("Value")


def kubeconfig() -> str:
    """Return KUBECONFIG_TEST; without it skip, or fail where REQUIRE_CLUSTER=1."""
    path = os.environ.get("KUBECONFIG_TEST", "")
    if path:
        return path
    if os.environ.get("REQUIRE_CLUSTER") == "1":
        pytest.fail("REQUIRE_CLUSTER=1, but KUBECONFIG_TEST is not set")
    pytest.skip("KUBECONFIG_TEST is not set")


def audit_log() -> Path:
    """Return the API server's audit log; without one skip, or fail where REQUIRE_CLUSTER=1."""
    path = os.environ.get("PODBOT_TEST_AUDIT_LOG", "")
    if path:
        return Path(path)
    if os.environ.get("REQUIRE_CLUSTER") == "1":
        pytest.fail("REQUIRE_CLUSTER=1, but PODBOT_TEST_AUDIT_LOG is not set")
    pytest.skip("PODBOT_TEST_AUDIT_LOG is not set")


def audit_reader(*accounts: str) -> Callable[[], list[Json]]:
    """Return a reader of what some accounts have asked since now."""
    log = audit_log()
    start = log.stat().st_size
    return lambda: [event for event in audited(log, start) if event["user"]["username"] in accounts]


async def until(ask: Callable[[], Awaitable[Value | None]], what: str, seconds: float = 90) -> Value:
    """Poll `ask` until it gives a value that is true, and return that; fail after `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            while not (value := await ask()):  # noqa: ASYNC110  # a server elsewhere sets no Event of ours
                await asyncio.sleep(0.1)
    except TimeoutError:
        pytest.fail(f"{what}: not within {seconds:.0f} s")
    return value


class Administrator:
    """An administrator of a cluster, real or simulated; the bot under test never uses this."""

    def __init__(self, transport: Transport) -> None:
        self.connection = transport
        self.client = Client(transport, (), "")

    async def call(self, method: str, path: str, body: Json | None = None, query: Query = ()) -> Json:
        """Send anything at all."""
        return await self.client.json(Call(method, path, query, body))

    async def make(self, path: str, *bodies: Json) -> None:
        """Create objects in the collection `path`."""
        for body in bodies:
            await self.call("POST", path, body)

    async def remove(self, path: str) -> None:
        """Delete an object at once, if it is there."""
        try:
            await self.call("DELETE", path, {"gracePeriodSeconds": 0, "propagationPolicy": "Background"})
        except NotFound:
            return

    @asynccontextmanager
    async def namespace(self, prefix: str) -> AsyncIterator[Namespace]:
        """Make a namespace in which pods can start, and take it away with all that is in it."""
        made = await self.call("POST", "/api/v1/namespaces", {"metadata": {"generateName": f"{prefix}-"}})
        name = Namespace(made["metadata"]["name"])
        try:
            account = f"/api/v1/namespaces/{name}/serviceaccounts/default"
            await until(lambda: self._found(account), "the default service account")
            yield name
        finally:
            await self.remove(f"/api/v1/namespaces/{name}")

    async def token(self, namespace: str, account: str) -> str:
        """Return an hour's token of a ServiceAccount."""
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"
        answer = await self.call("POST", path, {"spec": {"expirationSeconds": 3600}})
        return str(answer["status"]["token"])

    async def running(self, namespace: str, pod: str) -> Json:
        """Wait until a pod's containers are ready, and return it."""
        path = f"/api/v1/namespaces/{namespace}/pods/{pod}"

        async def ready() -> Json | None:
            found = await self.call("GET", path)
            conditions = found.get("status", {}).get("conditions") or []
            return found if {"Ready": "True"}.items() <= {c["type"]: c["status"] for c in conditions}.items() else None

        return await until(ready, f"pod {pod} ready")

    async def log(self, namespace: str, pod: str) -> bytes:
        """Return all that a pod's only container has printed."""
        call = Call("GET", f"/api/v1/namespaces/{namespace}/pods/{pod}/log", accept=ANY)
        async with self.client.stream(call) as response:
            return b"".join([chunk async for chunk in response.chunks()])

    async def _found(self, path: str) -> Json | None:
        try:
            return await self.call("GET", path)
        except NotFound:
            return None


class Real(Administrator):
    """The administrator of the real test cluster."""

    def __init__(self, path: str, transport: NetworkTransport) -> None:
        super().__init__(transport)
        self.path = path

    @classmethod
    @asynccontextmanager
    async def opened(cls, path: str = "") -> AsyncIterator[Self]:
        """Connect as a kubeconfig says, KUBECONFIG_TEST's if none is given.

        A server elsewhere is refused unless PODBOT_TEST_ANY_SERVER=1.
        """
        path = path or kubeconfig()
        host, _ = await _server(path)
        if os.environ.get("PODBOT_TEST_ANY_SERVER") != "1" and not is_loopback(host):
            pytest.fail(f"{host} is not on loopback; PODBOT_TEST_ANY_SERVER=1 allows it")
        transport = await open_transport(kubeconfig=path)
        try:
            yield cls(path, transport)
        finally:
            await transport.close()

    async def transport(self, token: str) -> NetworkTransport:
        """Open another way to the same server, with another token."""
        _, configuration = await _server(self.path)
        configuration.api_key = {"BearerToken": f"Bearer {token}"}
        configuration.cert_file = configuration.key_file = None
        return NetworkTransport(configuration)


def rule(verbs: Sequence[str], group: str, resources: Sequence[str], names: Sequence[str] = ()) -> Json:
    """Return one RBAC rule."""
    said = {"verbs": list(verbs), "apiGroups": [group], "resources": list(resources)}
    return {**said, "resourceNames": list(names)} if names else said


def role(kind: str, name: str, rules: Sequence[Json]) -> Json:
    """Return a Role or ClusterRole."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": name},
        "rules": list(rules),
    }


def binding(kind: str, name: str, role_kind: str, subject: Mapping[str, str]) -> Json:
    """Return a binding of the role of the same name to one subject."""
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": role_kind, "name": name}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": name},
        "roleRef": reference,
        "subjects": [dict(subject)],
    }


def audited(log: Path, start: int) -> list[Json]:
    """Return the events written to the audit log after its first `start` bytes; a line still being written waits."""
    with log.open("rb") as file:
        file.seek(start)
        lines = file.read().split(b"\n")[:-1]
    return [json.loads(line) for line in lines if line.strip()]


async def _server(path: str) -> tuple[str, Configuration]:
    configuration = Configuration()
    load: Callable[..., Awaitable[object]] = package.load_kube_config
    await load(path, client_configuration=configuration, persist_config=False)
    return configuration.host, configuration
