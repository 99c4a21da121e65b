"""Text that came from anywhere, made harmless: it cannot ping, link, format, hide or reorder.

Source: https://docs.slack.dev/messaging/formatting-message-text/#escaping.
"""

import re
from datetime import datetime

from bot.core.redaction import redact

# ECMA-48: CSI and the string sequences (OSC, DCS, SOS, PM, APC) up to their terminator, then any two-part escape.
_ANSI = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]")
_LINE_END = re.compile("\r\n|[\r\u2028\u2029]")
# Control characters, and characters that reorder (bidi), are invisible, or carry hidden text (tags).
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_CONTROLS = dict.fromkeys(map(ord, filter(_HIDDEN.match, map(chr, range(128)))))
_BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
_EMOJI = re.compile(r":(?=[\w+'-]+:)")
_QUOTE = re.compile(r"^([^\S\n]*)>", re.MULTILINE)
# An underscore inside a word formats nothing, and names and settings are full of them.
_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9_])_|_(?![A-Za-z0-9_])")
# Slack's mrkdwn has no escape for these, so look-alikes stand in for them.
_ALIKE = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def clean(text: str) -> str:
    """Drop ANSI sequences, control, bidi and invisible characters but newlines and tabs; mark what is no character."""
    if text.isascii():  # as most logs are: then the same takes a tenth of the time, in which nothing else is done
        plain = _ANSI.sub("", text) if "\x1b" in text else text
        return plain.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    plain = _LINE_END.sub("\n", _ANSI.sub("", text))
    return _BROKEN.sub("\ufffd", _HIDDEN.sub("", plain))


def escape(text: str) -> str:
    """Return text for mrkdwn that shows as it is: no mention, link, emoji, quote or formatting.

    It is masked first: with look-alikes in it, a secret would no longer look like one.
    """
    plain = _UNDERSCORE.sub("\u02cd", redact(clean(text)).translate(_ALIKE))
    return _QUOTE.sub(r"\1" + "\u203a", _EMOJI.sub("\ua789", plain)).translate(_ENTITIES)


def code(text: str) -> str:
    """Return a code span of one line for mrkdwn; a backtick inside becomes its look-alike."""
    line = " ".join(clean(text).split()).replace("`", "\u02cb")
    return f"`{line.translate(_ENTITIES) or ' '}`"


def bold(text: str) -> str:
    """Return one bold line for mrkdwn."""
    return f"*{escape(' '.join(text.split()))}*"


def when(moment: datetime) -> str:
    """Return a time (aware of its zone) that Slack shows in the reader's own zone.

    Source: https://docs.slack.dev/messaging/formatting-message-text/#date-formatting.
    """
    written = moment.isoformat(timespec="seconds")
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time_secs}}|{written}>"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 pod", "1,204 lines"; `plural` where it is not the noun and an s."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def typed(line: str) -> str:
    """Return what somebody typed, or may type, for mrkdwn."""
    return code(f"/pod {line}")
