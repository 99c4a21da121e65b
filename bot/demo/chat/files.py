"""Files: announced, uploaded, then completed into a channel."""

from dataclasses import dataclass, field

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


class Files:
    """Every file announced, by its id."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}

    def announce(self, name: str, length: int, snippet_type: str) -> StoredFile:
        """Give a new file its id."""
        return self.put(StoredFile(f"F{len(self._files) + 1:08d}", name, length, snippet_type=snippet_type))

    def put(self, file: StoredFile) -> StoredFile:
        """Store the file as it is now."""
        self._files[file.id] = file
        return file

    def find(self, file: str) -> StoredFile:
        """Return an announced file, or raise Slack's `file_not_found`."""
        if file not in self._files:
            raise SlackError("file_not_found")
        return self._files[file]

    def shared(self, channel: str = "") -> tuple[StoredFile, ...]:
        """Return the files that reached `channel`, or any channel."""
        return tuple(file for file in self._files.values() if file.channel and channel in ("", file.channel))
