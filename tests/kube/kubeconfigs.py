"""Kubeconfigs for a local server."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.core.wire import Request
from bot.kube.credentials import open_transport
from bot.kube.network import NetworkTransport
from tests.kube.servers import Server, text

GET = Request("GET", "/api")
API = "client.authentication.k8s.io/v1"


def write(folder: Path, server: str, user: dict[str, Any], **cluster: str) -> str:
    """Write a kubeconfig whose current context reaches `server`, and whose context “there” reaches nothing."""
    path = folder / "kubeconfig"
    here = {"server": server, **cluster}
    content = {
        "current-context": "here",
        "clusters": [{"name": "c", "cluster": here}, {"name": "d", "cluster": {"server": "http://127.0.0.1:1"}}],
        "users": [{"name": "u", "user": user}],
        "contexts": [
            {"name": "here", "context": {"cluster": "c", "user": "u"}},
            {"name": "there", "context": {"cluster": "d", "user": "u"}},
        ],
    }
    path.write_text(yaml.safe_dump(content))
    return str(path)


def plugin(folder: Path, *, lasts: timedelta | None) -> dict[str, Any]:
    """Return a user whose plugin gives token-1, token-2 …, and fails once the file `broken` is there."""
    ends = "" if lasts is None else (datetime.now(UTC) + lasts).strftime("%Y-%m-%dT%H:%M:%SZ")
    script = folder / "plugin.py"
    script.write_text(f"""
import json, pathlib, sys
folder = pathlib.Path({str(folder)!r})
if (folder / "broken").exists():
    sys.exit("the plugin is broken")
with (folder / "runs").open("a") as runs:
    runs.write(".")
status = {{"token": "token-%d" % len((folder / "runs").read_text())}}
if {ends!r}:
    status["expirationTimestamp"] = {ends!r}
print(json.dumps({{"apiVersion": {API!r}, "kind": "ExecCredential", "status": status}}))
""")
    return {"exec": {"apiVersion": API, "command": sys.executable, "args": [str(script)]}}


@asynccontextmanager
async def opened(kubeconfig: str | None, context: str | None = None) -> AsyncIterator[NetworkTransport]:
    """Open a transport, and close it."""
    transport = await open_transport(kubeconfig=kubeconfig, context=context)
    try:
        yield transport
    finally:
        await transport.close()


async def tokens(server: Server, transport: NetworkTransport, count: int) -> list[str]:
    """Send requests and return the tokens that came with them."""
    server.says(*[text()] * count)
    for _ in range(count):
        async with transport.send(GET):
            pass
    return [request.headers["Authorization"] for request in server.requests[-count:]]
