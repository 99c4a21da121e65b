"""What is written in the workspace's channels, and who sees it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.ports import Clock
from bot.core.resources import Json
from bot.demo.chat.bell import Bell
from bot.demo.chat.errors import SlackError


@dataclass(frozen=True, slots=True)
class Draft:
    """What a message says."""

    text: str = ""
    blocks: tuple[Json, ...] = ()
    metadata: Json | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it stands now; its id is channel and `ts`.

    `only_for` is the one user who sees an ephemeral message, else empty. `error` is set where Slack itself tells that
    user that the app did not answer. `bot` is the bot's id where one wrote it.
    """

    channel: str
    ts: str
    user: str
    says: Draft
    bot: str = ""
    thread: str = ""
    only_for: str = ""
    edited: bool = False
    error: str = ""

    @property
    def text(self) -> str:
        """The top-level text."""
        return self.says.text

    @property
    def blocks(self) -> tuple[Json, ...]:
        """The blocks, as they were sent."""
        return self.says.blocks

    @property
    def metadata(self) -> Json | None:
        """The metadata: `event_type` and `event_payload`."""
        return self.says.metadata

    @property
    def files(self) -> tuple[str, ...]:
        """The ids of the files that came with it."""
        return self.says.files


class Board:
    """All messages of the workspace, oldest first; beyond `most` the oldest go, and `forgotten` is told of each."""

    def __init__(
        self,
        clock: Clock,
        bell: Bell,
        most: int | None = None,
        forgotten: Callable[[Message], None] = lambda _: None,
    ) -> None:
        self._clock = clock
        self._bell = bell
        self._most = most
        self._forgotten = forgotten
        self._messages: dict[tuple[str, str], Message] = {}
        self._latest: datetime | None = None

    def __iter__(self) -> Iterator[Message]:
        return iter(tuple(self._messages.values()))

    def timestamp(self) -> str:
        """Return a `ts` that no message has: seconds and microseconds, later than the one before."""
        now = self._clock.now()
        if self._latest is not None:
            now = max(now, self._latest + timedelta(microseconds=1))
        self._latest = now
        return f"{int(now.timestamp())}.{now.microsecond:06d}"

    def add(self, message: Message) -> Message:
        """Put up a new message."""
        self._messages[message.channel, message.ts] = message
        if self._most is not None and len(self._messages) > self._most:
            self._forgotten(self._messages.pop(next(iter(self._messages))))
        self._bell.ring()
        return message

    def find(self, channel: str, ts: str) -> Message:
        """Return a message that all can see, or raise Slack's `message_not_found`."""
        message = self._messages.get((channel, ts))
        if message is None or message.only_for:
            raise SlackError("message_not_found")
        return message

    def replace(self, message: Message, says: Draft) -> Message:
        """Put `says` in a message's place; one that is gone by now is `message_not_found`.

        Slack shows "edited" only where text replaces it: https://docs.slack.dev/reference/methods/chat.update.
        """
        if (message.channel, message.ts) not in self._messages:
            raise SlackError("message_not_found")
        return self.add(replace(message, says=says, edited=message.edited or not says.blocks))

    def remove(self, message: Message) -> None:
        """Take a message down, for everybody or for its one reader."""
        self._messages.pop((message.channel, message.ts), None)
        self._bell.ring()
