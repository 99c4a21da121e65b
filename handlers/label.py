"""`label`: set and remove labels of pods, and offer to undo it."""

import hashlib
import shlex
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import click

from bot.core.arguments import POD_OR_LABEL, SELECTOR
from bot.core.commands import Change, Context, Plan
from bot.core.errors import ClusterError, Conflict, Declined, Forbidden, Invalid, NotFound, UsageError
from bot.core.labelling import Target, both_values, grouped, intended, remarks, standing_against_all, ways_back
from bot.core.names import PodName
from bot.core.pods import Pod
from bot.core.relabelling import LabelChange, after, check_once, patch, pin, relabelled
from bot.core.replies import Block, Offer, Reply
from bot.core.resources import PODS, Access
from bot.core.selecting import Relabelled, consequences
from bot.render.blocks import context as small_print
from bot.render.blocks import section, table
from bot.render.text import code, counted, escape, typed
from bot.steps.gathering import each
from bot.steps.pods import find_pod
from bot.steps.selecting import selecting

MOST = 20  # pods at once
_BETWEEN = timedelta(seconds=3)  # what is told on the way costs an edit of Slack's 50 a minute
_UNDOS = 4  # buttons, one for each way back
_HEADERS = ("Pod", "Label", "Before", "After")
# How the API server words a patch of which a test fails, where a wrong object is named instead:
# https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/handlers/patch.go
_TEST_FAILED = "the server rejected our request due to an error in our request"


@click.argument(
    "words",
    type=POD_OR_LABEL,
    nargs=-1,
    metavar="[POD…] KEY=VALUE… KEY-…",
    help=f"At most {MOST} pods, labels to set, and labels to remove.",
)
@click.option("-l", "--selector", type=SELECTOR, help="All pods that match, instead of POD.")
@click.option("--overwrite", is_flag=True, help="Replace the value that a label has.")
@click.option("--dry-run", is_flag=True, help="Only have the server check it.")
@dataclass(frozen=True, slots=True)
class Label:
    """Which pods, and what of their labels to change."""

    words: tuple[PodName | LabelChange, ...]
    selector: str | None
    overwrite: bool
    dry_run: bool

    def __post_init__(self) -> None:
        if not self.changes:
            hint = "add `KEY=VALUE` to set a label or `KEY-` to remove one; `/pod list --show-labels` shows them"
            raise UsageError("at least one label must be set or removed", hint=hint)
        if bool(self.pods) is bool(self.selector):
            what = "a pod and a selector contradict each other" if self.pods else "POD is missing"
            raise UsageError(what, hint="name pods, or select them with `-l`")
        if len(self.pods) > MOST:
            raise UsageError(f"{len(self.pods)} pods are too many", hint=f"name at most {MOST} at once")
        check_once(self.changes)

    @property
    def pods(self) -> tuple[PodName, ...]:
        """The pods that are named, each once."""
        return tuple(dict.fromkeys(word for word in self.words if not isinstance(word, LabelChange)))

    @property
    def changes(self) -> tuple[LabelChange, ...]:
        """What is to be changed, as it was typed."""
        return tuple(word for word in self.words if isinstance(word, LabelChange))


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling(Plan):
    """The very pods, and what becomes of each; `moved` says what selectors will do, `again` is without --dry-run."""

    targets: tuple[Target, ...]
    moved: tuple[str, ...] = ()
    again: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """What has become of the pods so far; of a dry run `moved` and `again`, as in `Labelling`."""

    namespace: str
    targets: tuple[Target, ...]
    moved: tuple[str, ...] = ()
    again: str = ""

    @property
    def dry_run(self) -> bool:
        """Whether the server was only asked to check it."""
        return bool(self.again)


