"""Undoing what Slack, phones and editors do to a typed line, so that it can be read as it was meant.

Sources: https://docs.slack.dev/messaging/formatting-message-text#escaping (links and entities),
https://github.com/kubeshop/botkube/issues/465 (label keys made into links).
"""

import re

_BLANKS = dict.fromkeys([0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_ZERO_WIDTH = [
    0xAD,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2065),
    *range(0x2066, 0x206A),
    0xFEFF,
]
_SINGLE_QUOTES = dict.fromkeys([0x2018, 0x2019, 0x201A, 0x201B, 0x2032], "'")
_DOUBLE_QUOTES = dict.fromkeys([0x201C, 0x201D, 0x201E, 0x201F, 0x2033], '"')
_HYPHENS = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2212, 0xFE63, 0xFF0D], "-")
_PLAIN = {**_BLANKS, **dict.fromkeys(_ZERO_WIDTH, ""), **_SINGLE_QUOTES, **_DOUBLE_QUOTES, **_HYPHENS}

_LINK = re.compile(r"<(?:https?://|ftp://|mailto:|tel:)[^<>|\s]*(?:\|[^<>]*)?>")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_LONG_DASHES = "\u2013\u2014\u2015"
# It begins where a run of dashes begins, or a long run of hyphens alone would be searched from each of them.
_DASHES = re.compile(
    rf"(?P<start>(?<![^\s'\"]))?(?<![-{_LONG_DASHES}])(?P<dashes>-*[{_LONG_DASHES}][-{_LONG_DASHES}]*)(?P<next>\w{{0,2}})"
)


def undo(text: str) -> str:
    """Return a line as it was typed: links as their visible text; entities, quotes, dashes and blanks as ASCII.

    Apply it once: an entity that was typed (`&amp;lt;`) would be undone again. Mentions (`<@U1>`, `<#C1|name>`) stay,
    and match no name. Line breaks stay too, for the parser to refuse.
    """
    text = text.replace("\r\n", "\n").translate(_PLAIN)
    text = _LINK.sub(_visible, text)
    text = _ENTITY.sub(lambda entity: _ENTITIES[entity[1]], text)
    text = _DASHES.sub(_dashes, text)
    return _unframed(text)


def undo_in_code(text: str) -> str:
    """Return what stood in a code block: without Slack's links and entities, and otherwise as it was typed."""
    text = _LINK.sub(_visible, text.replace("\r\n", "\n"))
    return _ENTITY.sub(lambda entity: _ENTITIES[entity[1]], text)


def _unframed(text: str) -> str:
    """Return what is framed by as many backticks before as after; a pattern would look for each number of them."""
    line = text.strip()
    inner = line.strip("`")
    before = len(line) - len(line.lstrip("`"))
    is_framed = 0 < 2 * before == len(line) - len(inner) and "`" not in inner
    return inner if is_framed else text


def _visible(link: re.Match[str]) -> str:
    address, bar, label = link[0][1:-1].partition("|")
    return label if bar else address.removeprefix("mailto:").removeprefix("tel:")


def _dashes(found: re.Match[str]) -> str:
    """Return the hyphens that stood here: a phone makes `--` a long dash, and a word processor `-` a shorter one."""
    dashes, follows = found["dashes"], found["next"]
    if found["start"] is None:
        return "-" * len(dashes) + follows
    is_short = follows[:1].isdigit() or (len(follows) == 1 and "\u2014" not in dashes)
    return ("-" if is_short and len(dashes) == 1 else "--") + follows
