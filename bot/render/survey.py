"""How a namespace's triage is told: grouped by cause and owner, first what hurts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.replies import Block, Offer
from bot.core.triage.findings import Finding
from bot.core.triage.standing import Standing
from bot.core.triage.suspects import Suspect
from bot.core.triage.verdict import Verdict
from bot.render.blocks import quote, section
from bot.render.cutting import excerpt
from bot.render.text import bold, code, counted
from bot.render.triage import advice, cause

_NAMED = 5
_BUTTONS = 3
_QUOTED = 300


@dataclass(frozen=True, slots=True)
class Hurt:
    """Pods of one owner with one cause; `finding` is None where no rule names one."""

    owner: str
    pods: tuple[Suspect, ...]
    finding: Finding | None


def grouped(looked: Sequence[tuple[tuple[Suspect, ...], Verdict]]) -> tuple[Hurt, ...]:
    """Return groups with a cause, or with trouble that has none, those of one owner and cause as one."""
    alike: dict[tuple[str, str], Hurt] = {}
    for pods, verdict in looked:
        if verdict.first is None and verdict.standing is not Standing.TROUBLED:
            continue
        owner = pods[0].owner
        key = (owner or pods[0].name, verdict.first.rule if verdict.first else "")
        known = alike.get(key)
        alike[key] = Hurt(owner, (*(known.pods if known else ()), *pods), known.finding if known else verdict.first)
    return tuple(alike.values())


def group_blocks(group: Hurt) -> Iterator[Block]:
    """Yield one group: who, why, how sure, and the first proof."""
    found = group.finding
    why = cause(found) if found else "no rule that podbot knows names a cause"
    sure = f" ({found.sureness.word})" if found else ""
    lines = (f"{bold(who(group))}: {why}{sure}", _names(group), advice(found) if found else "")
    yield section("\n".join(filter(None, lines)))
    if found and found.evidence:
        yield quote(excerpt(found.evidence[0].quote, _QUOTED))


def _names(group: Hurt) -> str:
    """Return the pods of a controller; one that nobody made is named already."""
    names = ", ".join(code(one.name) for one in group.pods[:_NAMED])
    more = f" and {len(group.pods) - _NAMED:,} more" if len(group.pods) > _NAMED else ""
    return f"{names}{more}" if group.owner else ""


def who(group: Hurt) -> str:
    """Return "6 pods of Deployment api", or the one pod."""
    if group.owner:
        return f"{counted(len(group.pods), 'pod')} of {group.owner}"
    return f"pod {group.pods[0].name}"


def beside_block(verdict: Verdict) -> Iterator[Block]:
    """Yield what a controller or a Service shows."""
    for found in (verdict.first, *verdict.others):
        if found:
            mend = f"\n{advice(found)}" if found.advice else ""
            yield section(f"{bold('No pod')}: {cause(found)} ({found.sureness.word}){mend}")


def left_out(left: Sequence[Suspect]) -> str:
    """Say which pods were not looked at."""
    names = ", ".join(code(one.name) for one in left[:_NAMED])
    return f"{counted(len(left), 'more pod')} not looked at closely: {names}{' …' if len(left) > _NAMED else ''}"


def offers(found: Sequence[Hurt], namespace: str) -> tuple[Offer, ...]:
    """Offer a closer look at one pod of each of the first groups."""
    names = [group.pods[0].name for group in found[:_BUTTONS]]
    return tuple(Offer(f"Triage {name}", f"triage {name} -n {namespace}") for name in names)
