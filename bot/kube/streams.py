"""Answers without an end: logs and watches."""

import asyncio
import json
from collections.abc import AsyncGenerator

from bot.core.errors import ServerFault
from bot.core.reading import mapping, text
from bot.core.resources import Change, Json
from bot.kube.client import Call, Client
from bot.kube.errors import told_in_stream

_MOST_OF_A_LINE = 8 * 1024 * 1024  # etcd holds objects of 1.5 MiB; managed fields and JSON's escapes come on top


async def read_bytes(client: Client, call: Call, budget: int) -> AsyncGenerator[bytes, None]:
    """Yield a body in chunks, at most `budget` bytes of it."""
    left = budget
    async with client.stream(call) as response:
        async for chunk in response.chunks():
            yield chunk[:left]
            left -= len(chunk)
            if left <= 0:
                return


async def read_changes(client: Client, call: Call, seconds: float) -> AsyncGenerator[Change, None]:
    """Yield a watch's changes for at most `seconds`; an ERROR event is raised as the error that it tells."""
    end = asyncio.get_running_loop().time() + seconds
    lines = Lines(_MOST_OF_A_LINE)
    async with client.stream(call) as response:
        async for chunk in response.chunks():
            for line in lines.feed(chunk):
                change = _change(line, client.own_user)
                if change is not None:
                    yield change
            if asyncio.get_running_loop().time() > end:
                return


class Lines:
    """Puts chunks together to lines of at most `most` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that this chunk completes, empty ones left out; raises `ServerFault` for one too long."""
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > self._most:
            raise ServerFault(f"a line of more than {self._most} bytes")
        return [line for line in whole if line.strip()]


def _change(line: bytes, own_user: str) -> Change | None:
    event = _event(line)
    kind, about = text(event.get("type")), mapping(event.get("object"))
    if kind == "ERROR":
        raise told_in_stream(about, own_user=own_user)
    return Change(kind, about) if kind in ("ADDED", "MODIFIED", "DELETED") else None


def _event(line: bytes) -> Json:
    try:
        return mapping(json.loads(line))
    except (ValueError, RecursionError) as error:
        raise ServerFault("a watch's event that is no JSON") from error
