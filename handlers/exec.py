"""`exec`: run a command in a container, for a time, without a terminal."""

import shlex
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import click

from bot.core.arguments import CONTAINER, PATIENCE, POD, TEXT
from bot.core.commands import Change, Context, Plan
from bot.core.containers import Container, Running
from bot.core.errors import ClusterError, Declined, UsageError
from bot.core.guesses import among
from bot.core.names import ContainerName, PodName
from bot.core.pods import Pod, default_container
from bot.core.replies import Block, File, Reply
from bot.core.resources import PODS, Access, Executed
from bot.render.blocks import context as small_print
from bot.render.blocks import preformatted, quote, section
from bot.render.cutting import excerpt
from bot.render.outputs import filed, said, size_of
from bot.render.text import code, counted
from bot.steps.pods import find_pod

LIMIT = 256 * 1024  # bytes of output that are kept
IN_MESSAGE = 7_000  # characters; what is longer goes into a file as well
_QUOTED = 600
_NO_TERMINAL = "leave out `-i` and `-t`: podbot has no terminal and no input to give; a script goes after `sh -c`"


@click.argument("pod", type=POD, help="The pod.")
@click.argument("command", type=TEXT, nargs=-1, help="The command, word for word; for a shell: sh -c 'a | b'.")
@click.option("-c", "--container", type=CONTAINER, help="One container; otherwise the one that kubectl would take.")
@click.option("--timeout", type=PATIENCE, default=30, help="Seconds to wait for its end, at most 90.")
@click.option("-i", "--stdin", is_flag=True, hidden=True)
@click.option("-t", "--tty", is_flag=True, hidden=True)
@dataclass(frozen=True, slots=True)
class Exec:
    """What to run where, and for how long to wait; no input and no terminal."""

    pod: PodName
    command: tuple[str, ...]
    container: ContainerName | None
    timeout: int
    stdin: bool = False
    tty: bool = False

    def __post_init__(self) -> None:
        if self.stdin or self.tty:
            raise UsageError("exec here is not interactive", hint=_NO_TERMINAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution(Plan):
    """The very container to run it in."""

    container: ContainerName


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, in how many seconds; `replaced`: another pod has the planned one's name afterwards."""

    asked: Exec
    place: str
    container: str
    executed: Executed
    took: float
    replaced: bool = False


async def plan(context: Context, asked: Exec) -> Execution:
    """Choose the container, pin the pod by its UID, and have the server check all that it would check."""
    pod = await find_pod(context, asked.pod)
    container = _container(pod, asked.container)
    name = ContainerName(container.name)
    await context.cluster.check_execute(asked.pod, asked.command, container=name)
    return Execution(
        summary=f"run a command in container {name} of pod {pod.name}",
        notes=tuple(_notes(asked, container)),
        pins={f"pod/{pod.name}": pod.uid, "container": name},
        asks=True,
        container=name,
    )


def _container(pod: Pod, wanted: str | None) -> Container:
    """Return the container that is meant, which must run."""
    named = next((one for one in pod.all_containers if one.name == wanted), None)
    chosen = default_container(pod) if wanted is None else named
    if chosen is None:
        names = [one.name for one in pod.all_containers]
        hint = among(wanted or "", names, "container")
        raise Declined(f"pod {pod.name} has no container “{wanted or ''}”", hint=hint, verb="exec")
    if not isinstance(chosen.state, Running):
        hint = f"`/pod describe {pod.name} -n {pod.namespace}` says why"
        raise Declined(f"container {chosen.name} of pod {pod.name} does not run", hint=hint, verb="exec")
    return chosen


def _notes(asked: Exec, container: Container) -> Iterator[str]:
    yield f"Command: {shlex.join(asked.command)}"
    yield f"It has {counted(asked.timeout, 'second')}; what still runs then goes on in the container, unwatched."
    if container.restart_count:
        yield f"The container has restarted {counted(container.restart_count, 'time')}."
    yield "Its output goes to the asker alone."


async def run(context: Context, asked: Exec, plan: Execution) -> AsyncIterator[Ran]:
    """Run it to its end, or until its time is over; then look whose name it is, for the API server knows no other."""
    began = context.clock.now()
    executed = await context.cluster.execute(
        asked.pod, asked.command, container=plan.container, seconds=asked.timeout, limit=LIMIT
    )
    took = (context.clock.now() - began).total_seconds()
    place, replaced = f"{context.grant.cluster}/{context.namespace}", await _is_replaced(context, asked.pod, plan)
    yield Ran(asked, place, plan.container, executed, took, replaced)


async def _is_replaced(context: Context, name: PodName, plan: Execution) -> bool:
    try:
        return Pod.of(await context.cluster.get(PODS, name)).uid != plan.pins[f"pod/{name}"]
    except ClusterError:  # it may be gone by now, as pods go, and says nothing of where the command ran
        return False


def render(result: Ran) -> Reply:
    """Tell all how it ended and how much it said, and the asker alone what."""
    answer = f"{_ending(result)} · {result.took:.1f} s · {_sizes(result.executed)}"
    told = section(answer)
    notes = (small_print(*_after(result)),) if any(_after(result)) else ()
    return Reply(answer, (told, *notes), whisper=_whisper(result, told))


def _ending(result: Ran) -> str:
    code_ = result.executed.code
    if code_ is None:
        return ":warning: *No exit code*"
    if code_ == 0:
        return ":white_check_mark: *Exit code 0*"
    meaning = _MEANINGS.get(code_, "")
    return f":x: *Exit code {code_}*{meaning and f', {meaning}'}"


_MEANINGS = {  # https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02
    126: "found, but it could not be run",
    127: "there is no such command",
    137: "killed (SIGKILL), perhaps for want of memory",
    143: "ended by SIGTERM",
}


def _sizes(executed: Executed) -> str:
    output, errors = (size_of(data, cut=executed.cut) for data in (executed.stdout, executed.stderr))
    return f"{output} of output, {errors} of errors"


def _after(result: Ran) -> Iterator[str]:
    if result.executed.unheard:
        yield "podbot did not hear it end. The command may still run in the container: end it there with kill or pkill."
    if result.replaced:
        yield ":warning: Another pod has this name by now, and it may have run there."
    if result.executed.cut:
        yield f"Only the first {LIMIT // 1024} KiB of what it said were kept."


def _whisper(result: Ran, told: Block) -> Reply:
    executed, asked = result.executed, result.asked
    where = f"{code(asked.pod)} in {code(result.place)}, container {code(result.container)}"
    output = (
        *said("Output", executed.stdout, cut=executed.cut),
        *said("Errors", executed.stderr, cut=executed.cut),
    )
    reason = (quote(excerpt(executed.reason, _QUOTED)),) if executed.reason else ()
    nothing = () if output else (section("It said nothing."),)
    blocks = (section(where), preformatted(shlex.join(asked.command)), told, *reason, *output, *nothing)
    return Reply(f"What {asked.pod} said", blocks, _file(result))


def _file(result: Ran) -> File | None:
    executed = result.executed
    parts = [("output", executed.stdout), ("errors", executed.stderr)]
    texts = [(title, filed(data, cut=executed.cut)) for title, data in parts if data]
    if sum(len(text) for _, text in texts) <= IN_MESSAGE:
        return None
    whole = "\n".join(f"--- {title}\n{text}" for title, text in texts)
    return File(f"{result.asked.pod}-{result.container}.txt", whole)


COMMAND = Change(
    name="exec",
    request=Exec,
    plan=plan,
    run=run,
    render=render,
    dangerous=True,
    verbatim="command",
    summary="Run a command in a container",
    needs=(
        Access("get", "pods"),
        Access("create", "pods/exec"),
        Access("get", "pods/exec"),
        Access("list", "pods", optional=True),
    ),
    examples=("exec web-1 -- ls -l /tmp", "exec web-1 -c app -- sh -c 'ps | head'", "exec web-1 --timeout 60 -- df -h"),
)
