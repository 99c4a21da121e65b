"""The official client's two halves behind one face: what a test asks of one, it asks of the other."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal

import kubernetes.aio.client
import kubernetes.client
from kubernetes.aio.stream import WsApiClient
from kubernetes.aio.watch import Watch as AioWatch
from kubernetes.stream import stream
from kubernetes.watch import Watch

from bot.core.resources import Json

Half = Literal["sync", "aio"]
_ERRORS = (kubernetes.client.ApiException, kubernetes.aio.client.ApiException)
_EXEC = "connect_get_namespaced_pod_exec"


class Refused(Exception):
    """What the client raised: its status, and the `Status` object in its body."""

    def __init__(self, status: int, body: str | None) -> None:
        super().__init__(body)
        self.status = status
        self.body: Json = json.loads(body or "{}")


class Official:
    """One half of the client, at one server, signed in by a token; what is synchronous runs in threads."""

    def __init__(self, half: Half, url: str, token: str, headers: Mapping[str, str]) -> None:
        self.half = half
        self._module: Any = kubernetes.client if half == "sync" else kubernetes.aio.client
        self._client = self._prepared(self._module.ApiClient, url, token, headers)
        self._sockets = self._client if half == "sync" else self._prepared(WsApiClient, url, token, headers)

    async def call(self, api: str, name: str, *arguments: Any, **named: Any) -> Any:
        """Call a method of an API class, and return the client's own model of the answer."""
        method = getattr(getattr(self._module, api)(self._client), name)
        try:
            if self.half == "sync":
                return await asyncio.to_thread(method, *arguments, **named)
            return await method(*arguments, **named)
        except _ERRORS as error:
            raise Refused(error.status, error.body) from error

    async def raw(self, api: str, name: str, *arguments: Any, **named: Any) -> bytes:
        """Call a method, and return the answer's body as it came."""
        if self.half == "sync":
            answer = await self.call(api, name, *arguments, **named, _preload_content=False)
            return bytes(await asyncio.to_thread(answer.read))
        answer = await self.call(api, f"{name}_without_preload_content", *arguments, **named)
        return bytes(await answer.read())

    async def watched(self, api: str, name: str, *arguments: Any, timeout_seconds: int, **named: Any) -> list[Any]:
        """Return all that the client's own Watch tells, until the server ends it after `timeout_seconds`."""
        method = getattr(getattr(self._module, api)(self._client), name)
        named["timeout_seconds"] = timeout_seconds  # without it the client would begin again for ever
        if self.half == "sync":
            told = Watch().stream(method, *arguments, **named)  # type: ignore[no-untyped-call]  # the package's own
            return await asyncio.to_thread(list, told)
        watch = AioWatch().stream(method, *arguments, **named)  # type: ignore[no-untyped-call]  # the package's own
        async with watch as events:
            return [event async for event in events]

    async def execute(self, pod: str, command: Sequence[str]) -> str:
        """Run a command in a pod by the client's own websocket, and return its output."""
        method = getattr(self._module.CoreV1Api(self._sockets), _EXEC)
        asked = {"command": list(command), "container": "main", "stdout": True, "stderr": True}
        if self.half == "sync":
            return await asyncio.to_thread(_executed, method, pod, asked)
        return str(await method(pod, "default", **asked))

    async def close(self) -> None:
        """Close its connections."""
        if self.half == "sync":
            self._client.close()
        else:
            await self._client.close()
            await self._sockets.close()

    def _prepared(self, kind: Any, url: str, token: str, headers: Mapping[str, str]) -> Any:
        configuration = self._module.Configuration(host=url)
        configuration.api_key = {"BearerToken": f"Bearer {token}"}
        client = kind(configuration)
        for name, value in headers.items():
            client.set_default_header(name, value)
        return client


def _executed(method: Any, pod: str, asked: Json) -> str:
    """Run a command as `stream` does by itself, but close the socket, which it leaves open."""
    socket = stream(method, pod, "default", **asked, _preload_content=False)
    socket.run_forever(timeout=30)
    said = str(socket.read_all())
    socket.sock.shutdown()
    return said


@asynccontextmanager
async def official(
    half: Half,
    url: str,
    token: str = "token",  # noqa: S107  # the simulation's own
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[Official]:
    """Open one half of the client, and close it."""
    client = Official(half, url, token, headers or {})
    try:
        yield client
    finally:
        await client.close()


def status(code: int, reason: str, message: str, **details: object) -> Json:
    """Return a refusal's whole `Status` object."""
    whole: Json = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message}
    about = {"details": details} if details else {}
    return {**whole, "reason": reason, **about, "code": code}
