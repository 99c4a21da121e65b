"""The buttons of a watch's messages: signed for the place, and for nobody in it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from bot.core.acting import offers
from bot.core.errors import UsageError
from bot.core.signing import Ticket, seal
from bot.core.tellings import Telling
from bot.core.watches import digest
from bot.parts import Bot
from bot.render.changes import Pressable


def buttons(bot: Bot, telling: Telling) -> Iterator[Pressable]:
    """Yield what anybody in the channel may press; they live as long as *Remove*, and need no watch."""
    watch, now = telling.watch, bot.clock.now()
    for kind, offer in offers(telling).items():
        ticket = Ticket(
            kind=kind,
            line=offer.line,
            pins={},
            cluster=watch.cluster,
            namespace=watch.namespace,
            team=watch.team,
            channel=watch.channel,
            asker="",  # nobody has asked: whoever presses is whom it is done as
            expires=now + timedelta(seconds=bot.limits.remove),
            nonce=digest(telling.key, kind),
            asked=now,
        )
        with suppress(UsageError):  # too long to be signed
            yield Pressable(offer.label, kind, seal(ticket, bot.keys))
