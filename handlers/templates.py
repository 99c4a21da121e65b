"""`templates`: what `create` can make: podbot's own, and the namespace's PodTemplates where policy says so."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import click

from bot.core.arguments import TEMPLATE_NAME
from bot.core.commands import Context, Read
from bot.core.creation import facts
from bot.core.filling import example, preview
from bot.core.reading import mapping, text
from bot.core.replies import Block, Reply
from bot.core.resources import Access, Json
from bot.core.touches import told, touches
from bot.render.blocks import context as small_print
from bot.render.blocks import section, table
from bot.render.text import bold, counted, escape, typed
from bot.steps.templates import NONE, PodTemplates, pod_template, pod_templates
from config.parameters import IMAGE_LONGEST, LONGEST
from config.templates import Parameter, Template


@click.argument("name", type=TEMPLATE_NAME, required=False, help="The template to show; otherwise all.")
@dataclass(frozen=True, slots=True)
class Templates:
    """One template, or all of them."""

    name: str | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All templates, and what the namespace has of its own."""

    templates: tuple[Template, ...]
    theirs: PodTemplates = NONE


@dataclass(frozen=True, slots=True)
class Theirs:
    """One PodTemplate object of a namespace."""

    name: str
    namespace: str
    pod: Json = field(repr=False)


async def run(context: Context, asked: Templates) -> AsyncIterator[Catalogue | Template | Theirs]:
    """Look them up; podbot's own come first, and the cluster is asked only where policy lets podbot look there."""
    if asked.name is None:
        yield Catalogue(tuple(context.templates.values()), await pod_templates(context))
    elif asked.name in context.templates:
        yield context.templates[asked.name]
    else:
        found = await pod_template(context, asked.name)
        yield Theirs(asked.name, context.namespace, mapping(found.get("template")))


def render(result: Catalogue | Template | Theirs) -> Reply:
    """Show a table of templates, or all about one."""
    if isinstance(result, Catalogue):
        return _all(result)
    return _one(result) if isinstance(result, Template) else _theirs(result)


def _all(result: Catalogue) -> Reply:
    rows = [
        *((template.name, template.summary, _needed(template)) for template in result.templates),
        *_their_rows(result),
    ]
    notes = tuple(small_print(note) for note in _notes(result.theirs))
    if not rows:
        answer = "There are no templates."
        return Reply(answer, (section(answer), *notes, small_print("Whoever runs podbot here can add some.")))
    answer = f"{bold(counted(len(rows), 'template'))} to create pods from"
    steps = small_print(f"{typed('templates NAME')} shows one, {typed('create NAME')} makes a pod of it.")
    return Reply(answer, (section(answer), table(("Template", "Summary", "Must be given"), rows), *notes, steps))


def _their_rows(result: Catalogue) -> Iterator[tuple[str, str, str]]:
    """Yield the PodTemplates that can be created from by name: one of podbot's own goes before its namesake."""
    own = {template.name for template in result.templates}
    for item in result.theirs.items:
        metadata = mapping(item.get("metadata"))
        if (name := text(metadata.get("name"))) not in own:
            yield name, f"PodTemplate of namespace {text(metadata.get('namespace'))}", ""


def _notes(theirs: PodTemplates) -> Iterator[str]:
    if theirs.problem:
        yield f"The namespace's PodTemplates are not shown: {theirs.problem}."
    if theirs.unread != 0:
        yield f"There are {f'{theirs.unread:,}' if theirs.unread else 'some'} more PodTemplates, which are not shown."


def _one(template: Template) -> Reply:
    answer = f"{bold(template.name)} · {escape(template.summary)}"
    rows = [
        (name, parameter.type, _default(parameter), _limits(parameter), parameter.summary)
        for name, parameter in template.parameters.items()
    ]
    headers = ("Parameter", "Type", "Default", "Limits", "Summary")
    parameters: tuple[Block, ...] = (table(headers, rows),) if rows else ()
    line = small_print(f"Type for example {typed(example(template))}.")
    return Reply(answer, (section(answer), *parameters, _reach(preview(template)), line))


def _theirs(result: Theirs) -> Reply:
    answer = f"{bold(result.name)} · PodTemplate of namespace {escape(result.namespace)}, without parameters"
    inside = section("\n".join(f"• {escape(fact)}" for fact in facts(result.pod)) or "It has no containers.")
    line = small_print(f"Type for example {typed(f'create {result.name} my-pod -n {result.namespace}')}.")
    return Reply(answer, (section(answer), inside, _reach(result.pod), line))


def _reach(pod: Json) -> Block:
    """Say what a pod of it would touch, which `create` then asks about."""
    reached = [f"• {escape(sentence)}" for sentence in told(touches(pod))]
    if not reached:
        return section("Its pod touches nothing outside itself, so that it is created without a question.")
    return section("\n".join(("What its pod touches, and a button asks about:", *reached)))


def _needed(template: Template) -> str:
    return ", ".join(name for name, parameter in template.parameters.items() if parameter.usual is None)


def _default(parameter: Parameter) -> str:
    return "must be given" if parameter.usual is None else parameter.usual


def _limits(parameter: Parameter) -> str:
    """Return what a value must be: "1 to 65535", "matches [a-z]+", "at most 1,000 characters"."""
    least, most = parameter.minimum, parameter.maximum
    if least is not None and most is not None:
        return f"{least} to {most}"
    if least is not None or most is not None:
        return f"at most {most}" if least is None else f"at least {least}"
    if parameter.choices:
        return f"one of {', '.join(parameter.choices)}"
    if parameter.pattern:
        return f"matches {parameter.pattern.pattern}"
    longest = {"string": LONGEST, "image": IMAGE_LONGEST}.get(parameter.type)
    return f"at most {longest:,} characters" if longest else ""


COMMAND = Read(
    name="templates",
    request=Templates,
    run=run,
    render=render,
    summary="Show the templates that pods can be created from",
    needs=(
        Access("get", "podtemplates", optional=True, policy="pod_templates"),
        Access("list", "podtemplates", optional=True, policy="pod_templates"),
    ),
    examples=("templates", "templates sidecar"),
    scope_optional=True,
)
