"""The board of messages."""

import pytest

from bot.demo.chat.errors import SlackError
from bot.demo.chat.messages import Draft
from bot.demo.chat.state import State
from tests.demo.chat.clocks import HandClock


def test_timestamps_differ_while_the_clock_stands_still(state: State) -> None:
    """Every ts is later than the one before, be it within one microsecond."""
    stamps = [state.board.timestamp() for _ in range(3)]
    assert stamps == sorted(set(stamps))


def test_timestamps_follow_the_clock(state: State, clock: HandClock) -> None:
    """A ts begins with the clock's seconds."""
    clock.advance(hours=1)
    assert state.board.timestamp().startswith(str(int(clock.now().timestamp())))


def test_only_text_marks_a_message_as_edited(state: State) -> None:
    """A message replaced by blocks does not say that it was edited; one replaced by text does."""
    message = state.post(state.workspace.channel("C0TEAM"), Draft("a"))
    shown = state.board.replace(message, Draft("b", ({"type": "divider"},)))
    assert (shown.edited, state.board.replace(shown, Draft("c")).edited) == (False, True)


def test_a_removed_message_is_not_replaced(state: State) -> None:
    """What was taken down does not come back by an update."""
    message = state.post(state.workspace.channel("C0TEAM"), Draft("a"))
    state.board.remove(message)
    with pytest.raises(SlackError, match="message_not_found"):
        state.board.replace(message, Draft("b"))
