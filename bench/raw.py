"""The bare bot from here: a process beside podbot's, with a chat server of its own to be asked and timed by."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, urlencode

from bench.processes import ROOT, lines_of
from bot.app import SystemClock
from bot.core.resources import Json
from bot.core.wire import Request
from bot.demo.chat.server import ChatServer
from tests.e2e.ground import workspace

_STARTING = 30.0  # seconds


class Bare:
    """A bare bot; `chat` is where it can be asked what it was taught."""

    def __init__(self, process: asyncio.subprocess.Process, chat: ChatServer) -> None:
        self._process = process
        self.chat = chat

    async def learn(self, line: str, requests: Sequence[Request], message: Json) -> None:
        """Answer a line with these calls and this message from now on."""
        await self._tell({"line": line, "requests": [_told(one) for one in requests], "message": message})

    async def take(self, *requests: Request) -> float:
        """Make calls at once, and return how many seconds they took, as measured in its own process."""
        return await self._tell({"requests": [_told(one) for one in requests]})

    async def _tell(self, job: Any) -> float:
        said, heard = lines_of(self._process)
        said.write(f"{json.dumps(job)}\n".encode())
        return float(await heard.readline())


@asynccontextmanager
async def bare(kubeconfig: str) -> AsyncIterator[Bare]:
    """Start a bare bot that signs in as a kubeconfig of one token says."""
    async with ChatServer(SystemClock(), workspace()) as chat:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.barebot", kubeconfig, chat.base_url, chat.workspace.app.app_token),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            await chat.driver.wait_for(lambda: chat.sockets.connections, _STARTING)
            yield Bare(process, chat)
        finally:
            process.kill()
            await process.wait()


def _told(request: Request) -> Json:
    query = f"?{urlencode(request.query, quote_via=quote)}" if request.query else ""
    return {"method": request.method, "path": f"{request.path}{query}", "headers": request.headers}
