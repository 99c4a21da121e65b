"""The bot's own way in: a kubeconfig's credentials, or the ServiceAccount's that the pod was given."""

import asyncio
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from kubernetes.aio import config as package
from kubernetes.aio.client import Configuration

from bot.core.errors import Unauthenticated
from bot.kube.network import NetworkTransport
from config.proxies import proxy_for

logger = logging.getLogger("podbot.kube")

_PLUGIN = 60  # seconds; the package waits for a plugin for ever
_FILES_LAST = timedelta(minutes=1)  # the package's own interval for the ServiceAccount's token


async def open_transport(*, kubeconfig: str | None, context: str | None = None) -> NetworkTransport:
    """Open the way to the API server of a kubeconfig's context, or of the cluster around this pod where it is None.

    Raises `Unauthenticated` with what is missing. Client certificates are read once, tokens for as long as they last.
    """
    configuration = Configuration()
    try:
        if kubeconfig is None:
            load_in_cluster: Callable[[Configuration], None] = package.load_incluster_config
            load_in_cluster(configuration)
        else:
            await Kubeconfig(kubeconfig, context, configuration).load()
        configuration.proxy = configuration.proxy or proxy_for(configuration.host)
        return NetworkTransport(configuration)
    except (package.ConfigException, OSError, ValueError) as error:
        source = "the pod's ServiceAccount" if kubeconfig is None else f"the kubeconfig {kubeconfig}"
        raise Unauthenticated(f"{source} cannot be used: {error}") from error


class Kubeconfig:
    """A kubeconfig's user, loaded again at half of a plugin's token's life, and every minute for a token's file.

    The package loads once only, logs a plugin's failure instead of raising it, and keeps the old token after it.
    """

    def __init__(
        self,
        path: str,
        context: str | None,
        configuration: Configuration,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._path = path
        self._context = context
        self._configuration = configuration
        self._now = now
        self._due: datetime | None = None
        self._ends: datetime | None = None
        self._lock = asyncio.Lock()

    async def load(self) -> None:
        """Read everything; raises the package's `ConfigException`, `OSError` or `ValueError`."""
        if not _exists(self._path):
            raise package.ConfigException("there is no such file")
        loaded = self._now()
        loader = await self._loader()
        user = loader._user.value if loader._user else {}  # noqa: SLF001  # the loader offers no other way to ask
        has_plugin = "exec" in user
        if has_plugin and not (getattr(loader, "token", "") or getattr(loader, "cert_file", "")):
            raise package.ConfigException(f"its plugin {_command(user)} gave no credentials; the log says why")
        self._ends = getattr(loader, "exec_plugin_expiry", None)
        if self._ends is not None:
            self._due = loaded + (self._ends - loaded) / 2
        elif "tokenFile" in user or "auth-provider" in user:
            self._due = loaded + _FILES_LAST
        hooked: Any = self._configuration  # the package declares its hook as None
        hooked.refresh_api_key_hook = self._refresh

    async def _loader(self) -> Any:
        load: Any = package.load_kube_config
        try:
            async with asyncio.timeout(_PLUGIN):
                return await load(self._path, self._context, self._configuration, persist_config=False)
        except TimeoutError as error:
            raise package.ConfigException(f"its plugin took more than {_PLUGIN} s") from error
        except (yaml.YAMLError, TypeError, AttributeError, KeyError) as error:
            raise package.ConfigException(f"it is no kubeconfig ({type(error).__name__})") from error

    async def _refresh(self, _configuration: Configuration) -> None:
        async with self._lock:
            if self._due is None or self._now() < self._due:
                return
            try:
                await self.load()
            except (package.ConfigException, OSError, ValueError):
                if self._ends is None or self._now() >= self._ends:
                    raise
                logger.warning("the kubeconfig's token could not be renewed; the old one still holds", exc_info=True)


def _exists(paths: str) -> bool:
    return any(Path(path).expanduser().is_file() for path in paths.split(os.pathsep) if path)


def _command(user: dict[str, Any]) -> str:
    return str(user["exec"].get("command", "")) if isinstance(user["exec"], dict) else ""
