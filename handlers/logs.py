"""`logs`: what a container printed, its last part where it is long."""

from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import click

from bot.core.arguments import CONTAINER, COUNT, DURATION, POD
from bot.core.commands import Context, Read
from bot.core.containers import Container, Running, Terminated, Waiting
from bot.core.errors import Invalid, UsageError
from bot.core.guesses import did_you_mean
from bot.core.names import ContainerName, PodName
from bot.core.pods import Pod, default_container
from bot.core.ports import Cluster
from bot.core.replies import Block, File, Reply
from bot.core.resources import PODS, Access, LogQuery
from bot.render.blocks import context as small_print
from bot.render.blocks import preformatted, quote, section
from bot.render.text import bold, clean, code, counted, typed

KEPT = 900_000  # bytes of the end of a log that are kept; Slack shows files of up to 1 MB
READ = 256 * 1024 * 1024  # bytes that are read at all
IN_MESSAGE = 7_500  # characters; what is longer goes into a file as well


@click.argument("pod", type=POD, help="The pod.")
@click.option("-c", "--container", type=CONTAINER, help="One container; otherwise the one that kubectl would take.")
@click.option("-p", "--previous", is_flag=True, help="Of the run before the last restart.")
@click.option("--tail", type=COUNT, default=200, help="The last lines; -1 for all.")
@click.option("--since", type=DURATION, help="No older than this, such as 5m or 1h30m.")
@click.option("--timestamps", is_flag=True, help="A time before each line.")
@dataclass(frozen=True, slots=True)
class Logs:
    """Whose log, and which part of it."""

    pod: PodName
    container: ContainerName | None
    previous: bool
    tail: int
    since: int | None
    timestamps: bool


@dataclass(frozen=True, slots=True)
class Source:
    """The container that was read; `others` are the pod's other ones, and `uid` tells this pod from its namesakes."""

    place: str
    asked: Logs
    uid: str
    container: str
    others: tuple[str, ...]

    @property
    def line(self) -> str:
        """The shortest line that reads this container."""
        return f"logs {self.asked.pod} -c {self.container}"


@dataclass(frozen=True, slots=True)
class Log:
    """The end of a log; `dropped` bytes before it were read and not kept, `cut` says that reading stopped early."""

    source: Source
    data: bytes = field(repr=False)
    dropped: int = 0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class NotStarted:
    """No log yet: why the container waits."""

    source: Source
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class NoPrevious:
    """The container has not restarted, or its last run's log is gone."""

    source: Source
    restarts: int


Result = Log | NotStarted | NoPrevious


async def run(context: Context, asked: Logs) -> AsyncIterator[Result]:
    """Choose the container, then read its log to the end, keeping the last part."""
    pod = Pod.of(await context.cluster.get(PODS, asked.pod))
    container = _container(pod, asked.container)
    others = tuple(one.name for one in pod.all_containers if one is not container)
    place = f"{context.grant.cluster}/{context.namespace}"
    source = Source(place, asked, pod.uid, container.name, others)
    try:
        log = await _read(context.cluster, source)
    except Invalid as error:
        if asked.previous and "previous terminated container" in str(error):
            yield NoPrevious(source, container.restart_count)
            return
        if _has_run(container):
            raise
        log = Log(source, b"")
    yield log if log.data or _has_run(container) else _not_started(pod, container, source)


async def _read(cluster: Cluster, source: Source) -> Log:
    asked = source.asked
    query = LogQuery(
        container=source.container,
        previous=asked.previous,
        tail=None if asked.tail < 0 else asked.tail,
        since=asked.since,
        timestamps=asked.timestamps,
        budget=READ,
    )
    end = _End(KEPT)
    async with aclosing(cluster.logs(asked.pod, query)) as chunks:
        async for chunk in chunks:
            end.add(chunk)
    return Log(source, end.data(), end.dropped, cut=end.seen >= READ)


