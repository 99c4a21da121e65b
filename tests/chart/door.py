"""How a pod of the test cluster reaches a server that listens on this machine's loopback alone.

The cluster brings pods to its API server, which listens there too, by rewriting the address of its Service; the same is
done here for one more port of that address. In the pod a sidecar listens on the same port of the pod's own loopback, so
that addresses that the server gives out, such as a websocket's, are right for podbot as well.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.core.resources import Json
from tests.programs import missing, program

FORWARDER: Final = """\
import asyncio, signal, sys
host, port = sys.argv[1], int(sys.argv[2])
async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
async def serve(reader, writer):
    there = await asyncio.open_connection(host, port)
    await asyncio.gather(pump(reader, there[1]), pump(there[0], writer), return_exceptions=True)
async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, sys.exit)
    await (await asyncio.start_server(serve, "127.0.0.1", port)).serve_forever()
asyncio.run(main())
"""


@asynccontextmanager
async def opened(address: str, port: int) -> AsyncIterator[None]:
    """Lead `port` of the API server's Service address to the same port of this machine's loopback."""
    packets = ("PREROUTING", "-d", address, "-p", "tcp", "--dport", str(port))
    rule = (*packets, "-j", "DNAT", "--to-destination", f"127.0.0.1:{port}")
    await _iptables("-A", *rule)
    try:
        yield
    finally:
        await _iptables("-D", *rule)


async def _iptables(*words: str) -> None:
    process = await asyncio.create_subprocess_exec(program("iptables"), "-t", "nat", *words)
    if await process.wait():
        missing("iptables may not be used")


def forwarder(image: str, address: str, port: int) -> Json:
    """Return a sidecar that listens on the pod's loopback and passes on to `port` of `address`; it outlives podbot."""
    return {
        "name": "door",
        "image": image,
        "imagePullPolicy": "Never",
        "restartPolicy": "Always",
        "command": ["python", "-c", FORWARDER, address, str(port)],
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
