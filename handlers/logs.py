"""`logs`: what containers printed, its last part where it is long, or as it comes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import click

from bot.core.arguments import CONTAINER, COUNT, DURATION, PATTERN, POD, SELECTOR
from bot.core.commands import Context, Read
from bot.core.errors import Declined, Invalid, UsageError
from bot.core.logs import About, Printed, Source, Tail, Wanted
from bot.core.logsources import sources_of, sources_of_all
from bot.core.names import ContainerName, PodName
from bot.core.pods import Pod
from bot.core.replies import Reply
from bot.core.resources import PODS, Access
from bot.render import logs as words
from bot.steps.logs import read_log, read_logs
from bot.steps.pods import find_pod
from bot.steps.tailing import follow_logs

TAIL = 200  # lines, unless something is searched for
PODS_READ = 50  # pods that a selector may match and be counted
PODS_AT_ONCE = 10
AT_ONCE = 20  # containers whose logs are read for one command; kubectl's --max-log-requests
FOLLOWED = 8  # containers that one message follows, each on a connection of its own


@click.argument("pod", type=POD, required=False, help="The pod, unless -l selects some.")
@click.option("-l", "--selector", type=SELECTOR, help="Of the pods with these labels, by time.")
@click.option("-c", "--container", type=CONTAINER, help="One container; otherwise the one that kubectl would take.")
@click.option("--all-containers", is_flag=True, help="Of every container, by time.")
@click.option("-p", "--previous", is_flag=True, help="Of the run before the last restart.")
@click.option("-f", "--follow", is_flag=True, help="Go on as more is printed, in a message for all.")
@click.option("--tail", type=COUNT, help="The last lines of each; otherwise 200, or all for --grep; -1 for all.")
@click.option("--since", type=DURATION, help="No older than this, such as 5m or 1h30m.")
@click.option("--timestamps", is_flag=True, help="A time before each line.")
@click.option("--grep", type=PATTERN, help="Only lines that match this RE2 pattern; (?i) ignores case.")
@dataclass(frozen=True, slots=True)
class Logs:
    """Whose logs, and which part of them."""

    pod: PodName | None
    selector: str | None
    container: ContainerName | None
    all_containers: bool
    previous: bool
    follow: bool
    tail: int | None
    since: int | None
    timestamps: bool
    grep: str | None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if (self.pod is None) == (self.selector is None):
            problem = "POD is missing" if self.pod is None else "a pod and -l contradict each other"
            raise UsageError(problem, hint="type a pod's name, or `-l` with labels, such as `/pod logs -l app=web`")
        if self.container and self.all_containers:
            raise UsageError("-c and --all-containers contradict each other", hint="type one of them")
        if self.follow and self.previous:
            raise UsageError(
                "-p and -f contradict each other", hint="type one of them; a run that is over prints nothing more"
            )

    @property
    def wanted(self) -> Wanted:
        """What is asked of each log; a search looks through all of it, unless it is told or goes on."""
        usual = -1 if self.grep and not self.follow else TAIL
        tail = usual if self.tail is None else self.tail
        return Wanted(self.previous, None if tail < 0 else tail, self.since, self.timestamps, self.grep or "")


@dataclass(frozen=True, slots=True)
class Log:
    """What was printed."""

    about: About
    printed: Printed


@dataclass(frozen=True, slots=True)
class Live:
    """What was printed last, so far."""

    about: About
    tail: Tail


@dataclass(frozen=True, slots=True)
class NotStarted:
    """No log yet: the one container waits."""

    about: About


@dataclass(frozen=True, slots=True)
class NoPrevious:
    """The one container has not restarted, or its last run's log is gone."""

    about: About


@dataclass(frozen=True, slots=True)
class NoPods:
    """The selector matches nothing."""

    about: About


Result = Log | Live | NotStarted | NoPrevious | NoPods


