"""From a snapshot to a verdict: every rule is asked, vaguer findings go, and the surest one comes first."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.triage.findings import Finding, Sureness
from bot.core.triage.registry import FAMILIES
from bot.core.triage.rules import Rule
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.standing import Standing, standing
from bot.core.triage.verdict import Verdict

_RULES: Sequence[Rule] = tuple(rule for family in FAMILIES for rule in family.rules)
_ORDER: Mapping[str, int] = {rule.id: index for index, rule in enumerate(_RULES)}
_FAMILY: Mapping[str, int] = {rule.id: index for index, family in enumerate(FAMILIES) for rule in family.rules}
_SUPPRESSES: Mapping[str, frozenset[str]] = {rule.id: frozenset(rule.suppresses) for rule in _RULES}
_WELL = frozenset({Standing.HEALTHY, Standing.FINISHED, Standing.ENDING})
_OF_ENDS = frozenset({"node", "deletion"})
_OF_DELETED: Sequence[Rule] = tuple(rule for family in FAMILIES if family.name in _OF_ENDS for rule in family.rules)


def judge(seen: Snapshot) -> Verdict:
    """Return what is wrong, the first cause apart; what runs well, has finished or is deleted is asked of few rules."""
    stands = standing(seen)
    rules = _RULES if seen.pod.deletion_timestamp is None else _OF_DELETED
    asked = [rule for rule in rules if rule.always or stands not in _WELL]
    found = _sharpest([finding for rule in asked for finding in rule(seen)])
    ranked = tuple(sorted(found, key=_rank))
    return Verdict(stands, ranked[0] if ranked else None, ranked[1:], tuple(_looked_at(seen)))


def _rank(found: Finding) -> tuple[int, int, int, int]:
    return found.sureness, _FAMILY[found.rule], -found.weight, _ORDER[found.rule]


def _sharpest(found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings that no sharper one of the same container, or of the whole pod, makes needless."""
    for one in found:
        if not any(_yields(one, other) for other in found):
            yield one


def _yields(vague: Finding, sharp: Finding) -> bool:
    apart = vague.container and sharp.container and vague.container != sharp.container
    return vague.rule in _SUPPRESSES[sharp.rule] and sharp.sureness is not Sureness.POSSIBLE and not apart


def _looked_at(seen: Snapshot) -> Iterator[str]:
    """Yield what was read, in the order of proof."""
    if seen.raw:
        yield "the pod"
    if seen.happened:
        yield "its events" if seen.raw else "events"
    yield from (f"the log of {one.container}{' before' if one.previous else ''}" for one in seen.logs if one.text)
    named = {"its controller": seen.owners, "its node": seen.node, "its claims": seen.claims}
    more = {"Services": seen.services, "endpoints": seen.slices}
    yield from (name for name, part in {**named, **more}.items() if part)
