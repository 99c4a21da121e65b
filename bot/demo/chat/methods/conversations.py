"""conversations.open and conversations.info, and the checks that every method makes on a channel."""

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments
from bot.demo.chat.errors import SlackError
from bot.demo.chat.state import State
from bot.demo.chat.workspace import Channel, Kind


def open_direct(state: State, asked: Arguments) -> Json:
    """Open a direct message with the one user in `users`."""
    user = state.workspace.user(asked.required("users"))
    if user.kind is Kind.BOT:
        raise SlackError("cannot_dm_bot")
    if user.kind is Kind.DELETED:
        raise SlackError("user_disabled")
    return {"channel": {"id": state.workspace.direct(user.id).id}}


def info(state: State, asked: Arguments) -> Json:
    """Describe a channel."""
    channel = visible(state, asked)
    return {
        "channel": {
            "id": channel.id,
            "name": channel.name,
            "is_channel": not channel.direct,
            "is_im": channel.direct,
            "is_private": channel.private,
            "is_archived": channel.archived,
            "is_ext_shared": channel.shared,
            "is_member": state.workspace.app.user in channel.members,
        }
    }


def visible(state: State, asked: Arguments, name: str = "channel") -> Channel:
    """Return the channel that an argument names; a private one is not there for a bot that is no member."""
    channel = state.workspace.channel(asked.required(name))
    if channel.private and state.workspace.app.user not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def writable(state: State, asked: Arguments, name: str = "channel") -> Channel:
    """Return the channel that an argument names, if the bot may write there."""
    channel = visible(state, asked, name)
    if channel.archived:
        raise SlackError("is_archived")
    if state.workspace.app.user not in channel.members:
        raise SlackError("not_in_channel")
    return channel
