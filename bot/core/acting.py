"""What people may do about an incident, by a press on the message that tells of it. All pure.

Such a press is anybody's in the channel: what is signed says what and where, and whoever presses is authorised then.
"""

import shlex
from collections.abc import Iterator, Mapping

from bot.core.incidents import Incident
from bot.core.redaction import carries_secret
from bot.core.replies import Offer
from bot.core.resolving import one_line
from bot.core.tellings import Telling

_CAUSE = 300  # characters of a cause, to begin the form with


def offers(telling: Telling) -> Mapping[str, Offer]:
    """Return what may be pressed, by the kind of its ticket; a line that carries a secret is left out.

    `look` is a read, answered to whoever presses; `note` asks for the rest of its line, and is told in the thread.
    """
    wanted = _of_one(telling.incidents[0], telling.watch.namespace) if len(telling.incidents) == 1 else _of_all(telling)
    return {kind: offer for kind, offer in wanted if not carries_secret(offer.line)}


def _of_one(one: Incident, namespace: str) -> Iterator[tuple[str, Offer]]:
    """Yield a triage while it goes on, and a note, which says as much when it is over."""
    if not one.pods:
        if one.is_open:
            yield "look", Offer("Triage", f"triage -n {namespace}")
        return
    pod, cause = one.pods[0], shlex.quote(one_line(one.cause)[:_CAUSE])
    if one.is_open:
        yield "look", Offer("Triage", f"triage {pod} -n {namespace}")
    yield "note", Offer("Resolve", f"resolve {pod} --cause {cause} -n {namespace}")


def _of_all(telling: Telling) -> Iterator[tuple[str, Offer]]:
    """Yield a triage of the namespace while any of several goes on; the end of a watch has none."""
    if any(one.is_open for one in telling.incidents):
        yield "look", Offer("Triage", f"triage -n {telling.watch.namespace}")
