"""People of the channel, who press what stands under a watch's message; each press may reach any replica."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

from bot.core.asks import Ask, Entry, Press, Via, ViewRef
from bot.core.forms import Sheet
from bot.core.replies import Block, Reply
from bot.flow import handle, submitted
from tests.watching.town import Posted, Town

BOB = "U0BOB"
_SERIALS = count(1)


def buttons(blocks: Sequence[Block]) -> dict[str, str]:
    """Return the values of a message's buttons by their labels."""
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return {one["text"]["text"]: one["value"] for row in rows for one in row}


async def press(
    here: Town,
    told: Posted,
    label: str,
    user: str = BOB,
    *,
    channel: str = "",
    value: str = "",
    later: timedelta = timedelta(),
) -> Reply | Sheet:
    """Press a button, perhaps one kept from before, now or `later`; return what whoever presses sees then."""
    pressed = Press(value or buttons(told.blocks)[label], told.ref)
    ask = _ask(here, user, channel or told.ref.channel)
    await handle(here.replicas[-1].bot, replace(ask, press=pressed, received=ask.received + later))
    if ask.trigger_id in here.channel.forms:
        return here.channel.forms[ask.trigger_id]
    who, thread, reply = here.channel.whispers[-1]
    assert (who, thread) == (user, ""), "it is answered in the channel, to whoever pressed"
    return reply


async def note(here: Town, sheet: Reply | Sheet, said: str, user: str = BOB) -> None:
    """Fill the form in and send it."""
    assert isinstance(sheet, Sheet), sheet
    ask = _ask(here, user, "")
    entry = Entry(sheet.value, {"cause": "it ran out of stock", "note": said}, {})
    taken = submitted(here.replicas[0].bot, replace(ask, via=Via.FORM, view=ViewRef("sent"), entry=entry))
    assert isinstance(taken, Ask), taken
    await handle(here.replicas[0].bot, taken)


def _ask(here: Town, user: str, channel: str) -> Ask:
    serial = str(next(_SERIALS))
    return Ask(serial, "T0ACME", user, channel, "", Via.BUTTON, here.clock.now(), key=serial, trigger_id=serial)
