"""Commands in containers, over a websocket whose channels are kept apart.

Source: https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/util/remotecommand/constants.go.
"""

import asyncio
import json
from dataclasses import dataclass, field, replace

from bot.core.errors import Invalid, ServerFault
from bot.core.reading import mapping, objects, text
from bot.core.resources import Executed
from bot.core.wire import Socket
from bot.kube.client import Call, Client

PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")

_STDOUT, _STDERR, _STATUS = 1, 2, 3
_MOST_OF_A_STATUS = 64 * 1024
_NOT_OPENED = "Upgrade request required"
_DRAIN = 8  # read on to this many times the limit, to learn the exit code of what says a little too much


@dataclass(slots=True)
class _Output:
    limit: int
    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    status: bytearray = field(default_factory=bytearray)
    seen: int = 0

    def take(self, frame: bytes) -> None:
        """Keep a frame's part of its channel; other channels (255 closes one) say nothing that is needed."""
        channel, content = frame[:1], frame[1:]
        if channel == bytes([_STATUS]):
            self.status += content[: _MOST_OF_A_STATUS - len(self.status)]
        elif channel in (bytes([_STDOUT]), bytes([_STDERR])):
            room = max(0, self.limit - self.seen)
            self.seen += len(content)
            kept = self.stdout if channel == bytes([_STDOUT]) else self.stderr
            kept += content[:room]

    def executed(self, code: int | None, reason: str, *, unheard: bool = False) -> Executed:
        """Return the whole as a value."""
        said = bytes(self.stdout), bytes(self.stderr)
        return Executed(*said, code, cut=self.seen > self.limit, reason=reason, unheard=unheard)


async def execute(client: Client, call: Call, *, seconds: float, limit: int) -> Executed:
    """Run the command that `call` opens, for at most `seconds`, keeping at most `limit` bytes of output."""
    output = _Output(limit)
    try:
        async with asyncio.timeout(seconds), client.connect(call, PROTOCOLS) as socket:
            stopped = await _read(socket, output)
    except TimeoutError:
        stopped = f"stopped after {seconds:g} s"
    if output.status:
        return output.executed(*_ending(bytes(output.status)))
    return output.executed(None, stopped or "the connection ended before the command did", unheard=True)


async def check_execute(client: Client, call: Call) -> None:
    """Ask for the command without opening a websocket, which the API server refuses last, after everything else.

    Both verbs are asked, since a websocket needs `get` for its request and, since 1.35, `create`:
    AuthorizePodWebsocketUpgradeCreatePermission in
    https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/.
    """
    for method in ("GET", "POST"):
        try:
            await client.json(replace(call, method=method, changes=False))
        except Invalid as error:
            if _NOT_OPENED not in str(error):
                raise


async def _read(socket: Socket, output: _Output) -> str:
    """Take frames to their end, and return why they stopped before it, if they did."""
    try:
        async for frame in socket.frames():
            output.take(frame)
            if output.seen > output.limit * _DRAIN:
                return "stopped: far too much output"
    except ServerFault as error:
        return str(error)
    return ""


def _ending(status: bytes) -> tuple[int | None, str]:
    """Read the exit code of the `Status` on channel 3, or why there is none."""
    try:
        told = mapping(json.loads(status))
    except (ValueError, RecursionError):
        return None, "the command's end could not be read"
    if told.get("status") == "Success":
        return 0, ""
    for cause in objects(mapping(told.get("details")).get("causes")):
        code = text(cause.get("message"))
        if cause.get("reason") == "ExitCode" and code.isascii() and code.isdigit():
            return int(code), ""
    return None, text(told.get("message")) or "the command failed without an exit code"
