"""What somebody asked, whichever way it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Via(Enum):
    """The way an Ask came, which decides who sees the answer."""

    SLASH = "slash command"
    MENTION = "mention"
    BUTTON = "button"
    FORM = "form"
    SHORTCUT = "message shortcut"


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that podbot posted: Slack's channel id and the message's `ts`."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: its signed value, and the message that it stands on (none where that is ephemeral)."""

    value: str = field(repr=False)
    message: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class ViewRef:
    """A form that is open before somebody, by Slack's view id."""

    id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in an open form: its signed value, its fields' values by name, and Slack's block ids by name."""

    value: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    blocks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asked what, where and when; the same for slash commands, mentions and presses.

    `team`, `user` and `channel` are Slack's signed ids, never names. `words` is the line after `/pod`, with what
    phones did to it undone; `document` is a longer text that came with it, such as YAML. `received` is the time of
    receipt (UTC), from which every deadline counts. `key` is what makes this delivery unique where Slack may
    deliver it twice, else empty. `thread` is the thread to answer in, or empty. `view` is the open form to answer in;
    `entry` is what stands in it where somebody has chosen or sent something there. `message` is the message that a
    change is told in, where it is not to be a new one. `edited`: its message was there before, and said something else.
    """

    request_id: str
    team: str
    user: str
    channel: str
    words: str
    via: Via
    received: datetime
    thread: str = ""
    key: str = ""
    response_url: str = field(default="", repr=False)  # whoever holds it may post as podbot
    trigger_id: str = field(default="", repr=False)
    press: Press | None = None
    view: ViewRef | None = None
    entry: Entry | None = None
    message: MessageRef | None = None
    document: str = field(default="", repr=False)
    from_bot: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """What Slack says of a user (users.info): the user's own team, and what kind of member it is."""

    user: str
    team: str
    is_bot: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    is_deleted: bool = False
    timezone: str = "UTC"
