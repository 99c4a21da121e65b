"""conversations.open, info, list, members and join, and the checks that every method makes on a channel."""

from typing import Final

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments
from bot.demo.chat.errors import SlackError
from bot.demo.chat.methods.paging import paged
from bot.demo.chat.state import State
from bot.demo.chat.workspace import Channel, Kind

_TYPES: Final = frozenset({"public_channel", "private_channel", "mpim", "im"})


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
    return {"channel": _described(state, visible(state, asked))}


def list_channels(state: State, asked: Arguments) -> Json:
    """List the channels of the asked `types` that the bot can see: public ones, and those that it is a member of."""
    types = set((asked.text("types") or "public_channel").replace(" ", "").split(","))
    if not types <= _TYPES:
        raise SlackError("invalid_types")
    skip = asked.flag("exclude_archived")
    seen = [one for one in state.workspace.channels.values() if _is_seen(state, one) and not (skip and one.archived)]
    return paged(asked, "channels", [_described(state, one) for one in seen if _type(one) in types])


def members(state: State, asked: Arguments) -> Json:
    """List a channel's members."""
    return paged(asked, "members", sorted(visible(state, asked).members))


def join(state: State, asked: Arguments) -> Json:
    """Make the bot a member of a public channel."""
    channel, bot = visible(state, asked), state.workspace.app.user
    if channel.private or channel.direct:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    state.workspace.join(channel.id, bot)
    already = {"warning": "already_in_channel"} if bot in channel.members else {}
    return {"channel": _described(state, state.workspace.channel(channel.id)), **already}


def _described(state: State, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.direct,
        "is_im": channel.direct,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_ext_shared": channel.shared,
        "is_org_shared": channel.org_shared,
        "is_member": state.workspace.app.user in channel.members,
    }


def _type(channel: Channel) -> str:
    if channel.direct:
        return "im"
    return "private_channel" if channel.private else "public_channel"


def _is_seen(state: State, channel: Channel) -> bool:
    return not (channel.private or channel.direct) or state.workspace.app.user in channel.members


def visible(state: State, asked: Arguments, name: str = "channel") -> Channel:
    """Return the channel that an argument names; a private one is not there for a bot that is no member."""
    channel = state.workspace.channel(asked.required(name))
    if not _is_seen(state, channel):
        raise SlackError("channel_not_found")
    return channel


def readable(state: State, asked: Arguments) -> Channel:
    """Return the channel that an argument names, if the bot may read there."""
    channel = visible(state, asked)
    if state.workspace.app.user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def writable(state: State, asked: Arguments, name: str = "channel") -> Channel:
    """Return the channel that an argument names, if the bot may write there."""
    channel = visible(state, asked, name)
    if channel.archived:
        raise SlackError("is_archived")
    if state.workspace.app.user not in channel.members:
        raise SlackError("not_in_channel")
    return channel
