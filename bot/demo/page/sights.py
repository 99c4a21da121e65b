"""What one person sees of the workspace, as the page's JSON; pure."""

from collections.abc import Iterable, Iterator
from typing import Final

from bot.core.resources import Json
from bot.demo.chat.files import StoredFile
from bot.demo.chat.messages import Message
from bot.demo.chat.state import State
from bot.demo.chat.views import View
from bot.demo.chat.workspace import Channel, Kind, User

_NEWEST: Final = 200  # messages of a channel
_PREVIEW: Final = 4_000  # characters of a file


def people(state: State) -> list[Json]:
    """Return whom the visitor can be: everybody but bots and those who left."""
    users = state.workspace.users.values()
    return [_person(user) for user in users if user.kind not in (Kind.BOT, Kind.DELETED)]


def sight(state: State, user: str) -> Json:
    """Return the channels of `user`, with the messages that this person sees in each."""
    channels = [one for one in state.workspace.channels.values() if user in one.members]
    messages = list(state.board)
    return {
        "user": user,
        "names": {one.id: one.name for one in state.workspace.users.values()},
        "channels": [_channel(state, one, user, messages) for one in channels],
        "view": _view(state.views.of(user)),
    }


def _channel(state: State, channel: Channel, user: str, messages: Iterable[Message]) -> Json:
    seen = [one for one in messages if one.channel == channel.id and one.only_for in ("", user)]
    return {
        "id": channel.id,
        "name": "podbot" if channel.direct else channel.name,
        "direct": channel.direct,
        "shared": channel.shared,
        "has_podbot": state.workspace.app.user in channel.members,
        "messages": [_message(state, one) for one in seen[-_NEWEST:]],
    }


def _message(state: State, message: Message) -> Json:
    return {
        "ts": message.ts,
        "thread": message.thread,
        "user": message.user,
        "is_app": bool(message.bot),
        "text": message.text,
        "blocks": list(message.blocks),
        "only_for_you": bool(message.only_for),
        "edited": message.edited,
        "error": message.error,
        "files": list(_files(state, message)),
    }


def _view(view: View | None) -> Json | None:
    """Return the open form: what the app sent, what its fields hold by label, and what is wrong with them."""
    if view is None:
        return None
    says: Json = {key: view.says[key] for key in ("title", "submit", "close", "blocks") if key in view.says}
    return {**says, "id": view.id, "hash": view.hash, "shown": view.shown, "wrong": view.wrong, "trouble": view.trouble}


def _files(state: State, message: Message) -> Iterator[Json]:
    for name in message.files:
        file: StoredFile = state.files.find(name)
        said = file.content.decode(errors="replace")
        yield {
            "id": file.id,
            "name": file.title or file.name,
            "size": len(file.content),
            "preview": said[:_PREVIEW],
            "cut": len(said) > _PREVIEW,
        }


def _person(user: User) -> Json:
    return {"id": user.id, "name": user.name, "kind": user.kind.value, "timezone": user.timezone}
