"""Everything that the server knows, in one place; all of it is touched by one event loop only."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from bot.core.ports import Clock
from bot.core.resources import Json
from bot.demo.chat.bell import Bell
from bot.demo.chat.faults import Faults
from bot.demo.chat.files import Files
from bot.demo.chat.keeping import Keep, Recent
from bot.demo.chat.messages import Board, Draft, Message
from bot.demo.chat.rates import Rate, Rates
from bot.demo.chat.response_urls import ResponseUrls
from bot.demo.chat.triggers import Triggers
from bot.demo.chat.views import Views
from bot.demo.chat.workspace import Channel, Workspace


@dataclass(frozen=True, slots=True)
class Call:
    """A call that came in, and its answer; `status` 0 says that the connection was cut. `arguments` hold no token."""

    method: str
    arguments: Json
    status: int = 0
    answer: Any = None

    @property
    def error(self) -> str:
        """Slack's word for what went wrong, or nothing."""
        return str(self.answer.get("error", "")) if isinstance(self.answer, dict) else ""


@dataclass(slots=True)
class State:
    """The workspace and what has happened in it.

    `origin` is the server's scheme, host and port, `tickets` let a websocket in, `serials` make ids unique. `keep`
    bounds what piles up, `limits` are the rates that methods have here.
    """

    workspace: Workspace
    clock: Clock
    origin: str = ""
    bell: Bell = field(default_factory=Bell)
    faults: Faults = field(default_factory=Faults)
    serials: Iterator[int] = field(default_factory=lambda: count(1))
    keep: Keep = field(default_factory=Keep)
    limits: Mapping[str, Rate] = field(default_factory=dict)
    calls: deque[Call] = field(init=False)
    unknown_methods: deque[str] = field(init=False)
    tickets: Recent[str, None] = field(init=False)
    files: Files = field(init=False)
    rates: Rates = field(init=False)
    board: Board = field(init=False)
    urls: ResponseUrls = field(init=False)
    triggers: Triggers = field(init=False)
    views: Views = field(init=False)

    def __post_init__(self) -> None:
        keep = self.keep
        self.calls, self.unknown_methods = deque(maxlen=keep.calls), deque(maxlen=keep.calls)
        self.tickets = Recent(keep.handed)
        self.files = Files(keep.file_bytes)
        self.rates = Rates(self.clock, self.limits)
        self.board = Board(self.clock, self.bell, keep.messages, lambda message: self.files.forget(message.files))
        self.urls = ResponseUrls(self.clock, keep.handed)
        self.triggers = Triggers(self.clock, keep.handed)
        self.views = Views(self.bell, keep.handed)

    def post(self, channel: Channel, says: Draft, *, thread: str = "", only_for: str = "") -> Message:
        """Put up a message of the app's bot."""
        app = self.workspace.app
        message = Message(channel.id, self.board.timestamp(), app.user, says, app.bot, thread, only_for)
        return self.board.add(message)

    def write(
        self, channel: str, user: str, text: str, *, bot: str = "", thread: str = "", blocks: tuple[Json, ...] = ()
    ) -> Message:
        """Put up what somebody other than the app says."""
        return self.board.add(Message(channel, self.board.timestamp(), user, Draft(text, blocks), bot, thread))

    def tell(self, channel: str, user: str, text: str, error: str) -> Message:
        """Show `user` alone that the app failed, as Slack itself does."""
        message = Message(channel, self.board.timestamp(), "USLACKBOT", Draft(text), only_for=user)
        return self.board.add(replace(message, error=error))

    def record(self, call: Call) -> None:
        """Note a call and its answer."""
        self.calls.append(call)
        self.bell.ring()
