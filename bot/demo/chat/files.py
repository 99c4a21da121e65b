"""Files: announced, uploaded, then completed into a channel."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count

from bot.demo.chat.errors import SlackError


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on its way or there; `channel` is empty until it is completed, `length` what was announced in bytes."""

    id: str
    name: str
    length: int
    title: str = ""
    snippet_type: str = ""
    content: bytes = field(default=b"", repr=False)
    uploaded: bool = False
    channel: str = ""
    thread: str = ""

    @property
    def text(self) -> str:
        """The content, as UTF-8."""
        return self.content.decode()


_GONE = b"This file is not kept any more.\n"


class Files:
    """Every file announced, by its id; beyond `most` bytes in all, the oldest lose what is in them."""

    def __init__(self, most: int | None = None) -> None:
        self._files: dict[str, StoredFile] = {}
        self._serials = count(1)
        self._most = most

    def announce(self, name: str, length: int, snippet_type: str) -> StoredFile:
        """Give a new file its id."""
        return self.put(StoredFile(f"F{next(self._serials):08d}", name, length, snippet_type=snippet_type))

    def put(self, file: StoredFile) -> StoredFile:
        """Store the file as it is now."""
        self._files[file.id] = file
        self._empty_the_oldest()
        return file

    def forget(self, files: Iterable[str]) -> None:
        """Forget files, with the message that they came with."""
        for file in files:
            self._files.pop(file, None)

    def find(self, file: str) -> StoredFile:
        """Return an announced file, or raise Slack's `file_not_found`."""
        if file not in self._files:
            raise SlackError("file_not_found")
        return self._files[file]

    def shared(self, channel: str = "") -> tuple[StoredFile, ...]:
        """Return the files that reached `channel`, or any channel."""
        return tuple(file for file in self._files.values() if file.channel and channel in ("", file.channel))

    def _empty_the_oldest(self) -> None:
        """Keep the newest file whole, however large it is."""
        held = sum(len(file.content) for file in self._files.values())
        for file in list(self._files.values())[:-1]:
            if self._most is None or held <= self._most:
                return
            held -= len(file.content)
            self._files[file.id] = replace(file, content=_GONE if file.content else b"")
