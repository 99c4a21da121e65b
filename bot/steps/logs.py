"""Reading the logs of one container or of several, at a bounded memory however long they are."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing

from bot.core.errors import ClusterError, Forbidden, Invalid, NotFound, ServerFault, TooSlow
from bot.core.loglines import End, Search, merged
from bot.core.logs import Printed, Source, Wanted
from bot.core.patterns import matcher
from bot.core.ports import Cluster
from bot.core.resources import LogQuery
from bot.steps.gathering import each

KEPT = 900_000  # bytes of the end of a log that are kept; Slack shows files of up to 1 MB
READ = 256 * 1024 * 1024  # bytes that are read at all
_TOGETHER = 4 * KEPT  # bytes that several logs may keep, before they are merged and cut to KEPT
_LONGEST_LINE = 64 * 1024  # bytes of a line that are searched
_ONES_OWN = (Forbidden, Invalid, NotFound, ServerFault, TooSlow)  # errors that do not spoil the other logs


async def read_log(cluster: Cluster, source: Source, wanted: Wanted, *, share: int = 1) -> Printed:
    """Read one container's log to its end; one of `share` logs that share what may be read and kept."""
    query = LogQuery(
        container=source.container,
        previous=wanted.previous,
        tail=wanted.tail,
        since=wanted.since,
        timestamps=wanted.timestamps,
        budget=max(1, READ // share),
    )
    end = End(KEPT if share == 1 else min(KEPT, _TOGETHER // share))
    search = _search(wanted)
    seen = 0
    async with aclosing(cluster.logs(source.pod, query)) as chunks:
        async for chunk in chunks:
            seen += len(chunk)
            if search is None:
                end.add(chunk)
            else:  # beside the loop: matching the lines of 100 MB takes seconds
                await asyncio.to_thread(_sift, search.feed, chunk, end)
    if search is not None:
        _sift(lambda _: search.rest(), b"", end)
    data = end.data()
    read, matched = (search.read, search.matched) if search else (0, 0)
    return Printed(data, end.seen - len(data), query.budget if seen >= query.budget else 0, read, matched)


async def read_logs(cluster: Cluster, sources: Sequence[Source], wanted: Wanted) -> Printed:
    """Read several logs, and merge them by time under the prefixes of their sources.

    One that can't be read does not spoil the others; where none can, the first error is raised.
    """
    stamped = Wanted(wanted.previous, wanted.tail, wanted.since, timestamps=True, grep=wanted.grep)

    async def one(source: Source) -> Printed | ClusterError:
        try:
            return await read_log(cluster, source, stamped, share=len(sources))
        except _ONES_OWN as error:
            return error

    read = list(zip(sources, await each(one, sources), strict=True))
    parts = [(source, part) for source, part in read if isinstance(part, Printed) and (part.read or part.data)]
    errors = [(source, error) for source, error in read if isinstance(error, ClusterError) and not source.waits]
    if len(errors) == len(read):
        raise errors[0][1]
    end = End(KEPT)
    await asyncio.to_thread(_merge, parts, end, timestamps=wanted.timestamps)
    data = end.data()
    heard = {source for source, _ in parts}
    waiting = [(source, source.why_missing) for source in sources if source.waits and source not in heard]
    return Printed(
        data,
        end.seen - len(data) + sum(part.dropped for _, part in parts),
        max((part.cut for _, part in parts), default=0),
        sum(part.read for _, part in parts),
        sum(part.matched for _, part in parts),
        (*waiting, *((source, str(error)) for source, error in errors)),
    )


def _search(wanted: Wanted) -> Search | None:
    return Search(matcher(wanted.grep), _LONGEST_LINE, stamped=wanted.timestamps) if wanted.grep else None


def _sift(lines: Callable[[bytes], list[bytes]], chunk: bytes, end: End) -> None:
    for line in lines(chunk):
        end.add(line + b"\n")


def _merge(parts: Sequence[tuple[Source, Printed]], end: End, *, timestamps: bool) -> None:
    named = [(f"{source.prefix} ".encode(), part.data) for source, part in parts]
    for line in merged(named, timestamps=timestamps):
        end.add(line + b"\n")
