"""chat.postMessage, chat.postEphemeral, chat.update, chat.delete and chat.getPermalink."""

from dataclasses import replace
from typing import Any

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments
from bot.demo.chat.blocks import accept
from bot.demo.chat.errors import SlackError
from bot.demo.chat.messages import Draft, Message
from bot.demo.chat.methods.conversations import visible, writable
from bot.demo.chat.payloads import message_object
from bot.demo.chat.state import State

MOST_TEXT = 40_000
MOST_IN_ONE = 4_000
"""Characters of top-level text: posted text over this is split, updated text over this is refused."""


def draft(asked: Arguments) -> Draft:
    """Read what a message is to say, or raise what is wrong with it."""
    text, blocks = asked.text("text"), accept(asked.structure("blocks", "invalid_blocks_format"))
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > MOST_TEXT:
        raise SlackError("msg_too_long")
    metadata = asked.structure("metadata", "invalid_metadata_format")
    if metadata and not _is_event(metadata):
        raise SlackError("invalid_metadata_schema")
    return Draft(text, blocks, metadata or None)


def post_message(state: State, asked: Arguments) -> Json:
    """Post for all in a channel or thread; text without blocks is split where it is too long for one message.

    A user's id in the channel's place means the direct message with that user.
    """
    if asked.text("channel") in state.workspace.users:
        asked = Arguments({**asked.values, "channel": state.workspace.direct(asked.text("channel")).id})
    channel, says, thread = writable(state, asked), draft(asked), asked.text("thread_ts")
    if thread:
        state.board.find(channel.id, thread)
    pieces = [says.text] if says.blocks else _pieces(says.text)
    posted = [state.post(channel, replace(says, text=piece), thread=thread) for piece in pieces]
    return _changed(state, posted[0])


def post_ephemeral(state: State, asked: Arguments) -> Json:
    """Post for one member of a channel."""
    channel, user, says = writable(state, asked), asked.required("user"), draft(asked)
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = state.post(channel, says, thread=asked.text("thread_ts"), only_for=user)
    return {"message_ts": message.ts}


def update(state: State, asked: Arguments) -> Json:
    """Replace a message; blocks are kept only where no text is given, metadata wherever none is given."""
    message = _own(state, asked, "cant_update_message")
    says = draft(asked)
    if len(says.text) > MOST_IN_ONE:
        raise SlackError("msg_too_long")
    if "text" not in asked.values:
        says = replace(says, text=message.text)
    if "metadata" not in asked.values:
        says = replace(says, metadata=message.metadata)
    changed = state.board.replace(message, replace(says, files=message.files))
    return {**_changed(state, changed), "text": changed.text}


def delete(state: State, asked: Arguments) -> Json:
    """Take a message of the bot's own down."""
    message = _own(state, asked, "cant_delete_message")
    state.board.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def permalink(state: State, asked: Arguments) -> Json:
    """Return the address of a message."""
    message = state.board.find(visible(state, asked).id, asked.required("message_ts"))
    address = f"https://{state.workspace.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    return {"channel": message.channel, "permalink": address}


def _is_event(metadata: Any) -> bool:
    """Whether metadata has the one shape that Slack takes."""
    event = metadata if isinstance(metadata, dict) else {}
    return isinstance(event.get("event_type"), str) and isinstance(event.get("event_payload"), dict)


def _own(state: State, asked: Arguments, otherwise: str) -> Message:
    message = state.board.find(visible(state, asked).id, asked.required("ts"))
    if message.bot != state.workspace.app.bot:
        raise SlackError(otherwise)
    return message


def _changed(state: State, message: Message) -> Json:
    return {"channel": message.channel, "ts": message.ts, "message": message_object(state.workspace, message)}


def _pieces(text: str) -> list[str]:
    return [text[start : start + MOST_IN_ONE] for start in range(0, len(text), MOST_IN_ONE)]
