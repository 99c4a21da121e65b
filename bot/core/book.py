"""What podbot keeps of watches, as texts by key: each is signed, so that only podbot's own is ever gone by.

A text is its signature and then JSON that an administrator can read. The signature is of the key too, so that no entry
can stand in for another.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.core.errors import Declined
from bot.core.reading import mapping
from bot.core.resources import Json
from bot.core.signing import is_signed, signature
from bot.core.tellings import Telling
from bot.core.watches import LONGEST_SELECTOR, MOST, MOST_OF_CHANNEL, Watch, of_channel

Texts = Mapping[str, str]
Changes = Mapping[str, str | None]
"""New texts by key; None takes one away."""
Kept = TypeVar("Kept", Watch, Telling)

_WATCH, _TELLING = "watch.", "incident."
_KIND = "kept record"  # no ticket can have a kind of two words


@dataclass(frozen=True, slots=True)
class Book:
    """Watches and messages by their keys; `strange` are the keys of what podbot has not signed."""

    watches: Mapping[str, Watch] = field(default_factory=dict)
    tellings: Mapping[str, Telling] = field(default_factory=dict)
    strange: tuple[str, ...] = ()


class Overtaken(Exception):
    """Another replica has changed what this one goes by."""


def read(texts: Texts, keys: Sequence[str]) -> Book:
    """Return what the texts say; what is not signed, or makes no sense, is left aside."""
    good = {key: raw for key, text in texts.items() if (raw := _opened(key, text, keys)) is not None}
    watches = dict(_read(good, _WATCH, lambda _, raw: Watch.of(raw)))
    tellings = dict(_read(good, _TELLING, Telling.of))
    strange = set(texts) - {f"{_WATCH}{key}" for key in watches} - {f"{_TELLING}{key}" for key in tellings}
    return Book(watches, tellings, tuple(sorted(strange)))


def added(texts: Texts, watch: Watch, keys: Sequence[str]) -> Changes:
    """Return what turns a watch on; `Declined` where it is on, where there are too many, or its selector too long."""
    watches = read(texts, keys).watches
    if watches.get(watch.key) == watch:
        return {}  # the answer to this very change was lost
    if watch.key in watches:
        raise Declined(f"this channel watches {watch.place} already", hint="`/pod watches` shows what it watches")
    _check_bounds(tuple(watches.values()), watch)
    return _written(_WATCH, watch.key, watch.json(), keys)


def _check_bounds(watches: tuple[Watch, ...], watch: Watch) -> None:
    if len(watch.selector) > LONGEST_SELECTOR:
        raise Declined(
            f"a watch's selector has at most {LONGEST_SELECTOR} characters, and this one has {len(watch.selector)}",
            hint="select by one label that these pods share, or by none with `/pod watch on`",
        )
    if len(tuple(of_channel(watches, watch.channel))) >= MOST_OF_CHANNEL:
        raise Declined(
            f"this channel has {MOST_OF_CHANNEL} watches already",
            hint="`/pod watches` shows them; turn one off with `/pod watch off`",
        )
    if len(watches) >= MOST:
        raise Declined(
            f"there are {MOST} watches already", hint="turn one off with `/pod watch off` where it was turned on"
        )


def removed(texts: Texts, watch: Watch) -> Changes:
    """Return what turns a watch off; `Declined` where it is off."""
    if f"{_WATCH}{watch.key}" not in texts:
        raise Declined(f"this channel does not watch {watch.place}", hint="`/pod watches` shows what it watches")
    return {f"{_WATCH}{watch.key}": None}


def ended(texts: Texts, watch: Watch, telling: Telling, keys: Sequence[str]) -> Changes:
    """Return what ends a watch and has that told, both at once; nothing where somebody else has ended it."""
    if read(texts, keys).watches.get(watch.key) != watch:
        return {}
    return {f"{_WATCH}{watch.key}": None, **_written(_TELLING, telling.key, telling.json(), keys)}


def told(texts: Texts, before: Telling | None, after: Telling | None, keys: Sequence[str]) -> Changes:
    """Return what puts one state of a message in another's place; `Overtaken` where the first is not what is there."""
    key = (after or before or _nothing()).key
    there = read({name: text for name, text in texts.items() if name == f"{_TELLING}{key}"}, keys).tellings.get(key)
    wanted = _written(_TELLING, key, after.json(), keys) if after else {f"{_TELLING}{key}": None}
    if all(texts.get(name) == text for name, text in wanted.items()):
        return {}  # a change whose answer was lost
    if there != (before and as_kept(before)):
        raise Overtaken(key)
    return wanted


def resigned(texts: Texts, keys: Sequence[str]) -> Changes:
    """Return what signs with the first key the entries that only another one has signed, which will be taken away."""
    first = keys[:1]
    opened = {key: _opened(key, text, keys) for key, text in texts.items() if _opened(key, text, first) is None}
    return {key: text for key, raw in opened.items() if raw is not None for text in _signed(key, raw, keys).values()}


def as_kept(telling: Telling) -> Telling:
    """Return a telling as it comes back when it has been kept: of many pods' names only some are."""
    return Telling.of(telling.key, telling.json())


def _nothing() -> Telling:
    raise ValueError("neither a state before nor one after")


def _read(good: Mapping[str, Json], prefix: str, of: Callable[[str, Json], Kept]) -> Iterator[tuple[str, Kept]]:
    for name, raw in good.items():
        key = name.removeprefix(prefix)
        try:
            if key != name and (found := of(key, raw)).key == key:
                yield key, found
        except (ValueError, KeyError, TypeError):  # signed by an older podbot, perhaps
            continue


def _written(prefix: str, key: str, raw: Json, keys: Sequence[str]) -> Changes:
    return _signed(f"{prefix}{key}", raw, keys)


def _signed(name: str, raw: Json, keys: Sequence[str]) -> dict[str, str]:
    content = json.dumps(raw, ensure_ascii=False, sort_keys=True)
    return {name: f"{signature(f'{name} {content}', _KIND, keys[0])} {content}"}


def _opened(name: str, text: str, keys: Sequence[str]) -> Json | None:
    given, _, content = text.partition(" ")
    if not is_signed(f"{name} {content}", _KIND, given, keys):
        return None
    return mapping(json.loads(content))
