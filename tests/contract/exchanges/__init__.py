"""What is asked of the real cluster and of the simulated one: lists of requests, and nothing else.

`python -m tests.contract.record` writes the real cluster's answers to `tests/contract/recorded`.
"""

from collections.abc import Mapping
from typing import Final

from tests.contract.exchanges import (
    deleting,
    identity,
    listing,
    living,
    making,
    objects,
    patching,
    printing,
    refusing,
    rooms,
    serving,
    watching,
)
from tests.contract.exchanges.exchange import Story

THEMES: Final[Mapping[str, tuple[Story, ...]]] = {
    "making": making.STORIES,
    "refusing": refusing.STORIES,
    "patching": patching.STORIES,
    "deleting": deleting.STORIES,
    "living": living.STORIES,
    "listing": listing.STORIES,
    "watching": watching.STORIES,
    "printing": printing.STORIES,
    "identity": identity.STORIES,
    "serving": serving.STORIES,
    "rooms": rooms.STORIES,
    "objects": objects.STORIES,
}
