"""`status`: how podbot itself is, also when the API server is down."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.ages import age, duration
from bot.core.commands import Context, Read
from bot.core.replies import Reply
from bot.core.vitals import Vitals
from bot.render.blocks import context as small_print
from bot.render.blocks import section, table
from bot.render.text import bold, code, counted, escape, typed


@dataclass(frozen=True, slots=True)
class Status:
    """Nothing more is asked."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was found at `now`."""

    vitals: Vitals
    now: datetime


async def run(context: Context, _: Status) -> AsyncIterator[Told]:
    """Take the vitals; the one call of that is podbot's own."""
    vitals = await context.vitals()
    yield Told(vitals, context.clock.now())


def render(result: Told) -> Reply:
    """Say whether all is well, then everything in one table."""
    vitals = result.vitals
    troubles = list(_troubles(vitals))
    well = ":large_green_circle: " + bold("All is well")
    verdict = f":warning: {bold('Not all is well')}: {'; '.join(troubles)}" if troubles else well
    answer = f"{verdict} · podbot {escape(vitals.version)} for {code(vitals.cluster)}"
    rows = [
        ("podbot", _podbot(result)),
        ("Cluster", f"{vitals.cluster}, {_server(vitals)}"),
        ("Slack", _slack(vitals)),
        ("Policy", _policy(result)),
        ("Templates", counted(vitals.templates, "template") + (_UNUSED if vitals.templates_broken else "")),
        ("Commands", _load(vitals)),
    ]
    then = "Whoever runs podbot finds the details in its log." if troubles else f"{typed('can')} shows what you may do."
    return Reply(answer, (section(answer), table(("What", "How it is"), rows), small_print(then)))


_UNUSED = "; a later edit is broken and not used"


def _troubles(vitals: Vitals) -> Iterator[str]:
    if vitals.server.trouble:
        yield f"the API server {vitals.server.trouble}"
    if not vitals.slack.connected:
        yield "Slack does not reach this replica"
    if vitals.policy.broken:
        yield "the policy file is broken"
    if vitals.templates_broken:
        yield "the templates are broken"


def _podbot(result: Told) -> str:
    vitals = result.vitals
    revision = f", revision {vitals.revision}" if vitals.revision else ""
    return f"{vitals.version}{revision}, replica {vitals.replica}, up for {age(vitals.started, result.now)}"


def _server(vitals: Vitals) -> str:
    if vitals.server.trouble:
        return f"whose API server {vitals.server.trouble}"
    return f"Kubernetes {vitals.server.version}, answered in {vitals.server.latency * 1000:,.0f} ms"


def _slack(vitals: Vitals) -> str:
    state = "connected" if vitals.slack.connected else "not connected"
    silent = vitals.slack.silent
    heard = "" if silent is None else f", heard {duration(timedelta(seconds=silent))} ago"
    return f"{vitals.slack.mode}, {state}{heard}"


def _policy(result: Told) -> str:
    policy = result.vitals.policy
    frozen = "; changes are frozen" if result.vitals.frozen else ""
    return f"in force for {age(policy.since, result.now)}{_UNUSED if policy.broken else ''}{frozen}"


def _load(vitals: Vitals) -> str:
    load = vitals.load
    long = f"{load.long} of {load.most_long} long ones, such as waits and followed messages"
    return f"{load.running} of {load.at_once} run, {load.waiting} of {load.room} wait; {long}"


COMMAND = Read(
    name="status",
    request=Status,
    run=run,
    render=render,
    summary="Show how podbot itself is",
    examples=("status",),
    scope_free=True,
)
