"""YAML that somebody sent, into plain data: hostile until read, bounded in size, depth and count.

It is read event by event, so that nothing is built that was not counted. No anchors and aliases, with which a small
text describes a huge tree; no tags, which make other types of it; one document. An error names the line and the column,
and repeats nothing of the text, where a secret may stand.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

import yaml

from bot.core.errors import UsageError
from bot.core.resources import Json
from bot.core.scalars import Scalar, scalar

LARGEST: Final = 20_000  # bytes
_DEEPEST = 32
_MOST = 4_000  # nodes
_TAG = "tag:yaml.org,2002:"
_CORE: Final[dict[str, tuple[type, ...]]] = {
    f"{_TAG}bool": (bool,),
    f"{_TAG}int": (int,),
    f"{_TAG}float": (int, float),
    f"{_TAG}null": (type(None),),
}
_SPELLED = re.compile(r"'[^']{2,}'|\"[^\"]{2,}\"|<[^<>]*>")
_PROBLEMS = (  # what the reader says most, in words of podbot's own; its own speak of tokens and quote the text
    ("expected <block end>", "it does not go on as the lines above began"),
    ("expected ',' or ']'", "a [ before it is not closed by ]"),
    ("expected ',' or '}'", "a { before it is not closed by }"),
    ("mapping values are not allowed", "a colon stands where none can be"),
    (r"character '\t'", "a tab stands where only spaces can be"),
    ("cannot start any token", "a word begins with a character that needs quotes around it"),
    ("end of stream", "a quotation mark before it is not closed"),
)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_STARTS = (
    (re.compile("^[ \t]*[\u00a0\u2007\u202f\u3000]", re.MULTILINE), "a no-break space", "indent with plain spaces"),
    (re.compile("^%", re.MULTILINE), "%", "leave that line out"),
)


def read_document(text: str) -> Json:
    """Return the one mapping that `text` (YAML, or JSON) holds, read as Kubernetes would; raise `UsageError`."""
    if len(text) > LARGEST or len(text.encode(errors="replace")) > LARGEST:
        raise _refused(f"the YAML is longer than {LARGEST:,} bytes", "leave out what is not needed, such as status")
    for start, what, hint in _STARTS:
        if found := start.search(text):
            raise _refused(f"line {text.count(chr(10), 0, found.end()) + 1} of the YAML begins with {what}", hint)
    try:
        return _Reader(yaml.parse(_without_tabs(text), yaml.SafeLoader)).whole()
    except yaml.MarkedYAMLError as error:
        raise _refused(f"the YAML can't be read{_at(error.problem_mark)}: {_plain(error)}", _MEND) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # an escape beyond Unicode, a control character
        raise _refused("there is a character in the YAML that can't be read", "write it as plain text") from error


_MEND = "mend the YAML; spaces indent it, and quotes go around what is not a plain word"


class _Reader:
    """Reads the events of one text, and counts."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._nodes = 0

    def whole(self) -> Json:
        """Return the one document; empty ones beside it do not count."""
        found = [document for document in self._documents() if document is not None]
        if len(found) > 1:
            raise _refused("there are several documents", "give one Pod, in one code block; ask again for the next")
        if not found:
            raise _refused("the YAML is empty", "begin it with apiVersion: v1 and kind: Pod")
        if not isinstance(found[0], dict):
            raise _refused("the YAML is not a mapping", "begin it with apiVersion: v1 and kind: Pod")
        return found[0]

    def _documents(self) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                yield self._node(next(self._events), 0)

    def _node(self, event: yaml.Event, depth: int) -> Any:
        self._nodes += 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            _refuse(event, "an anchor or an alias", "write the value out where it belongs")
        if self._nodes > _MOST:
            _refuse(event, f"more than {_MOST:,} values", "leave out what is not needed")
        if depth > _DEEPEST:
            _refuse(event, f"something more than {_DEEPEST} levels deep", "a Pod is never so deep")
        if isinstance(event, yaml.ScalarEvent):
            return _value(event)
        if getattr(event, "tag", None) not in (None, "!", f"{_TAG}map", f"{_TAG}seq"):
            _refuse(event, "a tag", "leave out what begins with !")
        is_list = isinstance(event, yaml.SequenceStartEvent)
        return self._list(depth + 1) if is_list else self._mapping(depth + 1)

    def _list(self, depth: int) -> list[Any]:
        return [self._node(event, depth) for event in self._until(yaml.SequenceEndEvent)]

    def _mapping(self, depth: int) -> Json:
        read: Json = {}
        for event in self._until(yaml.MappingEndEvent):
            key = self._node(event, depth)
            if not isinstance(key, str):
                _refuse(event, "a key that is not text", "put it into quotes")
            if key == "<<" and _is_plain(event):
                _refuse(event, "a merge key", "write the values out where they belong")
            if key in read:
                _refuse(event, "a key that is there twice", "give each key once")
            read[key] = self._node(next(self._events), depth)
        return read

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self._events), end):
            yield event


def _value(event: yaml.ScalarEvent) -> Scalar:
    try:  # JSON writes characters beyond 16 bits as two halves
        text = str(event.value).encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeError:
        _refuse(event, "half a character", "write the whole one")
    if event.tag in ("!", f"{_TAG}str"):
        return text
    if event.tag is not None and event.tag not in _CORE:
        _refuse(event, "a tag", "leave out what begins with !")
    if event.tag is None and not _is_plain(event):
        return text
    try:
        value = scalar(text)
    except ValueError:
        _refuse(event, "infinity, or what is no number", "put it into quotes if it is meant as text")
    if event.tag is not None and (type(value) not in _CORE[event.tag]):
        _refuse(event, "a tag that its value does not fit", "leave out what begins with !")
    return value


def _is_plain(event: yaml.Event) -> bool:
    """Whether it stands without quotes, and so may be a number."""
    return not getattr(event, "style", None)


def _without_tabs(text: str) -> str:
    """Return JSON that is indented by tabs as YAML takes it: inside braces, blanks at a line's start mean nothing."""
    return _INDENT.sub(lambda blanks: " " * len(blanks[0]), text) if text.lstrip().startswith("{") else text


def _refuse(event: yaml.Event, what: str, hint: str) -> NoReturn:
    raise _refused(f"the YAML has {what}{_at(event.start_mark)}", hint)


def _refused(message: str, hint: str) -> UsageError:
    return UsageError(message, hint=hint, verb="create")


def _at(mark: Any) -> str:
    return f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def _plain(error: yaml.MarkedYAMLError) -> str:
    """Return what is wrong, without anything of the text but, perhaps, a single character."""
    said = str(error.problem or "something is not where it can be")
    return next((words for part, words in _PROBLEMS if part in said), _SPELLED.sub("…", said))
