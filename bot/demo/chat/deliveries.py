"""Payloads on their way to the app: each is acknowledged in time, or the user is told that it was not."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments
from bot.demo.chat.errors import SlackError
from bot.demo.chat.responses import respond
from bot.demo.chat.state import State

PATIENCE = 3.0
"""Seconds that Slack waits for an acknowledgement."""


class Outcome(Enum):
    """How a delivery ended."""

    UNSENT = "not sent"
    ACKNOWLEDGED = "acknowledged"
    TIMED_OUT = "operation_timeout"
    FAILED = "dispatch_failed"


class Kind(Enum):
    """What is delivered, in Socket Mode's words."""

    COMMAND = "slash_commands"
    EVENT = "events_api"
    ACTION = "interactive"


@dataclass(slots=True)
class Delivery:
    """One payload for the app; `retry` counts attempts after the first, `answer` came with the acknowledgement."""

    kind: Kind
    payload: Json
    user: str
    channel: str
    retry: int = 0
    retry_reason: str = ""
    outcome: Outcome = Outcome.UNSENT
    answer: Json | None = None

    @property
    def acknowledged(self) -> bool:
        """Whether the app acknowledged it in time."""
        return self.outcome is Outcome.ACKNOWLEDGED


class Courier(Protocol):
    """A way to the app: Socket Mode or HTTP."""

    async def carry(self, delivery: Delivery) -> Json:
        """Hand it over and return what came with the acknowledgement; raise `SlackError` where it can't be."""


_COMPLAINTS: Mapping[Kind, str] = {
    Kind.COMMAND: "{command} failed with the error “{error}”",
    Kind.ACTION: "This app responded with the error “{error}”",
}


async def deliver(state: State, courier: Courier, delivery: Delivery, patience: float) -> Delivery:
    """Carry a delivery, wait `patience` seconds for its acknowledgement, and show the user what came of it."""
    try:
        async with asyncio.timeout(patience):
            answer = await courier.carry(delivery)
    except TimeoutError:
        _complain(state, delivery, Outcome.TIMED_OUT)
    except SlackError:
        _complain(state, delivery, Outcome.FAILED)
    else:
        delivery.outcome, delivery.answer = Outcome.ACKNOWLEDGED, answer
        _say(state, delivery, answer)
    return delivery


def _complain(state: State, delivery: Delivery, outcome: Outcome) -> None:
    """Tell the user, as Slack does for commands and presses; of an event, nobody is told."""
    delivery.outcome = outcome
    if delivery.kind in _COMPLAINTS and delivery.channel:  # in a modal, Slack says so there
        words = _COMPLAINTS[delivery.kind].format(command=delivery.payload.get("command"), error=outcome.value)
        state.tell(delivery.channel, delivery.user, words, outcome.value)


def _say(state: State, delivery: Delivery, answer: Json) -> None:
    """Show what came with a command's acknowledgement; it costs no use of the response URL."""
    if delivery.kind is Kind.COMMAND and answer:
        respond(state, state.urls.free(delivery.channel, delivery.user), Arguments(answer))
