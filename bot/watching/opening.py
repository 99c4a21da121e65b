"""From what is seen to incidents: what goes on, what ends, and what is to be told for the first time."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.incidents import Incident, Ripe, adopted, allotted, opened, step, without
from bot.core.tellings import Telling, left, room
from bot.watching.desk import Desk, Message, Term
from bot.watching.looking import Looker
from bot.watching.seen import Seen
from bot.watching.telling import keep

_TOGETHER = 20  # incidents in one message


async def observe(desk: Desk, term: Term, looker: Looker) -> None:
    """Take in what one watch's pods are like now; nothing is concluded from what is not known."""
    troubles = await looker.troubles()
    if troubles is None:
        return
    key = looker.watch.key
    own = [one for one in term.messages.values() if one.now.watch.key == key and not one.now.ended]
    since = looker.view.whole_since or desk.now
    known = [adopted(incident, since) for message in own for incident in message.now.incidents]
    taken = step(known, term.pending.get(key, {}), troubles, desk.now, desk.patience, is_cut=looker.view.is_cut)
    _spread(own, taken.incidents)
    term.pending[key] = taken.pending
    if taken.ripe and term.left(desk.now) > 0:
        await _open(desk, term, looker, taken.ripe)


def _spread(messages: Sequence[Message], incidents: Sequence[Incident]) -> None:
    """Put the incidents back into the messages that tell of them, in the same order."""
    rest = iter(incidents)
    for message in messages:
        mine = tuple(next(rest) for _ in message.now.incidents)
        message.now = replace(message.now, incidents=mine)


async def _open(desk: Desk, term: Term, looker: Looker, ripe: Sequence[Ripe]) -> None:
    """Decide on messages, as many as the channel may get; the rest stays pending, and is ripe at the next look."""
    tellings = [message.now for message in term.messages.values()]
    free = left(tellings, looker.watch.channel, desk.now)
    for group in allotted(ripe[: room(tellings)], free):
        looks = [(one, await _look(looker, one, closely=len(group) == 1)) for one in group[:_TOGETHER]]
        troubled = [(one, seen) for one, seen in looks if seen and seen.is_troubled]  # the others are well again
        if not troubled:
            continue
        is_cut = looker.view.is_cut
        found = tuple(opened(one, seen.cause, desk.now, is_cut=is_cut) for one, seen in troubled)
        message = Message(Telling.of_incidents(looker.watch, found, desk.now), is_new=True, seen=troubled[0][1])
        await keep(desk, message)
        term.messages[message.now.key] = message
        kinds = {one.kind for one in found}
        term.pending[looker.watch.key] = without(term.pending[looker.watch.key], kinds)


async def _look(looker: Looker, ripe: Ripe, *, closely: bool) -> Seen | None:
    """Look at one of the pods, to find out the cause."""
    return await looker.look(ripe.kind) if closely else looker.glance(ripe.kind)
