"""TLS: client certificates, a server's other name, and the pod's own account with the cluster's authority."""

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from kubernetes.aio.config import incluster_config

from bot.core.errors import Unauthenticated, Unreachable
from bot.kube.credentials import open_transport
from tests.kube.certificates import Certificates
from tests.kube.kubeconfigs import GET, opened, tokens, write
from tests.kube.servers import serving, text


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make certificates for this run."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


async def test_client_certificates(tmp_path: Path, certificates: Certificates) -> None:
    """A client certificate opens a server that asks for one, under the name that the kubeconfig gives the server."""
    user = {"client-certificate": certificates.path("client.crt"), "client-key": certificates.path("client.key")}
    authority = {"certificate-authority": certificates.path("ca.crt")}
    async with serving(certificates.asking("named")) as server:
        server.says(text("ok"))
        named = write(tmp_path, server.url, user, **authority, **{"tls-server-name": "kubernetes.example"})
        async with opened(named) as transport, transport.send(GET) as response:
            assert response.status == 200
    assert "Authorization" not in server.requests[0].headers


async def test_a_server_of_another_name(tmp_path: Path, certificates: Certificates) -> None:
    """A server whose certificate is for another name is not spoken to."""
    authority = {"certificate-authority": certificates.path("ca.crt")}
    async with serving(certificates.plain("named")) as server:
        async with opened(write(tmp_path, server.url, {"token": "secret"}, **authority)) as transport:
            with pytest.raises(Unreachable, match="certificate"):
                await tokens(server, transport, 1)
        assert server.requests == []


async def test_the_pods_own_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certificates: Certificates
) -> None:
    """In a cluster the ServiceAccount's token is used, and used anew when it was rotated."""
    token = tmp_path / "token"
    token.write_text("first")
    now = datetime(2026, 1, 1)  # noqa: DTZ001  # the package's own clock has no zone
    clock = SimpleNamespace(now=lambda: now)
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(token))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", certificates.path("ca.crt"))
    async with serving(certificates.plain("addressed")) as server:
        host, _, port = server.url.removeprefix("https://").partition(":")
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
        monkeypatch.setenv("KUBERNETES_SERVICE_PORT", port)
        monkeypatch.setattr(incluster_config, "datetime", SimpleNamespace(datetime=clock, timedelta=timedelta))
        async with opened(None) as transport:
            token.write_text("second\n")
            assert await tokens(server, transport, 1) == ["bearer first"]
            now += timedelta(minutes=1)
            assert await tokens(server, transport, 2) == ["bearer second"] * 2
            token.unlink()
            now += timedelta(minutes=1)
            with pytest.raises(Unauthenticated):
                await tokens(server, transport, 1)


async def test_no_pod_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of a cluster, its ServiceAccount is told to be missing."""
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(Unauthenticated, match="the pod's ServiceAccount cannot be used: Service host/port is not set"):
        await open_transport(kubeconfig=None)
