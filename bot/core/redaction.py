"""Masking what looks like a secret, in texts and in whole replies, before anything is cut, sent or recorded."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import Any, Final

from bot.core.assignments import HINTS as TELLING
from bot.core.assignments import assigned
from bot.core.replies import File, Reply
from bot.core.secrets import HINTS, Span, places, private_keys, tokens

MASK: Final = "‹masked›"
Mask = Callable[[str], str]
_ROUNDS = 3  # masking one secret can bring another's name next to its value; rarely once, never seen twice

# Names and signed values that Slack or podbot read again; people don't see them.
_MACHINE: Final = frozenset({"type", "action_id", "block_id", "value", "user_id", "channel_id", "usergroup_id"})
# Most texts hold none of these, and are known in a fifth of the time to hold no secret.
_HINT: Final = re.compile("|".join(sorted({re.escape(word.casefold()) for word in (*HINTS, *TELLING)})))


def redact(text: str) -> str:
    """Return `text` with each secret replaced by `MASK`, and what surrounds it kept."""
    for _ in range(_ROUNDS):
        masked = _masked(text)
        if masked == text:
            break
        text = masked
    return text


def carries_secret(text: str) -> bool:
    """Whether `redact` would mask a part of `text`."""
    return _masked(text) != text


def redact_within(holder: Any, value: str) -> str:
    """Return a value out of a JSON object or list as it may be told without it: masked where its name gives it away."""
    whole, written = json.dumps(holder, ensure_ascii=False), json.dumps(value, ensure_ascii=False)[1:-1]
    return MASK if redact(whole).count(written) < whole.count(written) else value


def redact_reply(reply: Reply) -> Reply:
    """Return the reply with every string that people see redacted: text, blocks, file, and the whisper's."""
    mask = cache(redact)  # for this reply alone: cells of a table say the same many times
    return replace(
        reply,
        text=mask(reply.text),
        blocks=tuple(_object(block, mask) for block in reply.blocks),
        file=File(mask(reply.file.name), mask(reply.file.text)) if reply.file else None,
        whisper=redact_reply(reply.whisper) if reply.whisper else None,
    )


def _masked(text: str) -> str:
    if not _HINT.search(text.casefold()):
        return text
    kept, end = [], 0
    for start, stop in _joined(chain(tokens(text), places(text), private_keys(text), assigned(text))):
        kept += [text[end:start], MASK]
        end = stop
    return "".join((*kept, text[end:]))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans in order, those that touch or overlap as one."""
    last: Span | None = None
    for start, stop in sorted(spans):
        if last and start <= last[1]:
            last = last[0], max(last[1], stop)
            continue
        if last:
            yield last
        last = start, stop
    if last:
        yield last


def _object(block: Mapping[str, Any], mask: Mask) -> dict[str, Any]:
    is_button = block.get("type") == "button"
    return {
        key: value if key in _MACHINE or (is_button and key == "url") else _anything(value, mask)
        for key, value in block.items()
    }


def _anything(value: Any, mask: Mask) -> Any:
    match value:
        case str():
            return mask(value)
        case Mapping():
            return _object(value, mask)
        case list() | tuple():
            return [*_items(value, mask)]
    return value


def _items(values: Iterable[Any], mask: Mask) -> Iterator[Any]:
    """Yield a list's items; neighbouring rich texts are read as one, for a secret may run from one into the next."""
    run: list[Mapping[str, Any]] = []
    for value in values:
        if isinstance(value, Mapping) and value.get("type") == "text" and isinstance(value.get("text"), str):
            run.append(value)
            continue
        if run:
            yield from _run(run, mask)
            run = []
        yield _anything(value, mask)
    yield from _run(run, mask)


def _run(texts: list[Mapping[str, Any]], mask: Mask) -> Iterator[dict[str, Any]]:
    apart = [mask(element["text"]) for element in texts]
    whole = mask("".join(element["text"] for element in texts))
    if whole == "".join(apart):
        yield from ({**element, "text": text} for element, text in zip(texts, apart, strict=True))
    else:
        yield {**texts[0], "text": whole}
