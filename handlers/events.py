"""`events`: what happened to a pod, or in the namespace, the newest last."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import click

from bot.core.ages import age, duration
from bot.core.arguments import DURATION, POD
from bot.core.commands import Context, Read
from bot.core.events import Event, by_time, folded
from bot.core.names import PodName
from bot.core.replies import File, Reply
from bot.core.resources import EVENTS, Access
from bot.render.blocks import context as small_print
from bot.render.blocks import section, table
from bot.render.plain import plain
from bot.render.text import bold, code, counted, typed
from bot.steps.events import about
from bot.steps.pods import find_pod

LIMIT = 2_000  # events that are read
ROWS = 99  # of a message's table, beside its header
ROOM = 7_000  # characters of a message's table; what is longer goes into a file as well
_HEADERS = ("Age", "Type", "Reason", "Object", "Message", "Count")
_KEPT = "Kubernetes keeps events for an hour by default."  # --event-ttl of kube-apiserver


@click.argument("pod", type=POD, required=False, help="The pod; otherwise all of the namespace.")
@click.option("--warnings", is_flag=True, help="Only those that tell of trouble.")
@click.option("--since", type=DURATION, help="Last seen no longer ago than this, such as 5m or 1h30m.")
@dataclass(frozen=True, slots=True)
class Events:
    """Whose events, and which of them."""

    pod: PodName | None
    warnings: bool
    since: int | None


@dataclass(frozen=True, slots=True)
class Happened:
    """The events that were asked for at `now`, repeated ones as one; `uid` is the pod's, `unread` as in `Listing`."""

    cluster: str
    namespace: str
    asked: Events
    now: datetime
    events: tuple[Event, ...]
    uid: str = ""
    unread: int | None = 0

    @property
    def everything(self) -> str:
        """The line that shows all of the namespace's."""
        return f"events -n {self.namespace}"


async def run(context: Context, asked: Events) -> AsyncIterator[Happened]:
    """Find the pod, so that its namesakes' events stay out, then read, narrow and fold."""
    pod = await find_pod(context, asked.pod) if asked.pod else None
    fields = (about(pod) if pod else "", "type=Warning" if asked.warnings else "")
    listing = await context.cluster.list(EVENTS, fields=",".join(filter(None, fields)), limit=LIMIT)
    now = context.clock.now()
    events = folded(event for event in by_time(listing.items) if _is_recent(event, asked, now))
    uid = pod.uid if pod else ""
    yield Happened(context.grant.cluster, context.namespace, asked, now, events, uid, listing.unread)


def _is_recent(event: Event, asked: Events, now: datetime) -> bool:
    return asked.since is None or event.last is None or now - event.last <= timedelta(seconds=asked.since)


def render(result: Happened) -> Reply:
    """Say how many, then show the newest that fit, then what is not shown."""
    answer = _answer(result)
    pins = {f"pod/{result.asked.pod}": result.uid} if result.asked.pod else {}
    rows = [_cells(event, result.now) for event in result.events]
    shown = _newest(rows)
    notes = [*_not_shown(result, len(shown)), _KEPT]
    if not rows:
        return Reply(answer, (section(f"{answer}."), small_print(_next_step(result), *notes)), pins=pins)
    blocks = (section(answer), table(_HEADERS, shown, right=(5,)), small_print(*notes))
    whole = File(_file_name(result), plain([table(_HEADERS, rows)])) if len(shown) < len(rows) else None
    return Reply(answer, blocks, whole, pins)


def _answer(result: Happened) -> str:
    asked, events = result.asked, result.events
    noun = "warning" if asked.warnings else "event"
    times = sum(event.count for event in events)
    seen = f", seen {counted(times, 'time')}," if times > len(events) else ""
    many = f"{bold(counted(len(events), noun))}{seen}" if events else f"No {noun}s"
    whose = f" of {code(asked.pod)}" if asked.pod else ""
    since = f" in the last {duration(timedelta(seconds=asked.since))}" if asked.since is not None else ""
    return f"{many}{whose} in {code(f'{result.cluster}/{result.namespace}')}{since}"


def _cells(event: Event, now: datetime) -> tuple[str, ...]:
    container = f" ({event.container})" if event.container else ""
    whose = f"{event.kind.lower()}/{event.name}{container}"
    return (age(event.last, now), event.type, event.reason, whose, event.message, f"{event.count:,}")


def _newest(rows: Sequence[tuple[str, ...]]) -> Sequence[tuple[str, ...]]:
    """Return the last rows that a message has room for, and one in any case."""
    left, kept = ROOM, 0
    for row in reversed(rows[-ROWS:]):
        left -= sum(map(len, row))
        if left < 0 and kept:
            break
        kept += 1
    return rows[len(rows) - kept :]


def _file_name(result: Happened) -> str:
    return f"{result.asked.pod or result.namespace}-events.txt"


def _not_shown(result: Happened, shown: int) -> Iterator[str]:
    if shown < len(result.events):
        yield f"The newest {shown} of {len(result.events):,}; the file {code(_file_name(result))} has all."
    if result.unread != 0:
        more = f"{result.unread:,}" if result.unread else "More"
        yield f"{more} were not read, newer ones perhaps among them: the API server does not give them by time."
    if result.asked.since is not None and any(event.count > 1 for event in result.events):
        yield "Counts reach further back."
    if result.asked.pod and result.events:
        yield f"Only of this very pod, not of its controller or a namesake: {typed(result.everything)} has those."


def _next_step(result: Happened) -> str:
    asked = result.asked
    if asked.warnings or asked.since is not None:
        whose = f"events {asked.pod} -n {result.namespace}" if asked.pod else result.everything
        return f"{typed(whose)} shows all that there are."
    if asked.pod:
        return f"{typed(f'logs {asked.pod} -n {result.namespace}')} shows what it printed."
    return f"{typed(f'list -n {result.namespace}')} shows what runs here."


COMMAND = Read(
    name="events",
    request=Events,
    run=run,
    render=render,
    summary="Show what happened to a pod or in the namespace",
    needs=(
        Access("list", "events"),
        Access("get", "pods", when="pod"),
        Access("list", "pods", optional=True),
    ),
    examples=("events", "events web-1", "events --warnings --since 10m"),
)