async def plan(context: Context, asked: Label) -> Labelling:
    """Read the pods, have the server check each patch, and look which selectors would lose a pod or win one.

    Pods that can't be changed are left alone and told of, as kubectl does; where none can, their error is raised.
    """
    targets = [_target(pod, asked) for pod in await _pods(context, asked)]
    targets = await each(lambda one: _patched(context, one, dry_run=True), targets)
    if problem := standing_against_all(targets):
        raise problem
    moved, unread = await _moved(context, [one for one in targets if one.is_open])
    plain = [replace(one, is_done=False) for one in targets]
    what = f"pod {targets[0].pod.name}" if len(targets) == 1 else counted(len(targets), "pod")
    return Labelling(
        summary=f"{'check (dry run) the labels of' if asked.dry_run else 'label'} {what}",
        notes=(*moved, *unread, *grouped(intended(plain)), *grouped(remarks(plain))),
        pins={**_pins(targets, asked), **_looked_at(moved, unread)},
        asks=bool(moved) and not asked.dry_run,
        line=_line(asked, context.namespace),
        targets=tuple(plain),
        moved=(*moved, *unread) if asked.dry_run else (),
        again=_line(replace(asked, dry_run=False), context.namespace) if asked.dry_run else "",
    )


def _pins(targets: Sequence[Target], asked: Label) -> dict[str, str]:
    return {f"pod/{one.pod.name}": pin(one.pod.uid, one.pod.labels, asked.changes) for one in targets}


def _looked_at(moved: Sequence[str], unread: Sequence[str]) -> dict[str, str]:
    """Pin what the question says of selectors, which others may change before the press; nothing where it is silent."""
    said = "\n".join((*moved, *unread))
    return {"selectors": hashlib.sha256(said.encode()).hexdigest()[:12]} if moved else {}


async def run(context: Context, asked: Label, plan: Labelling) -> AsyncIterator[Labelled]:
    """Patch one pod after the other, and go on where one fails; tell the first that was done, and then all.

    Where it takes long, those so far are told on the way, for what breaks it off leaves what was told last.
    """
    targets = list(plan.targets)
    places = [place for place, target in enumerate(targets) if target.is_open]
    due = context.clock.now()
    for place in places:
        targets[place] = await _patched(context, targets[place], dry_run=asked.dry_run)
        if targets[place].is_done and place != places[-1] and context.clock.now() >= due:
            due = context.clock.now() + _BETWEEN
            yield Labelled(context.namespace, tuple(targets), plan.moved, plan.again)
    if problem := standing_against_all(targets):
        raise problem
    yield Labelled(context.namespace, tuple(targets), plan.moved, plan.again)


async def _pods(context: Context, asked: Label) -> Sequence[Pod]:
    if not asked.selector:
        return await each(lambda name: find_pod(context, name), asked.pods)
    listing = await context.cluster.list(PODS, selector=asked.selector, limit=MOST)
    if listing.unread != 0:
        hint = "narrow the selector, or name the pods"
        raise Declined(f"more than {MOST} pods match {asked.selector}", hint=hint, verb="label")
    if not listing.items:
        raise NotFound(f"no pods in {context.namespace} match {asked.selector}")
    return [Pod.of(raw) for raw in listing.items]


def _target(pod: Pod, asked: Label) -> Target:
    labels = relabelled(pod.labels, asked.changes, overwrite=asked.overwrite)
    if not labels.taken:
        return Target(pod, labels)
    said = ", ".join(f"“{step.key}” already has a value ({both_values(step)[0]})" for step in labels.taken)
    return Target(pod, labels, Declined(said, hint="add `--overwrite` to replace it", verb="label"))


async def _patched(context: Context, target: Target, *, dry_run: bool) -> Target:
    """Patch a pod, or have the patch checked, if there is something to do."""
    if not target.is_open:
        return target
    pod = target.pod
    try:
        await context.cluster.patch(PODS, pod.name, patch(pod.uid, pod.labels, target.labels.steps), dry_run=dry_run)
    except ClusterError as error:
        return replace(target, problem=_meant(error))
    return replace(target, is_done=True)


def _meant(error: ClusterError) -> ClusterError:
    """Tell a failed test from a wrong object, and an admission plugin's no, which comes as a 403 too, from RBAC's."""
    if isinstance(error, Invalid) and _TEST_FAILED in str(error):
        return Conflict("the pod or its labels were changed meanwhile", status=error.status, cause=error.cause)
    if isinstance(error, Forbidden) and "cannot patch resource" not in str(error):
        return Invalid(str(error), status=error.status, cause=error.cause)
    return error


