"""Whole replies brought within Slack's limits, saying honestly what was cut; nothing is lost, for a file has it all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.core.replies import Block, File, Reply
from bot.render.blocks import context, preformatted
from bot.render.cutting import Cut, cut, shorten, shorten_mrkdwn, size
from bot.render.plain import plain, unescape
from bot.render.text import code

TEXT = 4000
BLOCKS = 50
# Slack refuses a message at about 11,300 characters of block text: https://github.com/slackapi/bolt-js/issues/2509.
BUDGET = 9000
FILE_BYTES = 1_000_000
_DRAWN = {"table": 1, "data_visualization": 2}
_FOR_THE_NOTE = 400
_EMPTY = "podbot has answered."
# Who is served first when there is too little room; what is long by nature comes last.
_ORDER = {"actions": 0, "rich_text": 2, "table": 2}


def fit(reply: Reply) -> Reply:
    """Return the reply within every limit of a Slack message; what had to be cut is in its file, made if there is none.

    Secrets are masked before: a cut through one would hide it from the masking.
    """
    cuts = _cut_all(_drawn(reply.blocks), BUDGET - _FOR_THE_NOTE)
    lost = [one.lost for one in cuts if one.lost]
    text = reply.text if reply.text.strip() else _EMPTY
    file = reply.file or _whole(reply, cut_off=bool(lost) or (not reply.blocks and len(text) > TEXT))
    kept = [one.block for one in cuts if one.block is not None]
    return Reply(
        text=shorten_mrkdwn(text, TEXT),
        blocks=_noted(kept, lost, file.name) if lost and file else tuple(kept),
        file=_short_file(file) if file else None,
        pins=reply.pins,
        whisper=fit(reply.whisper) if reply.whisper else None,
    )


def crop(blocks: Sequence[Block], most: int = BUDGET - _FOR_THE_NOTE) -> tuple[Block, ...]:
    """Return blocks within `most` characters; what is cut is in no file, for a message that changes all the time.

    `fit` finds nothing to cut in them any more. Secrets are masked before, as there.
    """
    return tuple(one.block for one in _cut_all(_drawn(blocks), most) if one.block is not None)


def _cut_all(blocks: Sequence[Block], left: int) -> list[Cut]:
    """Share the room out: buttons first, then words, then lists and output; the order of blocks stays."""
    done: dict[int, Cut] = {}
    for index in sorted(range(len(blocks)), key=lambda index: _ORDER.get(blocks[index]["type"], 1)):
        if len(done) < BLOCKS - 1:
            done[index] = cut(blocks[index], left)
            left -= size(done[index].block)
        else:
            done[index] = Cut(None, "a part")
    return [done[index] for index in sorted(done)]


def _drawn(blocks: Sequence[Block]) -> Sequence[Block]:
    """Turn what Slack draws no more of in one message into text: tables after the first, charts after the second."""
    left = Counter(_DRAWN)
    drawn: list[Block] = []
    for block in blocks:
        left[block["type"]] -= 1
        beyond = block["type"] in _DRAWN and left[block["type"]] < 0
        drawn.append(preformatted(plain([block])) if beyond else block)
    return drawn


def _whole(reply: Reply, *, cut_off: bool) -> File | None:
    return File("podbot.txt", plain(reply.blocks) if reply.blocks else unescape(reply.text)) if cut_off else None


def _noted(kept: Sequence[Block], lost: Sequence[str], name: str) -> tuple[Block, ...]:
    """Add what was cut off, before the buttons at the end."""
    parts = shorten(", ".join(dict.fromkeys(lost)), 200)
    note = context(f"Cut to fit: {parts} more, all in the file {code(shorten(name, 100))}.")
    end = len(kept) - 1 if kept and kept[-1]["type"] == "actions" else len(kept)
    return (*kept[:end], note, *kept[end:])


def _short_file(file: File) -> File:
    """Cut a file at its end to what Slack takes as a snippet."""
    written = file.text.encode(errors="replace")
    if len(written) <= FILE_BYTES:
        return file
    end = "\n… cut here: a file holds at most 1 MB.\n"
    return replace(file, text=written[: FILE_BYTES - 100].decode(errors="ignore") + end)
