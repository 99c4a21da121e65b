"""The simulated cluster over HTTP, on loopback, so that podbot reaches it from a process of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import yaml
from aiohttp import web

from bot.core.wire import Request
from bot.demo.cluster.simulation import Simulation

_CHUNK = 64 * 1024


@asynccontextmanager
async def served(simulation: Simulation) -> AsyncIterator[str]:
    """Serve a simulation and give its address; websockets and watches are not served."""

    async def respond(asked: web.Request) -> web.StreamResponse:
        given = simulation.respond(
            Request(
                asked.method,
                asked.rel_url.raw_path,
                tuple(asked.query.items()),
                tuple(asked.headers.items()),
                await asked.read(),
            )
        )
        response = web.StreamResponse(
            status=given.status, headers={"Content-Type": given.content, **dict(given.headers)}
        )
        response.content_length = len(given.body)
        await response.prepare(asked)
        for start in range(0, len(given.body), _CHUNK):
            await response.write(given.body[start : start + _CHUNK])
        return response

    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", respond)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def write_kubeconfig(path: Path, server: str, token: str) -> Path:
    """Write a kubeconfig of one server and one token."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "bench",
        "clusters": [{"name": "bench", "cluster": {"server": server}}],
        "users": [{"name": "bench", "user": {"token": token}}],
        "contexts": [{"name": "bench", "context": {"cluster": "bench", "user": "bench"}}],
    }
    path.write_text(yaml.safe_dump(content))
    return path
