"""`list`: pods, as the API server prints them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import click

from bot.core.arguments import FIELD_SELECTOR, SELECTOR
from bot.core.commands import Context, Read, Scope
from bot.core.errors import Forbidden
from bot.core.replies import Block, Reply
from bot.core.resources import PODS, Access, Column, Row, Table
from bot.render.blocks import context as small_print
from bot.render.blocks import section, table
from bot.render.text import bold, code, counted, typed
from bot.steps.gathering import each

LIMIT = 500  # pods read of one namespace
_NOTHING = Table((), ())


@click.option("-l", "--selector", type=SELECTOR, help="Only pods with these labels.")
@click.option("--field-selector", type=FIELD_SELECTOR, help="Only pods with these fields.")
@click.option("--show-labels", is_flag=True, help="Show each pod's labels.")
@click.option("-o", "--output", type=click.Choice(["wide"]), help="Show node and address as well.")
@dataclass(frozen=True, slots=True)
class ListPods:
    """Which pods, and how much of each."""

    selector: str | None
    field_selector: str | None
    show_labels: bool
    output: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """One namespace's pods, or in `denied` the server's words where the asker may not list them."""

    namespace: str
    table: Table = _NOTHING
    denied: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """The pods of one namespace, or of several."""

    cluster: str
    asked: ListPods
    parts: tuple[Part, ...]


async def run(context: Context, asked: ListPods) -> AsyncIterator[Listed]:
    """Read each namespace's Table; with several, one that may not be read does not spoil the rest."""
    if len(context.scopes) == 1:
        parts = [await _read(asked, context.scopes[0])]
    else:
        parts = await each(partial(_read_or_denied, asked), context.scopes)
    if all(part.denied for part in parts):
        raise Forbidden(parts[0].denied)
    yield Listed(context.grant.cluster, asked, tuple(parts))


async def _read(asked: ListPods, scope: Scope) -> Part:
    found = await scope.cluster.table(
        PODS,
        selector=asked.selector or "",
        fields=asked.field_selector or "",
        limit=LIMIT,
        labels=asked.show_labels,
    )
    return Part(scope.grant.namespace, found)


async def _read_or_denied(asked: ListPods, scope: Scope) -> Part:
    try:
        return await _read(asked, scope)
    except Forbidden as error:
        return Part(scope.grant.namespace, denied=str(error))


def render(result: Listed) -> Reply:
    """Say how many, then show them; say which could not be read."""
    rows = [row for part in result.parts for row in _rows(part, result)]
    answer = f"{_how_many(result.parts)} in {_where(result)}{_matching(result.asked)}"
    denied = [part for part in result.parts if part.denied]
    blocks: list[Block] = [section(answer if rows else f"{answer}.")]
    if rows:
        blocks.append(table(_headers(result), rows))
    if denied:
        names = ", ".join(code(part.namespace) for part in denied)
        blocks.append(
            section(f":no_entry: Not allowed to list pods in {names}. {typed('can list')} says what is missing.")
        )
    return Reply(answer, (*blocks, small_print(_next_step(result, found=bool(rows)))))


def _how_many(parts: tuple[Part, ...]) -> str:
    shown = sum(len(part.table.rows) for part in parts)
    unread = [part.table.unread for part in parts if part.table.unread != 0]
    if not unread:
        return bold(counted(shown, "pod")) if shown else "No pods"
    uncounted = None in unread
    total = shown + sum(number or 0 for number in unread)
    return bold(f"{shown:,} of {'more than ' if uncounted else ''}{counted(total, 'pod')}")


def _where(result: Listed) -> str:
    if len(result.parts) == 1:
        return code(f"{result.cluster}/{result.parts[0].namespace}")
    return f"{counted(len(result.parts), 'namespace')} of {code(result.cluster)}"


def _matching(asked: ListPods) -> str:
    selectors = [code(selector) for selector in (asked.selector, asked.field_selector) if selector]
    return f" matching {' and '.join(selectors)}" if selectors else ""


def _next_step(result: Listed, *, found: bool) -> str:
    one = f"-n {result.parts[0].namespace}" if len(result.parts) == 1 else ""
    all_of_them = f"list {one or '-A'}"
    if any(part.table.unread != 0 for part in result.parts):
        return f"At most {LIMIT} of a namespace are read. Narrow it: {typed(f'{all_of_them} -l app=web')}."
    if found:
        there = f"POD {one or '-n NAMESPACE'}"
        return f"{typed(f'describe {there}')} shows how one of them is, {typed(f'logs {there}')} what it printed."
    if _matching(result.asked):
        return f"{typed(all_of_them)} shows all of them."
    return f"{typed('templates')} shows what you can create."


def _headers(result: Listed) -> list[str]:
    namespace = ["Namespace"] if len(result.parts) > 1 else []
    columns = next(part.table.columns for part in result.parts if part.table.rows)
    labels = ["Labels"] if result.asked.show_labels else []
    return [*namespace, *(column.name for column in columns if _is_shown(column, result.asked)), *labels]


def _rows(part: Part, result: Listed) -> list[list[str]]:
    return [_cells(part, row, result) for row in part.table.rows]


def _cells(part: Part, row: Row, result: Listed) -> list[str]:
    namespace = [part.namespace] if len(result.parts) > 1 else []
    labels = [",".join(f"{key}={value}" for key, value in row.labels)] if result.asked.show_labels else []
    cells = zip(part.table.columns, row.cells, strict=False)
    return [*namespace, *(cell for column, cell in cells if _is_shown(column, result.asked)), *labels]


def _is_shown(column: Column, asked: ListPods) -> bool:
    return column.priority == 0 or asked.output == "wide"


COMMAND = Read(
    name="list",
    request=ListPods,
    run=run,
    render=render,
    summary="List pods",
    needs=(Access("list", "pods"),),
    examples=("list", "list -l app=web -o wide --show-labels", "list -A --field-selector status.phase=Pending"),
    everywhere=True,
)
