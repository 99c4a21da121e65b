"""How a triage is told: the cause in the first line, then how sure it is, two proofs, and what was not looked at."""

import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.core.ages import duration, moment
from bot.core.pods import controller
from bot.core.reading import mapping, text
from bot.core.replies import Block, Offer
from bot.core.resolving import one_line
from bot.core.statuses import ready_word, status_word
from bot.core.triage.families.controllers import impact
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.next_steps import may_move
from bot.core.triage.snapshot import Snapshot, Unseen
from bot.core.triage.standing import Standing
from bot.core.triage.verdict import Verdict
from bot.render.blocks import context as small_print
from bot.render.blocks import preformatted, quote, section
from bot.render.cutting import excerpt
from bot.render.text import bold, clean, code, counted, escape, when

PROOFS = 2  # that are quoted
_QUOTED = 600  # characters of one
_CAUSE = 300
_OTHERS = 3
_NEW = timedelta(days=1)  # within which a release may be what changed
_KEPT = timedelta(hours=1)  # --event-ttl of kube-apiserver
_COLOURS = {
    Standing.HEALTHY: ":large_green_circle:",
    Standing.FINISHED: ":white_check_mark:",
    Standing.STARTING: ":hourglass_flowing_sand:",
    Standing.ENDING: ":hourglass_flowing_sand:",
    Standing.TROUBLED: ":red_circle:",
    Standing.ABSENT: ":red_circle:",
}
_CALM = {
    Standing.HEALTHY: "nothing is wrong",
    Standing.FINISHED: "it has finished, and nothing is wrong",
    Standing.STARTING: "it is starting, and nothing is wrong so far",
    Standing.ENDING: "it is ending, as it was asked to",
}
_SURE = {
    Sureness.CERTAIN: "Certain: Kubernetes says so",
    Sureness.LIKELY: "Likely",
    Sureness.POSSIBLE: "Possible",
}


def headline(seen: Snapshot, verdict: Verdict) -> str:
    """Return the first line: which pod, how it stands, and why."""
    pod = seen.pod
    where = f"{bold(f'{pod.namespace}/{pod.name}')} {escape(status_word(pod))}, {ready_word(pod)} ready"
    if verdict.first:
        colour = ":large_yellow_circle:" if verdict.standing is Standing.HEALTHY else ":red_circle:"
        return f"{colour} {where}: {cause(verdict.first)}"
    calm = _CALM.get(verdict.standing)
    if calm:
        return f"{_COLOURS[verdict.standing]} {where}: {calm}"
    return f":grey_question: {where}: no rule that podbot knows names a cause"


def cause(found: Finding) -> str:
    """Return a cause for mrkdwn, on one line."""
    return escape(excerpt(" ".join(found.cause.split()), _CAUSE))


def told(seen: Snapshot, verdict: Verdict) -> Iterator[Block]:
    """Yield what stands below the first line."""
    first = verdict.first
    if first:
        yield section(_judgement(seen, first))
        yield from proofs(first)
    if verdict.others:
        yield section("\n".join(("*Besides*", *_others(verdict.others))))
    if first is None and verdict.standing is Standing.TROUBLED:
        yield section(_unknown(seen, verdict))
    if first and first.step and first.step.is_kubectl:
        yield section(f"*Next* {code(first.step.line)}")
    notes = tuple(_notes(seen, verdict))
    if notes:
        yield small_print(*notes)


def _judgement(seen: Snapshot, first: Finding) -> str:
    """Say how sure it is, whom it hits, what changed, and what may mend it."""
    parts = (_SURE[first.sureness], impact(seen), _changed(seen))
    said = escape(" · ".join(filter(None, parts)))
    return f"{said}\n{advice(first)}" if first.advice else said


def advice(found: Finding) -> str:
    """Return what may mend it, for mrkdwn."""
    return f"{escape(' '.join(found.advice.split()))}." if found.advice else ""