async def run(context: Context, asked: Logs) -> AsyncIterator[Result]:
    """Choose the containers, then read their logs to the end, or follow them."""
    about = await _of_one(context, asked) if asked.pod else await _of_several(context, asked)
    if not about.sources:
        yield NoPods(about)
    elif asked.follow:
        async for tail in follow_logs(context, _begun(about), asked.wanted, prefixed=about.several):
            yield Live(about, tail)
    elif about.several:
        yield Log(about, await read_logs(context.cluster, about.sources, asked.wanted))
    else:
        yield await _read(context, about, about.sources[0])


async def _of_one(context: Context, asked: Logs) -> About:
    pod = await find_pod(context, asked.pod or PodName(""))
    sources = sources_of(pod, asked.container, every=asked.all_containers)
    others = () if asked.all_containers else _others(pod, sources[0])
    return _about(context, asked, sources, others=others, pins={f"pod/{pod.name}": pod.uid})


async def _of_several(context: Context, asked: Logs) -> About:
    listing = await context.cluster.list(PODS, selector=asked.selector or "", limit=PODS_READ)
    pods = sorted(map(Pod.of, listing.items), key=lambda pod: (pod.ended, pod.name))
    if not pods:
        return _about(context, asked, ())
    sources = sources_of_all(pods[:PODS_AT_ONCE], asked.container, every=asked.all_containers)
    left_out = max(0, len(pods) - PODS_AT_ONCE)
    return _about(context, asked, sources, pods_left_out=left_out, uncounted=listing.unread != 0)


def _others(pod: Pod, source: Source) -> tuple[str, ...]:
    return tuple(one.name for one in pod.all_containers if one.name != source.container)


def _about(context: Context, asked: Logs, sources: tuple[Source, ...], **more: Any) -> About:
    most = FOLLOWED if asked.follow else AT_ONCE
    return About(
        cluster=context.grant.cluster,
        namespace=context.namespace,
        whose=asked.pod or asked.selector or "",
        sources=sources[:most],
        sources_left_out=max(0, len(sources) - most),
        wanted=asked.wanted,
        several=asked.all_containers or asked.selector is not None,
        selected=asked.selector is not None,
        **more,
    )


def _begun(about: About) -> tuple[Source, ...]:
    """Return those that have begun; raise where none has, for there is nothing to follow."""
    begun = tuple(source for source in about.sources if not source.waits)
    if not begun:
        first = about.sources[0]
        there = f"{first.pod} -n {about.namespace}"
        hint = f"`/pod describe {there}` says why, `/pod wait {there}` waits for it"
        raise Declined(
            f"container {first.container} of pod {first.pod} has not started: {first.waits}", hint=hint, verb="logs"
        )
    return begun


async def _read(context: Context, about: About, source: Source) -> Result:
    try:
        printed = await read_log(context.cluster, source, about.wanted)
    except Invalid as error:
        if about.wanted.previous and "previous terminated container" in str(error):
            return NoPrevious(about)
        if not source.waits:
            raise
        return NotStarted(about)
    return Log(about, printed) if printed.data or not source.waits else NotStarted(about)


def render(result: Result) -> Reply:
    """Say whose log it is, then show its last lines; a longer one is in the file as well."""
    match result:
        case Live(about, tail):
            return words.followed(about, tail)
        case Log(about, printed):
            return words.printed(about, printed)
        case NotStarted(about):
            return words.not_started(about)
        case NoPrevious(about):
            return words.no_previous(about)
        case NoPods(about):
            return words.no_pods(about)


COMMAND = Read(
    name="logs",
    request=Logs,
    run=run,
    render=render,
    follows=lambda asked: asked.follow,
    summary="Show what containers printed",
    needs=(
        Access("get", "pods/log"),
        Access("get", "pods", when="pod"),
        Access("list", "pods", when="--selector"),
    ),
    examples=(
        "logs web-1",
        "logs web-1 -c app --since 5m",
        "logs web-1 --previous --tail 50 --timestamps",
        "logs -l app=web --all-containers --grep '(?i)error|timeout'",
        "logs web-1 -f",
    ),
)
