"""`resolve`: say in the channel what was wrong with a pod, who mended it and how; nothing in the cluster changes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import click

from bot.core.arguments import POD, TEXT
from bot.core.commands import Change, Context, Plan
from bot.core.errors import UsageError
from bot.core.names import PodName
from bot.core.replies import Reply
from bot.core.resolving import LONGEST, ResolveForm
from bot.render.blocks import section
from bot.render.text import escape


@click.argument("pod", type=POD, help="The pod that needed help; it may be gone by now.")
@click.option("--cause", type=TEXT, help="What it was.")
@click.option("--note", type=TEXT, help="What mended it.")
@dataclass(frozen=True, slots=True)
class Resolve:
    """Which pod's trouble, what it was, and what mended it."""

    pod: PodName
    cause: str | None
    note: str | None

    def __post_init__(self) -> None:
        """Refuse what is too long to be read."""
        if any(len(text or "") > LONGEST for text in (self.cause, self.note)):
            raise UsageError(f"a text is longer than {LONGEST} characters", hint="shorten it")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who says what it was, and what mended it."""

    user: str
    cause: str
    note: str


async def plan(_: Context, asked: Resolve) -> Plan:
    """Touch nothing; the pod may be gone, and another in its place."""
    if not asked.note:
        hint = "type `/pod resolve POD --note WORDS`, or press Resolve on a shared triage"
        raise UsageError("what mended it is missing", hint=hint)
    return Plan(f"resolve what was wrong with pod {asked.pod}")


async def run(context: Context, asked: Resolve, _: Plan) -> AsyncIterator[Resolved]:
    """Say who closes it; the message and the audit record are all that is made."""
    yield Resolved(context.ask.user, asked.cause or "", asked.note or "")


def render(result: Resolved) -> Reply:
    """Say what it was, then who mended it, and how."""
    cause = f"*What it was*: {escape(result.cause)}\n" if result.cause else ""
    said = f"{cause}*Mended by* <@{result.user}>: {escape(result.note)}"
    return Reply(said, (section(said),))


COMMAND = Change(
    name="resolve",
    request=Resolve,
    plan=plan,
    run=run,
    render=render,
    summary="Note what was wrong with a pod, and who mended it",
    form=ResolveForm(),
    examples=("resolve web-1 --note 'rolled back'", "resolve web-1 --cause 'no such tag' --note 'pushed it'"),
)