def proofs(found: Finding, most: int = PROOFS) -> Iterator[Block]:
    """Yield the proofs, each with where it stands and when it was."""
    for proof in found.evidence[:most]:
        yield section(f"{_where(proof)}{f', {when(proof.at)}' if proof.at else ''}")
        text_of = excerpt(proof.quote, _QUOTED)
        yield preformatted(text_of) if "\n" in proof.quote else quote(text_of)


def _where(proof: Evidence) -> str:
    is_field = "." in proof.where and " " not in proof.where
    return code(proof.where) if is_field else escape(f"{proof.where[:1].upper()}{proof.where[1:]}")


def _others(others: Sequence[Finding]) -> Iterator[str]:
    for one in others[:_OTHERS]:
        yield f"• {cause(one)} ({one.sureness.word})"
    if len(others) > _OTHERS:
        yield f"• and {counted(len(others) - _OTHERS, 'more finding')}"


def _changed(seen: Snapshot) -> str:
    """Say that the release is new, where it is."""
    owner = seen.owners[0] if seen.owners else {}
    made = moment(mapping(owner.get("metadata")).get("creationTimestamp"))
    if made and controller(owner) and seen.now - made < _NEW:
        name = text(mapping(owner.get("metadata")).get("name"))
        return f"changed {duration(seen.now - made)} ago: release {name}"
    return ""


def _unknown(seen: Snapshot, verdict: Verdict) -> str:
    """Say what was looked at, and what happened last."""
    looked = f"Looked at {', '.join(map(escape, verdict.looked_at))}."
    last = next(reversed(seen.events), None)
    if last is None:
        return looked
    at = f", {when(last.last)}" if last.last else ""
    said = escape(excerpt(" ".join(last.message.split()), _CAUSE))
    return f"{looked} The last event: {bold(last.reason)}{at}: {said}"


def _notes(seen: Snapshot, verdict: Verdict) -> Iterator[str]:
    """Yield what could not be looked at, or may be gone."""
    if seen.unseen:
        yield unseen(seen.unseen)
    calm = verdict.first is None and verdict.standing in _CALM
    if not calm and not seen.events and _is_old(seen) and not any(one.what == "its events" for one in seen.unseen):
        yield "No events are left: Kubernetes keeps them for an hour by default."
    if not calm and seen.namesakes:
        yield f"{counted(len(seen.namesakes), 'event')} of an earlier pod of this name left out."


def unseen(parts: Sequence[Unseen]) -> str:
    """Say what could not be looked at, and why."""
    return f"Could not look at {escape('; '.join(f'{one.what}: {one.why}' for one in parts))}."


def _is_old(seen: Snapshot) -> bool:
    made: datetime | None = seen.pod.created
    return made is not None and seen.now - made > _KEPT


def offers(seen: Snapshot, verdict: Verdict) -> tuple[Offer, ...]:
    """Offer the next step where podbot has the verb, all about the pod beside it, and to move it off a bad node."""
    first, pod = verdict.first, seen.pod
    if first is None and verdict.standing is not Standing.TROUBLED:
        return ()
    beside: tuple[Offer, ...] = (
        Offer("Describe", f"describe {pod.name} -n {pod.namespace}"),
        Offer("Timeline", f"timeline {pod.name} -n {pod.namespace}"),
    )
    if first and may_move(seen, first):
        beside = (*beside, Offer("Evict", f"delete {pod.name} --evict -n {pod.namespace}"))
    step = first.step if first else None
    if step is None or step.is_kubectl or step.line in {one.line for one in beside}:
        return beside
    return (Offer(step.label, step.line), *beside)


def resolving(seen: Snapshot, verdict: Verdict) -> str:
    """Return the line that closes what was found, with the cause to begin its form with; empty where nothing was."""
    if verdict.first is None:
        return ""
    cause = one_line(excerpt(clean(verdict.first.cause), _CAUSE))  # no line may hold what nobody sees
    return f"resolve {seen.pod.name} --cause {shlex.quote(cause)} -n {seen.pod.namespace}"
