"""What a reply becomes where Slack does not take it as it is; all within Slack's limits already."""

from dataclasses import replace

from bot.core.replies import Block, File, Reply
from bot.render.blocks import context, section
from bot.render.cutting import shorten_mrkdwn
from bot.render.limits import BLOCKS, TEXT
from bot.render.plain import plain, unescape
from bot.render.text import code

WHOLE = "message.txt"
_NOTE = f"\nSlack took no more of this message; the whole is in the file {code(WHOLE)}."
_NO_BUTTONS = " Its buttons are missing: type the command again."


def shrunk(reply: Reply) -> Reply:
    """Return a reply that Slack refused as it was: its text, and all that it said as a file."""
    whole = plain(reply.blocks) if reply.blocks else unescape(reply.text)
    note = _NOTE + (_NO_BUTTONS if any(block["type"] == "actions" for block in reply.blocks) else "")
    text = shorten_mrkdwn(reply.text, TEXT - len(note)) + note
    return replace(reply, text=text, blocks=(), file=File(WHOLE, whole))


def linked(reply: Reply, url: str) -> Reply:
    """Return a reply whose file has gone elsewhere, with a link to there."""
    return _noted(reply, f":page_facing_up: The file is in <{url}|your messages with podbot>.")


def unfiled(reply: Reply) -> Reply:
    """Return a reply whose file could not be delivered."""
    return _noted(reply, ":warning: Slack did not take the file that belongs here. Ask for less, or try again.")


def _noted(reply: Reply, mrkdwn: str) -> Reply:
    """Add a line of small print before the buttons, if there is room for a block, and take the file away."""
    blocks: tuple[Block, ...] = reply.blocks or (section(shorten_mrkdwn(reply.text, 3000)),)
    end = len(blocks) - 1 if blocks[-1]["type"] == "actions" else len(blocks)
    noted = (*blocks[:end], context(mrkdwn), *blocks[end:])
    return replace(reply, blocks=noted if len(noted) <= BLOCKS else blocks, file=None)
