"""What is looked at to say whether podbot is set up well, as values: the edges gather them, `bot.checks` judges."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Token:
    """Whose the bot token is, what it was granted (None where Slack does not say), and Slack's own time (UTC)."""

    team: str
    user: str
    scopes: frozenset[str] | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as the bot sees it; `is_shared` with another workspace, `is_org_shared` with the organisation's."""

    id: str
    name: str
    is_member: bool = True
    is_private: bool = True
    is_archived: bool = False
    is_shared: bool = False
    is_org_shared: bool = False


@dataclass(frozen=True, slots=True)
class Usergroup:
    """A usergroup, and how many members it has."""

    id: str
    handle: str
    users: int
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of RBAC that reaches somebody; without `names` it reaches every object. `*` means all."""

    verbs: frozenset[str]
    groups: frozenset[str]
    resources: frozenset[str]
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that reach somebody in one namespace; `is_whole` where the API server says that it knows them all."""

    rules: tuple[Rule, ...]
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """The API server's version, such as `v1.37.1`, and its own time (UTC)."""

    name: str
    at: datetime | None = None