class _End:
    """The last bytes of a stream, in little more memory than they take."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self.seen = 0

    def add(self, chunk: bytes) -> None:
        """Take a chunk, and let go of those that are no longer in the last `most` bytes."""
        self._chunks.append(chunk)
        self._held += len(chunk)
        self.seen += len(chunk)
        while self._held - len(self._chunks[0]) >= self._most:
            self._held -= len(self._chunks.popleft())

    def data(self) -> bytes:
        """Return the last bytes, beginning with a whole line where something was let go."""
        end = b"".join(self._chunks)[-self._most :]
        if len(end) == self.seen:
            return end
        _, newline, lines = end.partition(b"\n")
        return lines if newline and lines else end

    @property
    def dropped(self) -> int:
        """How many bytes came before those of `data`."""
        return self.seen - len(self.data())


def _container(pod: Pod, wanted: str | None) -> Container:
    if wanted is None:
        chosen = default_container(pod)
    else:
        chosen = next((one for one in pod.all_containers if one.name == wanted), None)
    if chosen is None:
        names = [one.name for one in pod.all_containers]
        hint = f"{did_you_mean(wanted or '', names, '')} type -c with one of: {', '.join(names)}".strip()
        raise UsageError(f"pod {pod.name} has no container “{wanted or ''}”", hint=hint, verb="logs")
    return chosen


def _has_run(container: Container) -> bool:
    return any(isinstance(state, Running | Terminated) for state in (container.state, container.last_state))


def _not_started(pod: Pod, container: Container, source: Source) -> NotStarted:
    if isinstance(container.state, Waiting) and container.state.reason:
        return NotStarted(source, container.state.reason, container.state.message)
    scheduled = pod.condition("PodScheduled")
    if scheduled is not None and scheduled.status == "False":
        return NotStarted(source, scheduled.reason, scheduled.message)
    return NotStarted(source, pod.reason or pod.phase or "Pending", pod.message)


def render(result: Result) -> Reply:
    """Say whose log it is, then show its last lines; a longer one is in the file as well."""
    match result:
        case Log():
            reply = _log(result)
        case NotStarted():
            reply = _not_yet(result)
        case NoPrevious():
            reply = _no_previous(result)
    return replace(reply, pins={f"pod/{result.source.asked.pod}": result.source.uid})


def _log(result: Log) -> Reply:
    text = clean(result.data.decode(errors="replace")).rstrip("\n")
    lines = text.count("\n") + 1 if text else 0
    answer = f"{_heading(result.source)}: {counted(lines, 'line') if lines else 'nothing printed'}"
    notes = (*_cuts(result, lines), *_others(result.source))
    blocks: tuple[Block, ...] = (section(answer), *((preformatted(text),) if text else ()))
    name = f"{result.source.asked.pod}-{result.source.container}.log"
    file = File(name, f"{text}\n") if len(text) > IN_MESSAGE else None
    return Reply(answer, (*blocks, small_print(*notes)) if notes else blocks, file)


def _not_yet(result: NotStarted) -> Reply:
    answer = f"{_heading(result.source)}: not started, {code(result.reason)}"
    message: tuple[Block, ...] = (quote(result.message),) if result.message else ()
    notes = (f"Try again in a while: {typed(result.source.line)}.", *_others(result.source))
    return Reply(answer, (section(answer), *message, small_print(*notes)))


def _no_previous(result: NoPrevious) -> Reply:
    restarted = f"restarted {counted(result.restarts, 'time')}" if result.restarts else "never restarted"
    answer = f"{_heading(result.source)}: no log of an earlier run is there; it has {restarted}"
    notes = (f"{typed(result.source.line)} shows the present run.", *_others(result.source))
    return Reply(answer, (section(answer), small_print(*notes)))


def _heading(source: Source) -> str:
    previous = ", previous run" if source.asked.previous else ""
    return f"{bold(source.asked.pod)} in {code(source.place)}, container {code(source.container)}{previous}"


def _cuts(result: Log, lines: int) -> Iterator[str]:
    if result.cut:
        yield f"The end is missing: reading stopped after {READ // 2**20} MiB. Narrow it with {code('--since')}."
    if result.dropped:
        yield f"{result.dropped:,} bytes before these lines are left out. Narrow it with {code('--since')}."
    if lines == result.source.asked.tail:
        yield f"The last {counted(lines, 'line')}; {code('--tail -1')} reads all."


def _others(source: Source) -> Iterator[str]:
    if source.others:
        yield f"Other containers, by {code('-c')}: {', '.join(map(code, source.others))}."


COMMAND = Read(
    name="logs",
    request=Logs,
    run=run,
    render=render,
    summary="Show what a container printed",
    needs=(Access("get", "pods"), Access("get", "pods/log")),
    examples=("logs web-1", "logs web-1 -c app --since 5m", "logs web-1 --previous --tail 50"),
)
