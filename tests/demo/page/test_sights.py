from dataclasses import replace

from bot.demo.chat.messages import Draft
from bot.demo.chat.state import State
from bot.demo.chat.workspace import acme
from bot.demo.page import sights
from tests.fakes import FakeClock


def _state() -> State:
    return State(acme(), FakeClock())


def _said(state: State, user: str, channel: str) -> list[str]:
    channels = sights.sight(state, user)["channels"]
    return [message["text"] for one in channels if one["id"] == channel for message in one["messages"]]


def test_people_are_those_one_can_be() -> None:
    """The visitor can be a member, a mapped person, guests and a stranger, but no bot and nobody who left."""
    assert [one["id"] for one in sights.people(_state())] == ["U0ALICE", "U0BOB", "U0GUEST", "U0SINGLE", "U0STRANGER"]


def test_everybody_sees_what_is_for_all() -> None:
    """A channel's message is there for its members, and for nobody else."""
    state = _state()
    state.write("C0TEAM", "U0ALICE", "hello")
    assert _said(state, "U0BOB", "C0TEAM") == ["hello"]
    assert _said(state, "U0STRANGER", "C0TEAM") == []


def test_an_ephemeral_message_is_for_one() -> None:
    """What is for one person's eyes is marked as such, and nobody else gets it."""
    state = _state()
    state.post(state.workspace.channel("C0TEAM"), Draft("psst"), only_for="U0ALICE")
    assert _said(state, "U0ALICE", "C0TEAM") == ["psst"]
    assert _said(state, "U0BOB", "C0TEAM") == []


def test_a_file_comes_with_a_preview() -> None:
    """A long file is shown by its beginning, with its true size."""
    state = _state()
    file = state.files.put(
        replace(state.files.announce("web.log", 6_000, "text"), content=b"x" * 6_000, uploaded=True, channel="C0TEAM")
    )
    state.post(state.workspace.channel("C0TEAM"), Draft(files=(file.id,)))
    shown = sights.sight(state, "U0ALICE")["channels"][0]["messages"][0]["files"]
    assert shown == [{"id": file.id, "name": "web.log", "size": 6_000, "preview": "x" * 4_000, "cut": True}]


def test_a_long_channel_shows_its_end() -> None:
    """Only the newest messages of a channel are sent to the page."""
    state = _state()
    for number in range(250):
        state.write("C0TEAM", "U0ALICE", str(number))
    assert _said(state, "U0ALICE", "C0TEAM") == [str(number) for number in range(50, 250)]
