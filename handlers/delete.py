"""`delete`: end a pod, or have it evicted, and follow it until it is gone."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import click

from bot.core.ages import age, duration, span
from bot.core.arguments import POD, SECONDS
from bot.core.commands import Change, Context, Plan
from bot.core.names import PodName
from bot.core.owners import Outlook, Ownership
from bot.core.pods import Pod
from bot.core.replies import Reply
from bot.core.resources import PODS, Access
from bot.core.statuses import ready_word, status_word
from bot.render.blocks import context as small_print
from bot.render.blocks import section
from bot.render.text import code, escape, typed
from bot.steps.owners import owner_of
from bot.steps.pods import find_pod, read_again

FOLLOWING = 45.0  # seconds to follow a pod's end; within the time that a change has
_PAUSE = 1.0


@click.argument("pod", type=POD, help="The pod.")
@click.option(
    "--grace-period", type=SECONDS, help="Seconds to end in; otherwise the pod's own; 0 takes it off the API."
)
@click.option("--evict", is_flag=True, help="Evict it, which honours disruption budgets.")
@dataclass(frozen=True, slots=True)
class Delete:
    """Which pod to end, and how gently; without a grace period the pod's own holds."""

    pod: PodName
    grace_period: int | None
    evict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion(Plan):
    """The very pod to end, and who controls it."""

    pod: Pod
    owners: Ownership


class Stage(Enum):
    """How far the end of a pod has come."""

    ENDING = "ending"
    GONE = "gone"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Deleted:
    """The API server took the deletion; the pod as it was last seen, and what follows its end."""

    pod: Pod
    owners: Ownership
    stage: Stage = Stage.ENDING
    evicted: bool = False


async def plan(context: Context, asked: Delete) -> Deletion:
    """Read the pod, pin it by its UID, and say what goes with it and what comes back.

    The server checks the end in a dry run: a missing right or a disruption budget is told before anyone is asked.
    """
    pod = await find_pod(context, asked.pod)
    owners = await owner_of(context.cluster, pod)
    await _end(context, asked, pod, dry_run=True)
    verb = "evict" if asked.evict else "delete"
    return Deletion(
        summary=f"{verb} pod {pod.name}",
        notes=tuple(_notes(asked, pod, owners, context.clock.now())),
        pins={f"pod/{pod.name}": pod.uid},
        asks=True,
        pod=pod,
        owners=owners,
    )


async def run(context: Context, asked: Delete, plan: Deletion) -> AsyncIterator[Deleted]:
    """End the pod, then follow it until it is gone or the time is over."""
    await _end(context, asked, plan.pod, dry_run=False)
    result = Deleted(plan.pod, plan.owners, evicted=asked.evict)
    yield result
    end = context.clock.now() + timedelta(seconds=FOLLOWING)
    left: Pod | None = plan.pod
    while left is not None and context.clock.now() < end:
        await context.clock.sleep(_PAUSE)
        left = await read_again(context, plan.pod)
    stage = Stage.GONE if left is None else Stage.LATE
    yield Deleted(left or plan.pod, plan.owners, stage, asked.evict)


async def _end(context: Context, asked: Delete, pod: Pod, *, dry_run: bool) -> None:
    grace = asked.grace_period
    if asked.evict:
        await context.cluster.evict(asked.pod, uid=pod.uid, grace_period=grace, dry_run=dry_run)
    else:
        await context.cluster.delete(PODS, asked.pod, uid=pod.uid, grace_period=grace, dry_run=dry_run)


def _notes(asked: Delete, pod: Pod, owners: Ownership, now: datetime) -> Iterator[str]:
    yield f"It is {status_word(pod)}, {ready_word(pod)} ready, {age(pod.created, now)} old."
    yield _afterwards(owners)
    if pod.deleted is not None:
        yield f"It has been terminating for {age(pod.deleted, now)} already."
    if pod.finalizers:
        yield f"It stays until its finalizers are removed: {', '.join(pod.finalizers)}."
    if lost := [volume.name for volume in pod.volumes if volume.kind in _DYING]:
        yield f"What is in these volumes goes with it: {', '.join(lost)}."
    if asked.grace_period == 0:
        yield "With grace period 0 it leaves the API at once; its containers may still run for a while."


_DYING = frozenset({"emptyDir", "ephemeral"})  # https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/


def _afterwards(owners: Ownership) -> str:
    """Say what follows the pod's end, as plain text."""
    who = f"{owners.top.kind} {owners.top.name}" if owners.top else ""
    return _OUTLOOKS[owners.outlook].format(who=who) if who else _OUTLOOKS[Outlook.NONE]


_OUTLOOKS: Mapping[Outlook, str] = {
    Outlook.NONE: "Nothing will bring it back.",
    Outlook.NEW: "{who} will bring a new one, under another name.",
    Outlook.SAME_NAME: "{who} will bring a new one, under the same name.",
    Outlook.MAYBE: "{who} controls it and may bring a new one.",
    Outlook.STATIC: "{who} goes on running it: this only ends its entry in the API.",
}


def render(result: Deleted) -> Reply:
    """Say how far the pod's end has come, what comes after it, and what to type next."""
    how = f" was {'evicted' if result.evicted else 'deleted'}" if result.stage is Stage.GONE else ""
    answer = f"{_WORDS[result.stage]} · pod {code(result.pod.name)}{how}"
    said = " ".join(filter(None, (_holding(result), _afterwards(result.owners))))
    blocks = (section(answer), section(escape(said)))
    if result.stage is Stage.ENDING:
        return Reply(answer, blocks)
    return Reply(answer, (*blocks, small_print(f"Next: {typed(f'list -n {result.pod.namespace}')}")))


_WORDS: Mapping[Stage, str] = {
    Stage.ENDING: ":hourglass_flowing_sand: *Terminating*",
    Stage.GONE: ":white_check_mark: *Gone*",
    Stage.LATE: ":warning: *Still terminating*",
}


def _holding(result: Deleted) -> str:
    """Say what keeps the pod."""
    pod = result.pod
    if result.stage is Stage.GONE:
        return ""
    if pod.finalizers:
        return f"Its finalizers keep it until they are removed: {', '.join(pod.finalizers)}."
    if result.stage is Stage.LATE:
        return f"It was told to end and has {duration(span(pod.deletion_grace))} for it."
    return ""


COMMAND = Change(
    name="delete",
    request=Delete,
    plan=plan,
    run=run,
    render=render,
    dangerous=True,
    summary="Delete a pod",
    needs=(
        Access("get", "pods"),
        Access("delete", "pods"),
        Access("create", "pods/eviction", when="--evict"),
        Access("list", "pods", optional=True),
        Access("get", "replicasets", group="apps", optional=True),
    ),
    examples=("delete web-1", "delete web-1 --grace-period 5", "delete web-1 --evict"),
)
