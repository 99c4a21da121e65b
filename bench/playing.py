"""The demo, a process of its own that holds podbot, chat server, page and cluster, driven as its page drives it."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import TemporaryFile
from time import perf_counter

import aiohttp

from bench.processes import ROOT, Running, ended, lines_of
from bot.core.resources import Json

DEMO = ("bot.cli", "demo", "--no-browser", "--port", "0")
_PERSON, _CHANNEL = "U0ALICE", "C0ONCALL"
_LARGEST_SIGHT = 64 * 1024 * 1024
_STARTING = 120.0  # seconds
_PATIENCE = aiohttp.ClientTimeout(total=None, sock_read=60)


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: its page's address and its process."""

    url: str
    running: Running
    session: aiohttp.ClientSession

    async def page(self) -> None:
        """Get the page."""
        async with self.session.get(self.url) as answer:
            answer.raise_for_status()
            await answer.read()

    async def type(self, line: str) -> float:
        """Type a line as Alice on call, and return after how many seconds podbot acknowledged it, or the page said no.

        The page says no, by 409, to whom is typing faster than it takes.
        """
        deed = {"deed": "write", "user": _PERSON, "channel": _CHANNEL, "text": f"/pod {line}"}
        started = perf_counter()
        async with self.session.post(f"{self.url}/deeds", json=deed) as answer:
            if answer.status != HTTPStatus.CONFLICT:
                answer.raise_for_status()
        return perf_counter() - started

    async def sights(self) -> AsyncGenerator[list[Json]]:
        """Yield the channel's last messages as the page is told of them, whenever something changed."""
        async with self.session.get(f"{self.url}/sights", params={"user": _PERSON}) as stream:
            stream.raise_for_status()
            async for line in stream.content:
                if line.startswith(b"data: "):
                    channels = json.loads(line.removeprefix(b"data: "))["channels"]
                    yield next(one["messages"] for one in channels if one["id"] == _CHANNEL)

    async def seen(self) -> list[Json]:
        """Return the channel's last messages."""
        async with aclosing(self.sights()) as sights:
            return await anext(sights)

    async def answered(self, line: str) -> float:
        """Type a line, and return after how many seconds the page is told of a message that was not there before."""
        async with aclosing(self.sights()) as sights:
            known = {one["ts"] for one in await anext(sights)}
            started = perf_counter()
            await self.type(line)
            async for seen in sights:
                if any(one["ts"] not in known for one in seen):
                    return perf_counter() - started
        raise RuntimeError(f"/pod {line} was not answered")


@asynccontextmanager
async def playing(*module: str) -> AsyncIterator[Demo]:
    """Run a module that prints the address of the demo's page once it is served, and give the demo."""
    with TemporaryFile() as log:
        started = perf_counter()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *module),
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        try:
            url = await asyncio.wait_for(_address(process), _STARTING)
            session = aiohttp.ClientSession(headers={"Origin": url}, timeout=_PATIENCE, read_bufsize=_LARGEST_SIGHT)
            async with session:
                yield Demo(url, Running(process.pid, started), session)
        except Exception:
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace"))
            raise
        finally:
            await ended(process)


async def _address(process: asyncio.subprocess.Process) -> str:
    async for line in lines_of(process)[1]:
        if b"http://" in line:
            return line.decode().split()[-1]
    raise RuntimeError("the demo ended before it served its page")
