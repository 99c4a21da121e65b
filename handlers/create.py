"""`create`: a pod from a template or from YAML, followed until it runs or until it is clear why it does not."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import partial

import click

from bot.core.arguments import DURATION, LABELS, TEMPLATE_NAME, TEXT, parameter
from bot.core.commands import Change, Context, Plan
from bot.core.creating import CreateForm
from bot.core.creation import digest, line, notes, suffix
from bot.core.diagnosis import Stage
from bot.core.drafts import Wish
from bot.core.errors import UsageError
from bot.core.filling import created_by, manifest
from bot.core.names import PodName, pod_name
from bot.core.pods import Pod
from bot.core.replies import Block, Reply
from bot.core.resources import Access, Json
from bot.core.statuses import ready_word, status_word
from bot.core.touches import touches
from bot.render.blocks import context as small_print
from bot.render.blocks import section
from bot.render.findings import COLOURS, reason
from bot.render.text import bold, code, escape, typed
from bot.steps.drafts import drafted, sent
from bot.steps.settling import Settling, settle

SETTLING = 45.0  # seconds to follow a new pod; within the time that a change has
_QUOTED = 600


@click.argument("template", type=TEMPLATE_NAME, required=False, help="The template; otherwise a form asks.")
@click.argument(
    "words",
    type=TEXT,
    nargs=-1,
    metavar="[NAME] [PARAMETER=VALUE]…",
    help="The pod's name and the template's parameters; without them a form asks.",
)
@click.option("-l", "--labels", type=LABELS, help="Labels for the pod: key=value, several joined by commas.")
@click.option("--ttl", type=DURATION, help="Let Kubernetes end it after this time, such as 1h; otherwise never.")
@click.option("--yaml", is_flag=True, help="From a Pod's YAML, by form or in a mention's code block.")
@click.option("--dry-run", is_flag=True, help="Have the server check it, and create nothing.")
@dataclass(frozen=True, slots=True)
class Create:
    """Which template, filled with what; of `words`, the one without “=” is the pod's name. `yaml`: none, but YAML."""

    template: str | None
    words: tuple[str, ...]
    labels: tuple[tuple[str, str], ...] | None
    ttl: int | None
    yaml: bool
    dry_run: bool

    @property
    def name(self) -> PodName | None:
        """The name that was given, if any."""
        names = [word for word in self.words if "=" not in word]
        if len(names) > 1:
            hint = "type one name, and parameters as `name=value`"
            raise UsageError(f"“{names[1][:60]}” is a second name", hint=hint, verb="create")
        return pod_name(names[0]) if names else None

    @property
    def values(self) -> dict[str, str]:
        """The template's parameters that were given."""
        pairs = [parameter(word) for word in self.words if "=" in word]
        values = dict(pairs)
        if len(values) < len(pairs):
            raise UsageError("a parameter is there twice", hint="give each parameter once", verb="create")
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation(Plan):
    """The pod to create, complete; what the server made of it when it only checked it; the line that creates it."""

    manifest: Json = field(repr=False)
    checked: Json = field(repr=False)
    again: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The server would create this pod; nothing was created. `line` would create it."""

    pod: Pod
    line: str


@dataclass(frozen=True, slots=True)
class Created:
    """The pod was created, and has come this far."""

    state: Settling


Result = Checked | Created


async def plan(context: Context, asked: Create) -> Creation:
    """Make the pod's manifest and have the server check it, under strict validation; name what it touches."""
    wish = Wish(asked.template, asked.name, suffix(context.ask.request_id), asked.values, yaml=asked.yaml)
    draft = await drafted(context, wish)
    body = manifest(
        draft.pod,
        name=draft.name,
        namespace=context.namespace,
        labels=dict(asked.labels or ()),
        annotations=created_by(context.ask),
        ttl=asked.ttl,
        template=draft.template,
    )
    verb = "check (dry run)" if asked.dry_run else "create"
    again = partial(line, draft.source, labels=asked.labels or (), ttl=asked.ttl, namespace=context.namespace)
    return Creation(
        summary=f"{verb} pod {draft.name} {draft.origin}",
        notes=(*notes(body, asked.ttl), *draft.facts),
        pins={f"manifest/{draft.name}": digest(body)},
        asks=bool(touches(body)) and not asked.dry_run,
        line=again(dry_run=asked.dry_run),
        again=again(dry_run=False),
        manifest=body,
        checked=await sent(context, body, dry_run=True),
    )


async def run(context: Context, asked: Create, plan: Creation) -> AsyncIterator[Result]:
    """Create the pod, then follow it; a dry run ends with what the server would create."""
    if asked.dry_run:
        yield Checked(Pod.of(plan.checked), plan.again)
        return
    made = Pod.of(await sent(context, plan.manifest, dry_run=False))
    async for state in settle(context, made, seconds=SETTLING):
        yield Created(state)


def render(result: Result) -> Reply:
    """Say how far the pod has come, why it does not run, and what to type next."""
    if isinstance(result, Checked):
        answer = f":ballot_box_with_check: *Checked only* · the server would create pod {code(result.pod.name)}"
        same = ", with the same YAML" if "--yaml" in result.line.split() else ""
        return Reply(answer, (section(answer), small_print(f"To create it: {typed(result.line)}{same}")))
    state = result.state
    answer = f"{_word(state)} · pod {code(state.pod.name)}{_details(state)}"
    return Reply(answer, (section(answer), *reason(state.finding, _QUOTED), *_small(state)))


def _word(state: Settling) -> str:
    word = status_word(state.pod)
    if state.gone:
        return ":warning: *Gone*"
    if state.last and state.stage is Stage.STARTING:
        return f":warning: *Not running yet* ({escape(word)})"
    return f"{COLOURS[state.stage]} {bold(word)}"


_TALKING = (Stage.RUNNING, Stage.COMPLETED, Stage.FAILED)  # have run, and so have a log


def _details(state: Settling) -> str:
    if state.gone:
        return ", deleted or replaced by somebody meanwhile"
    if state.stage is Stage.COMPLETED:
        return ", which has done its work"
    late = f", after {SETTLING:.0f} s" if state.last and state.stage is Stage.STARTING else ""
    node = f" on node {code(state.pod.node)}" if state.pod.node else ""
    return f", {ready_word(state.pod)} ready{node}{late}"


def _small(state: Settling) -> Iterator[Block]:
    if not state.last:
        return
    if state.unread:
        yield small_print("Its events are not shown: you may not read events here.")
    name, where = state.pod.name, f"-n {state.pod.namespace}"
    found = state.finding.lines if state.finding else ()
    usual = "list" if state.gone else f"logs {name}" if state.stage in _TALKING else f"describe {name}"
    lines = (*(found or (usual,)), *(() if state.gone else (f"delete {name}",)))
    yield small_print(f"Next: {', '.join(typed(f'{line} {where}') for line in lines)}")


COMMAND = Change(
    name="create",
    request=Create,
    plan=plan,
    run=run,
    render=render,
    summary="Create a pod from a template or from YAML",
    takes_document=True,
    form=CreateForm(),
    needs=(
        Access("create", "pods"),
        Access("get", "pods"),
        Access("list", "events", optional=True),
        Access("get", "podtemplates", optional=True, policy="pod_templates"),
    ),
    examples=(
        "create single",
        "create single web image=nginx:1.22 -l team=shop",
        "create debug --ttl 1h",
        "create sidecar my-sidecar --dry-run",
        "create --yaml",
    ),
)
