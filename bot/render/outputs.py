"""What somebody else's program said, as blocks: text as it is, and of what is binary a glance at its beginning."""

from bot.core.outputs import as_text, glance
from bot.core.replies import Block
from bot.render.blocks import preformatted, section
from bot.render.cutting import excerpt
from bot.render.text import clean, code, counted


def said(title: str, data: bytes, *, cut: bool = False, most: int | None = None) -> tuple[Block, ...]:
    """Return blocks with a title (mrkdwn) and what was said; none where nothing was.

    Text is kept up to its first `most` characters; otherwise whoever fits it into a message keeps its end.
    """
    if not data:
        return ()
    text = as_text(data, cut=cut)
    if text is None:
        size = counted(len(data), "byte")
        about = f"{title}: binary, {size}, not shown; it begins so, as {code('hexdump -C')} has it:"
        return (section(about), preformatted(glance(data)))
    shown = clean(text).rstrip("\n")
    return (section(f"{title}:"), preformatted(shown if most is None else excerpt(shown, most)))


def filed(data: bytes, *, cut: bool = False) -> str:
    """Return what goes into a file: text, or words in place of what is binary."""
    text = as_text(data, cut=cut)
    return f"(binary, {counted(len(data), 'byte')})\n" if text is None else clean(text)


def size_of(data: bytes, *, cut: bool = False) -> str:
    """Return a size in words; of what was cut, at least so much was there."""
    return f"{'at least ' if cut else ''}{counted(len(data), 'byte')}"
