"""`create`: a pod from a template, followed until it runs or until it is clear why it does not."""

import hashlib
import json
import shlex
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import click

from bot.core.ages import duration
from bot.core.arguments import DURATION, LABELS, TEMPLATE_NAME, TEXT, parameter
from bot.core.commands import Change, Context, Plan
from bot.core.creating import CreateForm
from bot.core.diagnosis import Stage
from bot.core.errors import Forbidden, Invalid, UsageError
from bot.core.filling import created_by, fill, generated_name, manifest
from bot.core.guesses import did_you_mean
from bot.core.names import PodName, pod_name
from bot.core.pods import Pod
from bot.core.replies import Block, Reply
from bot.core.resources import PODS, Access, Json
from bot.core.statuses import ready_word, status_word
from bot.core.touches import Touches, touches
from bot.render.blocks import context as small_print
from bot.render.blocks import section
from bot.render.findings import COLOURS, reason
from bot.render.text import bold, code, escape, typed
from bot.steps.settling import Settling, settle
from config.templates import Template

SETTLING = 45.0  # seconds to follow a new pod; within the time that a change has
_QUOTED = 600
_SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789"  # Kubernetes' own for generated names: they make no words
_SUFFIX_LENGTH = 5


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
    """Which template, filled with what; of `words`, the one without “=” is the pod's name."""

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
    """The pod to create, complete; and what the server made of it when it only checked it."""

    manifest: Json = field(repr=False)
    checked: Json = field(repr=False)


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
    """Fill the template and have the server check the pod, under strict validation; name what it touches."""
    if asked.yaml:
        raise UsageError(
            "there is no YAML", hint="put a Pod's YAML into a code block beside the mention", verb="create"
        )
    if asked.template is None:
        raise UsageError("TEMPLATE is missing", hint="type `/pod templates` to see them", verb="create")
    template = _template(context, asked.template)
    name = asked.name or PodName(generated_name(template.name, suffix(context.ask.request_id)))
    body = manifest(
        fill(template, asked.values),
        name=name,
        namespace=context.namespace,
        labels=dict(asked.labels or ()),
        annotations=created_by(context.ask),
        ttl=asked.ttl,
        template=template.name,
    )
    touched = touches(body)
    verb = "check (dry run)" if asked.dry_run else "create"
    return Creation(
        summary=f"{verb} pod {name} from template {template.name}",
        notes=(*_touching(touched), *_ending(asked.ttl)),
        pins={f"manifest/{name}": _digest(body)},
        asks=bool(touched) and not asked.dry_run,
        line=_line(context, asked, name),
        manifest=body,
        checked=await _sent(context, body, dry_run=True),
    )


async def run(context: Context, asked: Create, plan: Creation) -> AsyncIterator[Result]:
    """Create the pod, then follow it; a dry run ends with what the server would create."""
    if asked.dry_run:
        pod = Pod.of(plan.checked)
        yield Checked(pod, _line(context, replace(asked, dry_run=False), pod.name))
        return
    made = Pod.of(await _sent(context, plan.manifest, dry_run=False))
    async for state in settle(context, made, seconds=SETTLING):
        yield Created(state)


def suffix(request_id: str) -> str:
    """Return the end of a generated name: the same for one request, in its plan and in its run."""
    drawn = hashlib.sha256(request_id.encode()).digest()[:_SUFFIX_LENGTH]
    return "".join(_SUFFIX_LETTERS[byte % len(_SUFFIX_LETTERS)] for byte in drawn)


def _template(context: Context, name: str) -> Template:
    try:
        return context.templates[name]
    except KeyError as error:
        hint = did_you_mean(name, context.templates, "type `/pod templates` to see them")
        raise UsageError(f"there is no template “{name[:60]}”", hint=hint, verb="create") from error


async def _sent(context: Context, body: Json, *, dry_run: bool) -> Json:
    """Create the pod, or have it checked. A full quota or another admission plugin's no comes as a 403, like RBAC's."""
    try:
        return await context.cluster.create(PODS, body, dry_run=dry_run)
    except Forbidden as error:
        if "cannot create resource" in str(error):
            raise
        raise Invalid(str(error), status=error.status, cause=error.cause) from error


def _touching(touched: Touches) -> Iterator[str]:
    if touched.service_account:
        yield f"It runs as the service account {touched.service_account}."
    if touched.host:
        yield f"It reaches its host: {', '.join(touched.host)}."
    if touched.secrets:
        yield f"It can read the Secrets: {', '.join(touched.secrets)}."
    if touched.claims:
        yield f"It uses the claims: {', '.join(touched.claims)}."


def _ending(ttl: int | None) -> Iterator[str]:
    if ttl is not None:
        yield f"Kubernetes ends it after {_span(ttl)}; it can be looked at until somebody deletes it."


def _span(seconds: float) -> str:
    return duration(timedelta(seconds=seconds))


def _digest(body: Json) -> str:
    """Return what tells one manifest from another, so that the pod made is the pod that was shown."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def _line(context: Context, asked: Create, name: str) -> str:
    """Return the line that asks for the same, with the pod's name and the namespace written out."""
    parameters = (word for word in asked.words if "=" in word)
    labels = ",".join(f"{key}={value}" for key, value in asked.labels or ())
    options = (
        *(("-l", labels) if labels else ()),
        *(("--ttl", f"{asked.ttl}s") if asked.ttl else ()),
        *(("--dry-run",) if asked.dry_run else ()),
    )
    return shlex.join(("create", asked.template or "", name, *parameters, *options, "-n", context.namespace))


def render(result: Result) -> Reply:
    """Say how far the pod has come, why it does not run, and what to type next."""
    if isinstance(result, Checked):
        answer = f":ballot_box_with_check: *Checked only* · the server would create pod {code(result.pod.name)}"
        return Reply(answer, (section(answer), small_print(f"To create it: {typed(result.line)}")))
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
    summary="Create a pod from a template",
    form=CreateForm(),
    needs=(Access("create", "pods"), Access("get", "pods"), Access("list", "events", optional=True)),
    examples=(
        "create single",
        "create single web image=nginx:1.22 -l team=shop",
        "create debug --ttl 1h",
        "create sidecar web --dry-run",
        "create --yaml",
    ),
)
