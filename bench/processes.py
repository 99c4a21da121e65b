"""Processes beside this one: podbot, bare imports, kubectl; their time, and their memory as Linux counts it.

Source: https://docs.kernel.org/filesystems/proc.html (status, clear_refs).
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter

from tests.e2e.world import World

ROOT = Path(__file__).parent.parent
IMPORTS = (
    "import slack_bolt.async_app, slack_bolt.adapter.socket_mode.aiohttp, kubernetes.aio.client, kubernetes.aio.config"
)
_ENDING = 30.0  # seconds
_STARTING = 60.0
_RESET_PEAK = "5"


@dataclass(frozen=True, slots=True)
class Running:
    """A process, and when it was started by `perf_counter`."""

    pid: int
    started: float

    def memory(self) -> int:
        """Return how many bytes it holds now."""
        return memory(self.pid, "VmRSS")

    def peak(self) -> int:
        """Return the most bytes that it has held since the last `forget_peak`."""
        return memory(self.pid, "VmHWM")

    def forget_peak(self) -> None:
        """Measure the peak from now on."""
        Path(f"/proc/{self.pid}/clear_refs").write_text(_RESET_PEAK)


@asynccontextmanager
async def podbot(world: World) -> AsyncIterator[Running]:
    """Run podbot in a process of its own, and give it once its websocket is open."""
    environment = {"PATH": os.environ["PATH"], **world.environment}
    with TemporaryFile() as log:
        started = perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.cli", "run", cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            await world.chat.driver.wait_for(lambda: world.chat.sockets.connections, _STARTING)
            yield Running(process.pid, started)
        except TimeoutError:
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace"))
            raise
        finally:
            await ended(process)
            await world.chat.driver.wait_for(lambda: not world.chat.sockets.connections, _ENDING)


async def ended(process: asyncio.subprocess.Process) -> None:
    """End a process as a terminal would, or at once where it does not obey."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(_ENDING):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def timed(*command: str, environment: dict[str, str] | None = None) -> float:
    """Return the wall time of a command that must succeed."""
    started = perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {said.decode(errors='replace')}")
    return perf_counter() - started


async def bare_imports() -> float:
    """Return the wall time of a Python that only imports what podbot can't do without."""
    return await timed(sys.executable, "-c", IMPORTS)


async def bare_memory() -> int:
    """Return how many bytes such a Python holds."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"{IMPORTS}\nprint(flush=True)\ninput()",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        await lines_of(process)[1].readline()
        return memory(process.pid, "VmRSS")
    finally:
        process.kill()
        await process.wait()


def lines_of(process: asyncio.subprocess.Process) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
    """Return the two ends of a process that was started with pipes."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process has no pipes")
    return process.stdin, process.stdout


def memory(pid: int, key: str) -> int:
    """Return a size of a process' status, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{key}:"))
