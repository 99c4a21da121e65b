"""Asks as the server's payloads would make them."""

from bot.core.asks import Ask
from bot.core.ports import Clock
from bot.demo.chat.payloads import app_mention, slash_command
from bot.demo.chat.server import ChatServer
from bot.slack.inbound import Arrival, mention, slash


def typed(server: ChatServer, clock: Clock, user: str = "U0ALICE", channel: str = "C0TEAM") -> Ask:
    """Return the Ask of a slash command, with a response URL that works."""
    state = server.state
    return slash(slash_command(state, state.workspace.user(user), channel, "/pod", "list"), Arrival("r1", clock.now()))


def mentioned(server: ChatServer, clock: Clock, user: str = "U0ALICE", channel: str = "C0TEAM") -> Ask:
    """Return the Ask of a mention, whose message stands in the channel."""
    message = server.state.write(channel, user, "<@U0PODBOT> list")
    return mention(app_mention(server.state, message), Arrival("r1", clock.now()), "U0PODBOT")
