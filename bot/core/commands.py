"""What a verb declares; help, README, manifest and RBAC are made of these declarations."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from bot.core.asks import Ask, Member
from bot.core.errors import Declined
from bot.core.forms import FormMaker
from bot.core.grants import Effect, Grant
from bot.core.names import Namespace
from bot.core.ports import Clock, Cluster, Watches
from bot.core.replies import Reply
from bot.core.resources import Access
from bot.core.vitals import Vitals, unknown
from bot.core.watches import Watch
from config.templates import Template

Asked = TypeVar("Asked")
Result = TypeVar("Result")
Planned = TypeVar("Planned", bound="Plan")


class NoWatches:
    """Where nothing can be watched."""

    async def all(self) -> tuple[Watch, ...]:
        """Return none."""
        return ()

    async def add(self, watch: Watch, *, dry_run: bool = False) -> None:  # noqa: ARG002  # the port's signature
        """Refuse."""
        raise Declined(f"{watch.place} cannot be watched here")

    async def remove(self, watch: Watch, *, dry_run: bool = False) -> None:  # noqa: ARG002  # the same
        """Refuse."""
        raise Declined(f"{watch.place} is not watched here")


NO_WATCHES: Final = NoWatches()


def _usual(_: object) -> None:
    """Give a read the usual time."""


def _never(_: object) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change will do, read before it is done. All texts are plain; `render` escapes them.

    `pins` are what must be the same when it is done (for example `{"pod/web-1": UID}`). `asks` says whether a button
    must be pressed first; a DANGEROUS command always asks. `line`, where it is not empty, is what the button runs
    instead of the asked one (a generated name written out). A verb that must carry more from plan to run extends this
    class.
    """

    summary: str
    notes: tuple[str, ...] = ()
    pins: Mapping[str, str] = field(default_factory=dict)
    asks: bool = False
    line: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """One namespace of the grant, and the cluster bound to it and to the asker's identity."""

    grant: Grant
    cluster: Cluster


@dataclass(frozen=True, slots=True)
class Context:
    """All that a verb may use: the asker, the scopes that policy granted, and what the bot was started with.

    `scopes` is empty for a command that touches no namespace, has one for most, and one a granted namespace for `-A`.
    A change may not start after `deadline`. `pod_templates`: policy allows the namespace's PodTemplate objects.
    `vitals` tells how podbot itself is, `watches` what is watched for the channels. `accounts` is as in `of_tier`.
    """

    ask: Ask
    member: Member
    scopes: tuple[Scope, ...]
    clock: Clock
    deadline: datetime
    commands: "Mapping[str, Command[Any, Any]]"
    templates: Mapping[str, Template]
    pod_templates: bool = False
    vitals: Callable[[], Awaitable[Vitals]] = unknown
    watches: Watches = NO_WATCHES
    accounts: str = ""

    @property
    def grant(self) -> Grant:
        """The grant of the one namespace that was asked about."""
        return self.scopes[0].grant

    @property
    def cluster(self) -> Cluster:
        """The one namespace that was asked about, as the asker."""
        return self.scopes[0].cluster

    @property
    def namespace(self) -> Namespace:
        """The name of the one namespace that was asked about."""
        return self.grant.namespace


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Generic[Asked, Result]):
    """A verb's declarations, common to reads and changes.

    `request` is a frozen dataclass carrying click's decorators; its fields are click's parameters. `scope_free`
    commands need no grant and touch no cluster; `everywhere` ones take `-A`. `examples` leave out the leading `/pod`.
    `form` asks for what a line left out, where Slack lets podbot open one. `verbatim` is the argument that takes every
    word after `--` as it was typed; a command that has one must be given some. `takes_document`: a text may come beside
    the line. `scope_optional`: it takes a namespace where one is granted, and goes on without.
    """

    name: str
    request: type[Asked]
    render: Callable[[Result], Reply]
    summary: str
    needs: tuple[Access, ...] = ()
    examples: tuple[str, ...] = ()
    scope_free: bool = False
    everywhere: bool = False
    form: FormMaker[Asked] | None = None
    verbatim: str = ""
    takes_document: bool = False
    scope_optional: bool = False

    @property
    def effect(self) -> Effect:
        """What it does to the cluster."""
        return Effect.READ


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Command[Asked, Result]):
    """A verb that changes nothing.

    `patience` gives the seconds that it may take where it waits for something, beyond what other reads get. Where
    `follows` says so, each result edits one message for all in the channel, until the run ends or is stopped.
    """

    run: Callable[[Context, Asked], AsyncIterator[Result]]
    patience: Callable[[Asked], float | None] = _usual
    follows: Callable[[Asked], bool] = _never


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Command[Asked, Result], Generic[Asked, Planned, Result]):
    """A verb that changes something: planned first, announced, then run; each result edits the one message."""

    plan: Callable[[Context, Asked], Awaitable[Planned]]
    run: Callable[[Context, Asked, Planned], AsyncIterator[Result]]
    dangerous: bool = False

    @property
    def effect(self) -> Effect:
        """What it does to the cluster."""
        return Effect.DANGEROUS if self.dangerous else Effect.CHANGE
