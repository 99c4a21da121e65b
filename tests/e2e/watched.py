"""Watching, quick enough for tests, and what a channel was told of it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from bot import app
from bot.core.incidents import Patience
from bot.demo.chat.messages import Message
from bot.watching.desk import Desk, Pace
from tests.e2e.world import ONCALL, World, words

CALM = timedelta(seconds=3)
"""After so long without trouble an incident is over."""


def make_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let watching live fast."""
    pace = Pace(idle=0.3, turn=0.3, renew=0.5, settle=0.5, edit=0.3, again=1, failed=1)
    patience = Patience(grace=timedelta(seconds=2), calm=CALM)
    monkeypatch.setattr(app, "Desk", partial(Desk, pace=pace, patience=patience))


def incidents(world: World) -> list[Message]:
    """Return what was told in the channel, without the threads."""
    metadata = [(one, one.metadata or {}) for one in world.chat.driver.messages(ONCALL) if not one.thread]
    return [one for one, said in metadata if said.get("event_type") == "podbot_incident"]


def saying(world: World, *parts: str) -> Callable[[], Message | None]:
    """Return what finds an incident's message that says all of these."""
    return lambda: next((one for one in incidents(world) if all(part in words(one) for part in parts)), None)
