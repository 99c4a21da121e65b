"""Files that are read again when their content changes, and what is left to go by when an edit is broken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Generic, TypeVar

from config.errors import ConfigError
from config.files import read
from config.policy import Policy, parse_policy
from config.templates import Template, parse_templates, read_folder

PATIENCE: Final = timedelta(minutes=5)

Content = TypeVar("Content")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class PolicyState:
    """The last good policy; `problem` is what is wrong on disk since `broken_since` (UTC), empty where nothing is."""

    policy: Policy
    problem: str = ""
    broken_since: datetime | None = None

    def stale(self, now: datetime) -> bool:
        """Whether the policy on disk has been broken for so long that changes are refused."""
        return self.broken_since is not None and now - self.broken_since >= PATIENCE


class Watched(Generic[Content, Value]):
    """A value loaded from disk, loaded again by `poll`; a broken edit leaves the last good one and sets `problem`.

    The constructor raises `ConfigError`: a fresh process never starts on a broken file.
    """

    def __init__(self, fetch: Callable[[], Content], load: Callable[[Content], Value]) -> None:
        self._fetch = fetch
        self._load = load
        self._good = fetch()
        self.value = load(self._good)
        self.problem = ""
        self.broken_since: datetime | None = None

    def poll(self, now: datetime) -> None:
        """Compare the content on disk with the last good one, and load it where it differs; `now` is in UTC."""
        try:
            content = self._fetch()
            if content != self._good:
                self.value = self._load(content)
                self._good = content
        except ConfigError as error:
            self.problem = str(error)
            self.broken_since = self.broken_since or now
        else:
            self.problem, self.broken_since = "", None


class PolicyFile(Watched[bytes, Policy]):
    """The policy at `path`; `people` is as in `parse_policy`."""

    def __init__(self, path: Path, *, people: bool = True) -> None:
        super().__init__(lambda: read(path), lambda content: parse_policy(content, str(path), people=people))

    @property
    def state(self) -> PolicyState:
        """What to go by now."""
        return PolicyState(self.value, self.problem, self.broken_since)


class TemplateFolder(Watched[Mapping[str, bytes], Mapping[str, Template]]):
    """The templates in `folder`, by name."""

    def __init__(self, folder: Path) -> None:
        super().__init__(lambda: read_folder(folder), parse_templates)
