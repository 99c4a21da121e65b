"""What an app says through a response URL, or together with its acknowledgement."""

from bot.demo.chat.arguments import Arguments
from bot.demo.chat.methods.posting import draft
from bot.demo.chat.response_urls import ResponseUrl
from bot.demo.chat.state import State


def respond(state: State, url: ResponseUrl, asked: Arguments) -> None:
    """Delete or replace the original, or post anew: for the one user, unless the app says `in_channel`."""
    if asked.flag("delete_original"):
        if url.original is not None:
            state.board.remove(url.original)
        return
    says = draft(asked)
    if asked.flag("replace_original") and url.original is not None:
        url.original = state.board.replace(url.original, says)
        return
    only_for = "" if asked.text("response_type") == "in_channel" else url.user
    channel = state.workspace.channel(url.channel)
    posted = state.post(channel, says, thread=asked.text("thread_ts"), only_for=only_for)
    url.original = url.original or posted
