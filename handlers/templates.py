"""`templates`: what `create` can make."""

import shlex
from collections.abc import AsyncIterator
from dataclasses import dataclass

import click

from bot.core.arguments import TEMPLATE_NAME
from bot.core.commands import Context, Read
from bot.core.errors import UsageError
from bot.core.guesses import did_you_mean
from bot.core.replies import Block, Reply
from bot.render.blocks import context as small_print
from bot.render.blocks import section, table
from bot.render.text import bold, counted, escape, typed
from config.templates import Parameter, Template


@click.argument("name", type=TEMPLATE_NAME, required=False, help="The template to show; otherwise all.")
@dataclass(frozen=True, slots=True)
class Templates:
    """One template, or all of them."""

    name: str | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All templates."""

    templates: tuple[Template, ...]


async def run(context: Context, asked: Templates) -> AsyncIterator[Catalogue | Template]:
    """Look them up; nothing is read from a cluster."""
    if asked.name is None:
        yield Catalogue(tuple(context.templates.values()))
    elif asked.name in context.templates:
        yield context.templates[asked.name]
    else:
        hint = did_you_mean(asked.name, context.templates, "type `/pod templates` to see them", "/pod templates ")
        raise UsageError(f"“{asked.name[:60]}” is not a template", hint=hint, verb="templates")


def render(result: Catalogue | Template) -> Reply:
    """Show a table of templates, or of one template's parameters."""
    return _one(result) if isinstance(result, Template) else _all(result)


def _all(result: Catalogue) -> Reply:
    if not result.templates:
        answer = "There are no templates."
        return Reply(answer, (section(answer), small_print("Whoever runs podbot here can add some.")))
    answer = f"{bold(counted(len(result.templates), 'template'))} to create pods from"
    rows = [(template.name, template.summary, _needed(template)) for template in result.templates]
    steps = small_print(f"{typed('templates TEMPLATE')} shows one, {typed('create TEMPLATE')} makes a pod of it.")
    return Reply(answer, (section(answer), table(("Template", "Summary", "Must be given"), rows), steps))


def _one(template: Template) -> Reply:
    answer = f"{bold(template.name)} · {escape(template.summary)}"
    rows = [
        (name, _type(parameter), "must be given" if parameter.usual is None else parameter.usual, parameter.summary)
        for name, parameter in template.parameters.items()
    ]
    parameters: tuple[Block, ...] = (table(("Parameter", "Type", "Default", "Summary"), rows),) if rows else ()
    return Reply(answer, (section(answer), *parameters, small_print(f"Type for example {typed(_example(template))}.")))


def _needed(template: Template) -> str:
    return ", ".join(name for name, parameter in template.parameters.items() if parameter.usual is None)


def _type(parameter: Parameter) -> str:
    """Return the type with its limits: "integer, 1 to 65535"."""
    if parameter.choices:
        return f"one of {', '.join(parameter.choices)}"
    limits = {
        (True, True): f", {parameter.minimum} to {parameter.maximum}",
        (True, False): f", at least {parameter.minimum}",
        (False, True): f", at most {parameter.maximum}",
    }
    return parameter.type + limits.get((parameter.minimum is not None, parameter.maximum is not None), "")


def _example(template: Template) -> str:
    """Return a line that works: every parameter that must be given, in capitals, or else the first one."""
    needed = [name for name, parameter in template.parameters.items() if parameter.usual is None]
    chosen = needed or list(template.parameters)[:1]
    values = (f"{name}={template.parameters[name].usual or name.upper()}" for name in chosen)
    return shlex.join(("create", template.name, f"my-{template.name}", *values))


COMMAND = Read(
    name="templates",
    request=Templates,
    run=run,
    render=render,
    summary="Show the templates that pods can be created from",
    examples=("templates", "templates sidecar"),
    scope_free=True,
)
