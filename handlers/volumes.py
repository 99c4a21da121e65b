"""`volumes`: a pod's volumes, who mounts them where, what stands behind them, and what survives."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import click

from bot.core.arguments import POD
from bot.core.commands import Context, Read
from bot.core.names import PodName
from bot.core.replies import Block, Reply
from bot.core.resources import Access
from bot.core.troubles import Trouble, troubles
from bot.core.volumes import Found
from bot.render.blocks import context as small_print
from bot.render.blocks import section
from bot.render.findings import reason
from bot.render.text import bold, code, counted, typed
from bot.render.volumes import volume_section
from bot.steps.pods import find_pod
from bot.steps.volumes import look_up

_QUOTED = 300  # characters of what a server said


@click.argument("pod", type=POD, help="The pod.")
@dataclass(frozen=True, slots=True)
class Volumes:
    """Whose volumes."""

    pod: PodName


@dataclass(frozen=True, slots=True)
class Shown:
    """What was read about a pod's volumes, and where."""

    place: str
    found: Found


async def run(context: Context, asked: Volumes) -> AsyncIterator[Shown]:
    """Read the pod, then what stands behind its claims."""
    pod = await find_pod(context, asked.pod)
    place = f"{context.grant.cluster}/{context.namespace}"
    yield Shown(place, await look_up(context.cluster, pod))


def render(result: Shown) -> Reply:
    """Say how many volumes there are and what is wrong, then show each of them, then what is not shown."""
    found, pod = result.found, result.found.pod
    wrong = troubles(found)
    named = {one.volume for one in wrong}
    answer = _answer(result, wrong)
    blocks = (
        section(answer),
        *(block for one in wrong for block in reason(one.finding, _QUOTED)),
        *(volume_section(pod, one, found.behind(one), wrong=one.name in named) for one in pod.volumes),
        *_nothing(found),
        small_print(*_not_shown(found), f"Next: {', '.join(typed(line) for line in _next_lines(found, wrong))}"),
    )
    return Reply(answer, blocks, pins={f"pod/{pod.name}": pod.uid})


def _answer(result: Shown, wrong: tuple[Trouble, ...]) -> str:
    pod = result.found.pod
    many = counted(len(pod.volumes), "volume") if pod.volumes else "No volumes"
    troubled = f":warning: {bold(many)}, {counted(len(wrong), 'trouble')}"
    quiet = f"{bold(many)}{', no trouble seen' if pod.volumes else ''}"
    return f"{troubled if wrong else quiet} · pod {code(pod.name)} in {code(result.place)}"


def _nothing(found: Found) -> Iterator[Block]:
    if not found.pod.volumes:
        yield section("What its containers write is lost when they restart.")


def _not_shown(found: Found) -> Iterator[str]:
    if found.left_out:
        more = counted(len(found.left_out), "more claim")
        yield f"{more} not looked up: {', '.join(map(code, found.left_out))}."
    if found.unseen != 0:
        many = counted(found.unseen, "pod") if found.unseen else "more pods"
        yield f"Not looked for among {many}: other users of the claims."
    if found.refused:
        yield f"Not shown where it needs a right that you don't have: {', '.join(map(code, found.refused))}."


def _next_lines(found: Found, wrong: tuple[Trouble, ...]) -> Iterator[str]:
    pod = found.pod
    yield f"describe {pod.name} -n {pod.namespace}"
    yield f"events --warnings -n {pod.namespace}" if wrong else f"yaml {pod.name} -n {pod.namespace}"
    if found.refused:
        yield f"can volumes -n {pod.namespace}"


COMMAND = Read(
    name="volumes",
    request=Volumes,
    run=run,
    render=render,
    summary="Show a pod's volumes, what is behind them and what survives",
    needs=(
        Access("get", "pods"),
        Access("list", "pods", optional=True),
        Access("list", "events", optional=True),
        Access("get", "persistentvolumeclaims", optional=True),
        Access("get", "persistentvolumes", optional=True, scope="cluster"),
        Access("get", "storageclasses", group="storage.k8s.io", optional=True, scope="cluster"),
        Access("get", "volumeattachments", group="storage.k8s.io", optional=True, scope="cluster"),
    ),
    examples=("volumes web-1",),
)
