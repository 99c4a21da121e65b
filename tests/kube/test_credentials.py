"""The bot's own way in by a kubeconfig."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kubernetes.aio.client import Configuration
from pytest_mock import MockerFixture

from bot.core.errors import Unauthenticated, Unreachable
from bot.kube.credentials import Kubeconfig, open_transport
from bot.kube.network import NetworkTransport
from tests.kube.kubeconfigs import API, opened, plugin, tokens, write
from tests.kube.servers import Server


@asynccontextmanager
async def _at(kubeconfig: str, now: Callable[[], datetime]) -> AsyncIterator[NetworkTransport]:
    """Open a transport whose kubeconfig has a clock of the test's."""
    configuration = Configuration()
    await Kubeconfig(kubeconfig, None, configuration, now).load()
    transport = NetworkTransport(configuration)
    try:
        yield transport
    finally:
        await transport.close()


async def test_a_token(server: Server, tmp_path: Path) -> None:
    """A kubeconfig's token is the bot's."""
    async with opened(write(tmp_path, server.url, {"token": "static"})) as transport:
        assert await tokens(server, transport, 2) == ["Bearer static"] * 2


async def test_a_context(server: Server, tmp_path: Path) -> None:
    """Another context than the current one can be named."""
    async with opened(write(tmp_path, server.url, {"token": "static"}), "there") as transport:
        with pytest.raises(Unreachable):
            await tokens(server, transport, 1)


async def test_a_tokens_file_that_changes(server: Server, tmp_path: Path) -> None:
    """A token's file is read again every minute, and its last line's end is no part of the token."""
    file = tmp_path / "token"
    file.write_text("first\n")
    now = datetime(2026, 1, 1, tzinfo=UTC)
    async with _at(write(tmp_path, server.url, {"tokenFile": str(file)}), lambda: now) as transport:
        file.write_text("second\n")
        assert await tokens(server, transport, 1) == ["Bearer first"]
        now += timedelta(minutes=1)
        assert await tokens(server, transport, 2) == ["Bearer second"] * 2
        file.unlink()
        now += timedelta(minutes=1)
        with pytest.raises(Unauthenticated):
            await tokens(server, transport, 1)


@pytest.mark.parametrize("lasts", [timedelta(hours=1), None])
async def test_a_plugins_token_that_lasts(server: Server, tmp_path: Path, lasts: timedelta | None) -> None:
    """A plugin is not run again while its token is young, or where it names no end."""
    async with opened(write(tmp_path, server.url, plugin(tmp_path, lasts=lasts))) as transport:
        assert await tokens(server, transport, 2) == ["Bearer token-1", "Bearer token-1"]


async def test_a_plugins_token_that_expires(server: Server, tmp_path: Path) -> None:
    """A plugin is run again once its token is old, and its failure is told, not hidden by the old token."""
    user = plugin(tmp_path, lasts=timedelta(hours=-1))
    async with opened(write(tmp_path, server.url, user)) as transport:
        assert await tokens(server, transport, 2) == ["Bearer token-2", "Bearer token-3"]
        (tmp_path / "broken").touch()
        with pytest.raises(Unauthenticated, match="gave no credentials"):
            await tokens(server, transport, 1)


async def test_a_plugin_that_fails_while_its_token_holds(server: Server, tmp_path: Path) -> None:
    """A token is renewed at half of its life; where that fails, it serves until its end."""
    now = datetime.now(UTC)
    kubeconfig = write(tmp_path, server.url, plugin(tmp_path, lasts=timedelta(hours=1)))
    async with _at(kubeconfig, lambda: now) as transport:
        now += timedelta(minutes=31)
        assert await tokens(server, transport, 1) == ["Bearer token-2"]
        (tmp_path / "broken").touch()
        now += timedelta(minutes=20)
        assert await tokens(server, transport, 1) == ["Bearer token-2"]
        now += timedelta(minutes=10)
        with pytest.raises(Unauthenticated):
            await tokens(server, transport, 1)


async def test_many_at_once_renew_once(server: Server, tmp_path: Path) -> None:
    """Requests that meet an old token together run the plugin once."""
    now = datetime.now(UTC)
    kubeconfig = write(tmp_path, server.url, plugin(tmp_path, lasts=timedelta(hours=1)))
    async with _at(kubeconfig, lambda: now) as transport:
        now += timedelta(minutes=31)
        await asyncio.gather(*(tokens(server, transport, 1) for _ in range(5)))
    assert {request.headers["Authorization"] for request in server.requests} == {"Bearer token-2"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        ("", "no kubeconfig"),
        ("[", "no kubeconfig"),
        ("just words", "no kubeconfig"),
        ("current-context: here\ncontexts: []\n", "Expected object with name here"),
    ],
)
async def test_a_kubeconfig_that_is_none(tmp_path: Path, content: str | None, message: str) -> None:
    """A kubeconfig that can't be used says its name and what is wrong."""
    path = tmp_path / "config"
    if content is not None:
        path.write_text(content)
    with pytest.raises(Unauthenticated, match=f"the kubeconfig {path} cannot be used: .*{message}"):
        await open_transport(kubeconfig=str(path))


async def test_a_plugin_that_is_not_there(tmp_path: Path) -> None:
    """A plugin that can't be run is named, at once."""
    kubeconfig = write(tmp_path, "http://127.0.0.1:1", {"exec": {"apiVersion": API, "command": "absent-plugin"}})
    with pytest.raises(Unauthenticated, match="plugin absent-plugin gave no credentials"):
        await open_transport(kubeconfig=kubeconfig)


async def test_a_plugin_that_hangs(tmp_path: Path, mocker: MockerFixture) -> None:
    """A plugin that does not end is not waited for without end."""

    async def hang(*_words: object, **_options: object) -> None:
        await asyncio.Event().wait()

    mocker.patch("bot.kube.credentials.package.load_kube_config", hang)
    mocker.patch("bot.kube.credentials._PLUGIN", 0.05)
    with pytest.raises(Unauthenticated, match="took more than"):
        await open_transport(kubeconfig=write(tmp_path, "http://127.0.0.1:1", {}))


async def test_loopback_needs_no_proxy(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment's proxy nor ~/.netrc comes between podbot and a server on this machine."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with opened(write(tmp_path, server.url, {"token": "static"})) as transport:
        assert await tokens(server, transport, 1) == ["Bearer static"]
