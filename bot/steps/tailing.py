"""Following the logs of one container or of several as they grow, at a memory that does not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

from bot.core.commands import Context
from bot.core.errors import ClusterError, NotFound
from bot.core.loglines import Ring, Search
from bot.core.logs import Source, Tail, Wanted
from bot.core.logsources import why_over
from bot.core.patterns import matcher
from bot.core.pods import Pod
from bot.core.resources import PODS, LogQuery
from bot.steps.logs import READ

LAST = 8_000  # bytes of the last lines, of which a message shows what fits
_LONGEST_LINE = 4_000  # bytes of a line that are kept
_SMALL = 1024  # bytes that are searched at once on the loop: 0.01 s by the slowest pattern
_OPENING = 1.0  # seconds in which a log that can't be read says so
_LOOKS = 3  # looks at a pod, a second apart, until its status tells why a log has ended


async def follow_logs(
    context: Context, sources: Sequence[Source], wanted: Wanted, *, prefixed: bool
) -> AsyncIterator[Tail]:
    """Yield the last lines whenever there are more, until every log has ended; lines of several come as they arrive.

    The error of a single log that can't be read is raised.
    """
    tailing = _Tailing(context, sources, wanted, prefixed=prefixed)
    tasks = [asyncio.create_task(tailing.follow(source)) for source in sources]
    try:
        await _soon(context, tailing.changed)
        while not tailing.over:
            tailing.changed.clear()
            yield tailing.tail()
            await tailing.changed.wait()
        if tailing.error is not None:
            raise tailing.error
        yield tailing.tail()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _soon(context: Context, event: asyncio.Event) -> None:
    """Wait for the event, but not for long: a container may be silent."""
    waits = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(context.clock.sleep(_OPENING))]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


class _Tailing:
    """What several streams bring together."""

    def __init__(self, context: Context, sources: Sequence[Source], wanted: Wanted, *, prefixed: bool) -> None:
        self._context = context
        self._wanted = wanted
        self._prefixed = prefixed
        self._sources = sources
        self._ring = Ring(LAST)
        self._searches = {source: _search(wanted) for source in sources}
        self._ended: dict[Source, str] = {}
        self.changed = asyncio.Event()
        self.error: Exception | None = None

    @property
    def over(self) -> bool:
        """Whether every log has ended, or nothing can be read."""
        return self.error is not None or len(self._ended) == len(self._sources)

    def tail(self) -> Tail:
        """Return what there is now."""
        searches = self._searches.values()
        read, matched = sum(one.read for one in searches), sum(one.matched for one in searches)
        return Tail(self._ring.data(), read, matched, tuple(self._ended.items()), self.over)

    async def follow(self, source: Source) -> None:
        """Follow one log to its end, and say why it has ended."""
        try:
            cut = await self._read(source)
            self._ended[source] = "enough was read; type it again" if cut else await self._why(source)
        except ClusterError as error:
            self._ended[source] = f"its log can't be read: {error}"
            if len(self._sources) == 1:
                self.error = error
        except Exception as error:  # noqa: BLE001  # raised again by whoever waits for this task's lines
            self.error = error
        self.changed.set()

    async def _read(self, source: Source) -> bool:
        """Read one log; whether reading stopped before its end."""
        wanted, search, seen = self._wanted, self._searches[source], 0
        query = LogQuery(
            source.container,
            tail=wanted.tail,
            since=wanted.since,
            timestamps=wanted.timestamps,
            follow=True,
            budget=READ // len(self._sources),
        )
        async with aclosing(self._context.cluster.logs(source.pod, query)) as chunks:
            async for chunk in chunks:
                seen += len(chunk)
                beside = self._wanted.grep and len(chunk) > _SMALL
                self._take(source, await asyncio.to_thread(search.feed, chunk) if beside else search.feed(chunk))
                await asyncio.sleep(0)  # a stream that always has more must leave the loop to others
        self._take(source, search.rest())
        return seen >= query.budget

    def _take(self, source: Source, lines: Sequence[bytes]) -> None:
        prefix = f"{source.prefix} ".encode() if self._prefixed else b""
        for line in lines:
            self._ring.add(prefix + line)
        if lines or self._wanted.grep:
            self.changed.set()

    async def _why(self, source: Source) -> str:
        """Say why a log has ended; the kubelet ends it before it has written the pod's status."""
        for _ in range(_LOOKS):
            try:
                pod = Pod.of(await self._context.cluster.get(PODS, source.pod))
            except NotFound:
                return why_over(None, source)
            except ClusterError:  # its lines are there already, and the reason is only said beside them
                break
            if why := why_over(pod, source):
                return why
            await self._context.clock.sleep(1.0)
        return "the stream ended; type it again"


def _search(wanted: Wanted) -> Search:
    return Search(matcher(wanted.grep) if wanted.grep else None, _LONGEST_LINE, stamped=wanted.timestamps)
