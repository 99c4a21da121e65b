"""What people may do about an incident, by a press on the message that tells of it. All pure.

Such a press is anybody's in the channel: what is signed says what and where, and whoever presses is authorised then.
"""

import shlex
from collections.abc import Iterator, Mapping

from bot.core.redaction import carries_secret
from bot.core.replies import Offer
from bot.core.resolving import one_line
from bot.core.tellings import Telling

_CAUSE = 300  # characters of a cause, to begin the form with


def offers(telling: Telling) -> Mapping[str, Offer]:
    """Return what may be pressed, by the kind of its ticket; a line that carries a secret is left out.

    `look` is a read, answered to whoever presses; `note` asks for the rest of its line, and is told in the thread.
    """
    return {kind: offer for kind, offer in _wanted(telling) if not carries_secret(offer.line)}


def _wanted(telling: Telling) -> Iterator[tuple[str, Offer]]:
    """Yield a triage while any goes on, and of one alone a note, which says as much when it is over.

    The triage is of its pod; of several together, or where no pod is named, of the namespace. A watch's end has none.
    """
    only = telling.incidents[0] if len(telling.incidents) == 1 else None
    pod, namespace = only.pods[0] if only and only.pods else "", telling.watch.namespace
    if any(one.is_open for one in telling.incidents):
        yield "look", Offer("Triage", f"triage {pod} -n {namespace}" if pod else f"triage -n {namespace}")
    if only and pod:
        cause = shlex.quote(one_line(only.cause)[:_CAUSE])
        yield "note", Offer("Resolve", f"resolve {pod} --cause {cause} -n {namespace}")
