"""A control plane of a test's own: etcd, and API servers that the test may kill, start again and replace.

There is no kubelet and no controller. A pod runs nowhere: it is what its status was set to.
"""

import asyncio
import os
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

import pytest

from bot.core.errors import ClusterError
from bot.core.names import Namespace
from bot.core.resources import Json
from bot.demonstration.ground import write_kubeconfig
from bot.kube.client import ANY, Call
from tests.kube.certificates import Certificates
from tests.programs import free_port, missing
from tests.real import Real, audited, until

_POLICY = """\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: None, users: ["system:apiserver"]}, {level: Metadata}]
"""
_ENDING = 15  # seconds for a server to end by itself


@dataclass(frozen=True, slots=True)
class ApiServer:
    """One API server; `log` is of what it was asked by anybody but itself."""

    process: Process
    port: int
    log: Path

    def audit(self) -> list[Json]:
        """Return the requests that it has answered, as events of `audit.k8s.io/v1`."""
        return audited(self.log, 0) if self.log.exists() else []

    async def kill(self) -> None:
        """End it at once, with every connection in the middle of what it was about."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """Let it end by itself: it closes its watches, and answers what it was asked."""
        self.process.terminate()
        async with asyncio.timeout(_ENDING):
            await self.process.wait()


class Owner(Real):
    """An administrator who does what controllers would."""

    @asynccontextmanager
    async def namespace(self, prefix: str) -> AsyncIterator[Namespace]:
        """Make a namespace in which pods can be made; it goes with the control plane."""
        made = await self.call("POST", "/api/v1/namespaces", {"metadata": {"generateName": f"{prefix}-"}})
        name = Namespace(made["metadata"]["name"])
        await self.make(f"/api/v1/namespaces/{name}/serviceaccounts", {"metadata": {"name": "default"}})
        yield name


@dataclass(slots=True)
class ControlPlane:
    """API servers over one etcd, which take the same credentials; `token` is the administrator's."""

    folder: Path
    token: str = field(default_factory=lambda: token_hex(16))
    numbers: Iterator[int] = field(default_factory=count)
    servers: list[ApiServer] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)

    async def start(self, port: int = 0) -> ApiServer:
        """Start an API server at a port, a free one unless it is given, and wait until it answers.

        Where another one listens there, both get requests until one of them ends.
        """
        at = port or free_port()
        log = self.folder / f"audit-{next(self.numbers)}.log"
        cluster = {"server": f"https://127.0.0.1:{at}", "certificate-authority": str(self.folder / "ca.crt")}
        write_kubeconfig(self._kubeconfig(at), cluster, self.token)
        server = ApiServer(await self._run("kube-apiserver", *self._flags(at, log)), at, log)
        self.servers.append(server)
        await until(lambda: self._answers(server), f"API server at {at}")
        return server

    def administrator(self, server: ApiServer) -> AbstractAsyncContextManager[Owner]:
        """Connect to one of the API servers, or to what listens at its port by now."""
        return Owner.opened(str(self._kubeconfig(server.port)))

    def audit(self) -> list[Json]:
        """Return what any of the API servers was asked."""
        return [event for server in self.servers for event in server.audit()]

    async def begin(self) -> None:
        """Prepare keys and files, and start etcd."""
        await asyncio.to_thread(Certificates, self.folder)
        (self.folder / "tokens.csv").write_text(f'{self.token},administrator,administrator,"system:masters"\n')
        (self.folder / "audit-policy.yaml").write_text(_POLICY)
        client, peer = self._socket("etcd"), self._socket("peer")
        await self._run(
            "etcd",
            *("--data-dir", str(self.folder / "etcd"), "--unsafe-no-fsync", "--log-level", "error"),
            *("--listen-client-urls", client, "--advertise-client-urls", client),
            *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
            *("--initial-cluster", f"default={peer}"),
        )

    async def end(self) -> None:
        """End whatever still runs, the API servers first."""
        for process in reversed(self.processes):
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _run(self, name: str, *words: str) -> Process:
        with self._said(name).open("ab") as said:
            process = await asyncio.create_subprocess_exec(
                _binary(name), *words, stdin=DEVNULL, stdout=said, stderr=STDOUT
            )
        self.processes.append(process)
        return process

    def _kubeconfig(self, port: int) -> Path:
        return self.folder / f"kubeconfig-{port}"

    def _said(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _socket(self, name: str) -> str:
        return f"unix://{self.folder / name}.sock:0"

    def _flags(self, port: int, log: Path) -> tuple[str, ...]:
        return (
            *("--etcd-servers", self._socket("etcd"), "--endpoint-reconciler-type", "none"),
            *("--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--secure-port", str(port)),
            # Where an API server is replaced without a gap, both listen for a moment, and the old one ends its watches.
            *("--permit-port-sharing", "--shutdown-watch-termination-grace-period", "1s"),
            *("--tls-cert-file", str(self.folder / "addressed.crt")),
            *("--tls-private-key-file", str(self.folder / "addressed.key")),
            *("--token-auth-file", str(self.folder / "tokens.csv"), "--authorization-mode", "RBAC"),
            *("--service-account-issuer", "https://kubernetes.default.svc"),
            *("--service-account-key-file", str(self.folder / "client.crt")),
            *("--service-account-signing-key-file", str(self.folder / "client.key")),
            *("--service-cluster-ip-range", "10.96.0.0/24"),
            *("--audit-policy-file", str(self.folder / "audit-policy.yaml"), "--audit-log-path", str(log)),
        )

    async def _answers(self, server: ApiServer) -> bool:
        """Ask over a new connection; its own log tells whether it was this server that said it is ready."""
        if server.process.returncode is not None:
            pytest.fail(f"an API server ended at once: {self._said('kube-apiserver').read_text()[-2000:]}")
        async with self.administrator(server) as admin:
            try:
                async with admin.client.stream(Call("GET", "/readyz", accept=ANY)):
                    pass
            except ClusterError:
                return False
        ready = [one["responseStatus"]["code"] for one in server.audit() if one["requestURI"] == "/readyz"]
        return 200 in ready


def _binary(name: str) -> str:
    """Return the path of a server's program; without it skip, or fail where REQUIRE_CLUSTER=1."""
    folder = os.environ.get("KUBEBUILDER_ASSETS") or missing("KUBEBUILDER_ASSETS is not set")
    path = Path(folder) / name
    return str(path) if path.exists() else missing(f"{path} is not there")


@asynccontextmanager
async def control_plane() -> AsyncIterator[ControlPlane]:
    """Give a control plane without an API server; all its processes are ended, whatever happens."""
    for name in ("etcd", "kube-apiserver"):
        _binary(name)
    with TemporaryDirectory(prefix="podbot-plane-") as folder:
        plane = ControlPlane(Path(folder))
        try:
            await plane.begin()
            yield plane
        finally:
            await plane.end()
