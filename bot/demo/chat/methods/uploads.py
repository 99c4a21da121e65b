"""files.getUploadURLExternal, the upload itself, and files.completeUploadExternal."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments
from bot.demo.chat.errors import SlackError
from bot.demo.chat.files import StoredFile
from bot.demo.chat.messages import Draft
from bot.demo.chat.methods.conversations import writable
from bot.demo.chat.state import State

MOST_SNIPPET = 1024 * 1024


def announce(state: State, asked: Arguments) -> Json:
    """Give a file an id and a URL to upload it to."""
    length, snippet = asked.number("length"), asked.text("snippet_type")
    if length <= 0:
        raise SlackError("invalid_arguments", ["[ERROR] must be greater than 0: length"])
    if snippet and length > MOST_SNIPPET:
        raise SlackError("snippet_too_large")
    file = state.files.announce(asked.required("filename"), length, snippet)
    return {"file_id": file.id, "upload_url": f"{state.origin}/upload/{file.id}"}


def upload(state: State, file: str, content: bytes) -> str:
    """Take an announced file's content, whose length must be the announced one; return the answer's body."""
    known = state.files.find(file)
    if len(content) != known.length:
        raise SlackError("length_mismatch")
    state.files.put(replace(known, content=content, uploaded=True))
    return f"OK - {len(content)}"


def complete(state: State, asked: Arguments) -> Json:
    """Share uploaded files in a channel or thread, as one message; without a channel they stay private."""
    files = tuple(_named(state, asked))
    if asked.text("channel_id"):
        channel, thread = writable(state, asked, "channel_id"), asked.text("thread_ts")
        files = tuple(replace(file, channel=channel.id, thread=thread) for file in files)
        says = Draft(asked.text("initial_comment"), files=tuple(file.id for file in files))
        state.post(channel, says, thread=thread)
    for file in files:
        state.files.put(file)
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _named(state: State, asked: Arguments) -> Iterator[StoredFile]:
    named = asked.structure("files", "invalid_arguments")
    if not isinstance(named, list) or not named or not all(isinstance(one, dict) for one in named):
        raise SlackError("invalid_arguments", ["[ERROR] must provide an array of files: files"])
    for one in named:
        file = state.files.find(str(one.get("id")))
        if not file.uploaded:
            raise SlackError("file_not_found")
        yield replace(file, title=str(one.get("title") or file.name))