async def _moved(context: Context, targets: Sequence[Target]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what selectors will do about the pods, and what could not be looked at."""
    if not targets:
        return (), ()
    found, unread = await selecting(context.cluster, [one.pod for one in targets])
    pods = [Relabelled(one.pod, after(one.pod.labels, one.labels.steps)) for one in targets]
    return tuple(consequences(pods, found)), unread


def _line(asked: Label, namespace: str) -> str:
    """Return the line that asks for the same, with the namespace written out."""
    options = (
        *(("-l", asked.selector) if asked.selector else ()),
        *(("--overwrite",) if asked.overwrite else ()),
        *(("--dry-run",) if asked.dry_run else ()),
    )
    return shlex.join(("label", *asked.pods, *map(str, asked.changes), *options, "-n", namespace))


def render(result: Labelled) -> Reply:
    """Say how many were labeled, show each label before and after, say what was not done, and offer to undo it.

    A dry run says instead what selectors would do, and how to do it.
    """
    answer, done = _answer(result), [one for one in result.targets if one.is_done]
    rows = [(one.pod.name, step.key, *both_values(step)) for one in done for step in one.labels.steps]
    not_done = "\n".join(f"• {escape(said)}" for said in (*result.moved, *grouped(remarks(result.targets))))
    blocks: list[Block] = [section(answer)]
    blocks += [table(_HEADERS, rows)] if rows else []
    blocks += [section(not_done)] if not_done else []
    shows = f"Next: {typed(f'list --show-labels -n {result.namespace}')}"
    next_step = small_print(f"To change it: {typed(result.again)}" if result.dry_run and done else shows)
    return Reply(answer, (*blocks, next_step), offers=() if result.dry_run else tuple(_undo(result)))


def _answer(result: Labelled) -> str:
    done, all_of_them = sum(one.is_done for one in result.targets), len(result.targets)
    one = f"pod {code(result.targets[0].pod.name)}"
    many = counted(all_of_them, "pod") if done in (0, all_of_them) else f"{done} of {counted(all_of_them, 'pod')}"
    what = one if all_of_them == 1 else many
    if not done:
        return f":heavy_minus_sign: *Not labeled* · there is nothing to change of {what}"
    if result.dry_run:
        return f":ballot_box_with_check: *Checked only* · the server would label {what}"
    return f":label: *Labeled* · {what}"


def _undo(result: Labelled) -> Iterator[Offer]:
    """Offer each way back, for all pods that go it; none where there are too many for buttons."""
    ways = ways_back(result.targets)
    for changes, targets in ways.items() if len(ways) <= _UNDOS else ():
        names = [one.pod.name for one in targets]
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        words = ("label", *names, *map(str, changes), "--overwrite", "-n", result.namespace)
        now = ((one.pod, after(one.pod.labels, one.labels.steps)) for one in targets)
        yield Offer(
            "Undo" if len(ways) == 1 else f"Undo {names[0]}{more}",
            shlex.join(words),
            {f"pod/{pod.name}": pin(pod.uid, labels, changes) for pod, labels in now},
        )


COMMAND = Change(
    name="label",
    request=Label,
    plan=plan,
    run=run,
    render=render,
    summary="Set or remove labels of pods",
    needs=(
        Access("get", "pods"),
        Access("patch", "pods"),
        Access("list", "pods", when="-l"),
        Access("list", "pods", optional=True),
        Access("list", "services", optional=True),
        Access("get", "replicationcontrollers", optional=True),
        Access("get", "replicasets", group="apps", optional=True),
        Access("list", "replicasets", group="apps", optional=True),
        Access("get", "statefulsets", group="apps", optional=True),
        Access("get", "daemonsets", group="apps", optional=True),
        Access("get", "jobs", group="batch", optional=True),
    ),
    examples=(
        "label web-1 team=shop",
        "label web-1 tier=front canary- --overwrite",
        "label -l app=web release=stable --dry-run",
    ),
)
