"""The messages of a watch: an incident from its opening to its end, several in one, proofs, and the watch's end."""

import shlex
from collections.abc import Sequence
from dataclasses import replace

from bot.core.ages import duration
from bot.core.incidents import Incident
from bot.core.replies import Block, Reply
from bot.core.tellings import Telling
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.verdict import Verdict
from bot.core.watches import Watch
from bot.render import triage
from bot.render.blocks import context, section
from bot.render.changes import Pressable, pressable
from bot.render.text import bold, code, counted, escape, typed, when

_NAMES = 5  # of pods, in a message
_LISTED = 20  # incidents in one message
_DOUBT = ":grey_question: podbot was stopped while it told this, so it may stand here twice."


def told(telling: Telling, buttons: Sequence[Pressable] = (), *, unwatched: bool = False, doubt: bool = False) -> Reply:
    """Return the message as it is now; `unwatched`: nobody watches any more, `doubt`: it may have been told before."""
    if telling.ended:
        return _ended(telling)
    if len(telling.incidents) == 1:
        first, blocks = _one(telling.watch, telling.incidents[0])
    else:
        first, blocks = _several(telling)
    last = (context(f"No longer watched: what became of it is not known. {_off(telling.watch)}"),) if unwatched else ()
    said = (section(first), *blocks, *last, *((context(_DOUBT),) if doubt else ()))
    return pressable(Reply(first, said), buttons)


def proven(seen: Snapshot, verdict: Verdict, who: str) -> Reply:
    """Return what goes into the thread: how one of the pods stands, as a triage tells it; `who` is who has looked."""
    unseen = tuple(replace(one, why=one.why.replace("you may", f"{who} may")) for one in seen.unseen)
    first = triage.headline(seen, verdict)
    told_of = tuple(triage.told(replace(seen, unseen=unseen), verdict))
    lines = ", ".join(typed(one.line) for one in triage.offers(seen, verdict))
    then = (context(f"Next: {lines}"),) if lines else ()
    return Reply(first, (section(first), *told_of, *then))


def _one(watch: Watch, one: Incident) -> tuple[str, tuple[Block, ...]]:
    first = f"{_state(one)} · {escape(one.cause)} · {code(watch.place)}"
    since = f"Since {when(one.opened)}{_course(one)}"
    names = ", ".join(map(code, one.pods[:_NAMES]))
    least = "at least " if one.at_least else ""
    more = f" and {least}{len(one.pods) - _NAMES} more" if len(one.pods) > _NAMES else ""
    pods = (section(f"{names}{more}"),) if one.is_open and names else ()
    return first, (*pods, context(since))


def _several(telling: Telling) -> tuple[str, tuple[Block, ...]]:
    """Say what came at once, when the channel had got enough messages for a minute."""
    still = sum(one.is_open for one in telling.incidents)
    sign = ":rotating_light:" if still else ":white_check_mark:"
    many = counted(len(telling.incidents), "more incident")
    over = "" if still == len(telling.incidents) else f", {still} of them open"
    first = f"{sign} {bold(f'And {many}')}{over} · {code(telling.watch.place)}"
    lines = [f"• {_state(one)}: {escape(one.cause)}" for one in telling.incidents[:_LISTED]]
    left = len(telling.incidents) - _LISTED
    lines += [f"• and {left} more"] if left > 0 else []
    return first, (section("\n".join(lines)), context(f"Since {when(telling.at)}"))


def _ended(telling: Telling) -> Reply:
    watch = telling.watch
    first = f":heavy_minus_sign: {bold('No longer watched')} · {code(watch.place)}: {escape(telling.ended)}"
    who = context(f"<@{watch.user}> turned it on {when(watch.since)}. {_off(watch)}")
    return Reply(first, (section(first), who))


def _off(watch: Watch) -> str:
    selected = ("-l", watch.selector) if watch.selector else ()
    return f"{typed(shlex.join(('watch', 'on', *selected, '-n', watch.namespace)))} watches again."


def _state(one: Incident) -> str:
    """Say who is concerned and how it stands, in a word beside the sign."""
    kind, _, name = one.owner.partition(" ")
    who = f"{escape(kind)} {code(name)}"  # a kind is whatever the pod's maker wrote into its owner
    if one.recovered is not None:
        return f":white_check_mark: {bold('Recovered')} after {duration(one.recovered - one.opened)} · {who}"
    many = "" if kind == "Pod" else f"{counted(one.peak, 'pod')}{_or_more(one)} of "
    word = "Worse" if one.peak > one.first else "Back again" if one.times > 1 else "In trouble"
    return f":rotating_light: {bold(word)} · {many}{who}"


def _or_more(one: Incident) -> str:
    return " or more" if one.at_least else ""


def _course(one: Incident) -> str:
    """Say how it went so far."""
    said = []
    if one.peak > one.first:
        most = f"later {one.peak} or more" if one.at_least else f"{one.peak} at most"
        said.append(f"{one.first} at first, {most}")
    if one.times > 1:
        said.append(f"it has come {one.times} times")
    return "".join(f"; {part}" for part in said)
