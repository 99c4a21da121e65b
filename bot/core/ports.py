"""What podbot needs of the world, as protocols; each edge implements one of them."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.asks import Ask, Member, MessageRef, ViewRef
from bot.core.forms import Sheet
from bot.core.grants import Grant
from bot.core.names import ContainerName, Namespace, PodName
from bot.core.replies import Reply
from bot.core.resources import Access, Change, Executed, Fetched, Json, Listing, LogQuery, Resource, Table, Who
from bot.core.watches import Watch


class Clock(Protocol):
    """Time, so that tests can drive it."""

    def now(self) -> datetime:
        """Return the time in UTC, aware of its zone."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class Cluster(Protocol):
    """One namespace of one cluster, acting as one identity; there is no unbound client to call by mistake.

    Every method raises `bot.core.errors.ClusterError` and its kinds, and nothing else of its own. A method that changes
    something raises `OutcomeUnknown` where the change may have happened, and any other error only where it did not.
    Names are checked before a path is made of them (`BadName`).
    """

    @property
    def name(self) -> str:
        """The cluster's name in the policy."""

    @property
    def namespace(self) -> Namespace:
        """The one namespace that namespaced calls reach."""

    async def get(self, resource: Resource, name: str) -> Json:
        """Read one object."""

    async def list(self, resource: Resource, *, selector: str = "", fields: str = "", limit: int = 500) -> Listing:
        """Read at most `limit` objects, in pages; a 410 on the way starts again."""

    async def table(
        self, resource: Resource, *, selector: str = "", fields: str = "", limit: int = 500, labels: bool = False
    ) -> Table:
        """Read at most `limit` rows as the server prints them, with their labels where asked."""

    async def create(self, resource: Resource, body: Json, *, dry_run: bool = False) -> Json:
        """Create an object under strict field validation, or only have the server check it."""

    async def patch(self, resource: Resource, name: str, operations: Sequence[Json], *, dry_run: bool = False) -> Json:
        """Apply a JSON Patch (RFC 6902); a failed `test` is `Invalid` with status 422."""

    async def delete(
        self, resource: Resource, name: str, *, uid: str, grace_period: int | None = None, dry_run: bool = False
    ) -> None:
        """Delete the object with this very UID, else `Conflict`."""

    async def evict(self, pod: PodName, *, uid: str, grace_period: int | None = None, dry_run: bool = False) -> None:
        """Evict the pod with this UID; a disruption budget that forbids it is `TooMany`."""

    def logs(self, pod: PodName, query: LogQuery) -> AsyncGenerator[bytes, None]:
        """Yield a container's log in chunks, at most `query.budget` bytes; close it (aclosing) to stop early."""

    def watch(
        self, resource: Resource, *, version: str = "", selector: str = "", fields: str = "", seconds: int = 60
    ) -> AsyncGenerator[Change, None]:
        """Yield changes for at most `seconds`; a version that is too old raises `Expired`."""

    async def execute(
        self, pod: PodName, command: Sequence[str], *, container: ContainerName, seconds: float, limit: int
    ) -> Executed:
        """Run a command in a container without a terminal, for at most `seconds` and `limit` bytes of output."""

    async def check_execute(self, pod: PodName, command: Sequence[str], *, container: ContainerName) -> None:
        """Have the API server check whether it would run a command; nothing reaches the container."""

    async def fetch(
        self, pod: PodName, path: str, query: str = "", *, port: int, tls: bool = False, seconds: float, limit: int
    ) -> Fetched:
        """GET from a pod's port through the API server, in `seconds` in all; at most `limit` bytes of the body.

        `path` and `query` are encoded; see `bot.core.targets`. Whatever the pod answers is an answer: errors are the
        API server's own. Redirects are not followed.
        """

    async def check_fetch(self, pod: PodName, *, port: int, tls: bool = False) -> None:
        """Have the API server check whether it would fetch; nothing reaches the pod."""

    async def who(self) -> Who:
        """Ask the API server who this identity is (SelfSubjectReview)."""

    async def allowed(self, access: Access) -> bool:
        """Ask the API server whether this identity has a right here (SelfSubjectAccessReview)."""


class Clusters(Protocol):
    """Clusters, only ever for somebody."""

    def acting_as(self, grant: Grant) -> Cluster:
        """Return the grant's namespace, bound to the grant's identity."""


class Claims(Protocol):
    """Things that must happen once across replicas."""

    async def claim(self, key: str) -> bool:
        """Whether this call is the first to claim `key`; raises `ClusterError` when that can't be known."""

    async def is_claimed(self, key: str) -> bool:
        """Whether somebody has claimed `key`; raises `ClusterError` when that can't be known."""


class Records(Protocol):
    """Texts by key that all replicas share. Methods raise `ClusterError`."""

    async def read(self) -> Mapping[str, str]:
        """Return all of them."""

    async def change(self, decide: Callable[[Mapping[str, str]], Mapping[str, str | None]]) -> Mapping[str, str]:
        """Let `decide` say which to change (None takes one away), and return what is there then.

        What it decides on is what is there when it is written: where others came before, it is asked again, and what it
        raises is passed on. It must find nothing to do in what it has done already.
        """


class Lead(Protocol):
    """What one replica at a time holds."""

    async def hold(self) -> datetime | None:
        """Take it or renew it; return until when (UTC), None where another replica holds it; raises `ClusterError`."""

    async def release(self) -> None:
        """Let go of it, if this replica holds it; raises `ClusterError`."""


class Watches(Protocol):
    """What is watched for the channels. Methods raise `ClusterError`."""

    async def all(self) -> tuple[Watch, ...]:
        """Return every watch."""

    async def add(self, watch: Watch, *, dry_run: bool = False) -> None:
        """Turn one on, or only check that it could be; `Declined` where it is on already or there are too many."""

    async def remove(self, watch: Watch, *, dry_run: bool = False) -> None:
        """Turn one off, or only check that it could be; `Declined` where it is off."""


class Chat(Protocol):
    """Slack, as far as podbot needs it. Every Reply is redacted and fitted to Slack's limits on its way out.

    Methods raise `ChatError`; `post` raises `CannotPost` where podbot is not a member of the channel.
    """

    async def member(self, user: str) -> Member:
        """Look a user up (cached for a short time)."""

    async def usergroup(self, usergroup: str) -> frozenset[str]:
        """Return the ids of a usergroup's members (cached for a short time)."""

    async def whisper(self, ask: Ask, reply: Reply) -> None:
        """Answer the asker alone: response_url, else chat.postEphemeral, else a DM, where a file goes in any case."""

    async def post(self, channel: str, reply: Reply, *, thread: str = "", metadata: Json | None = None) -> MessageRef:
        """Post a message for all in the channel or thread; its file goes into the message's thread."""

    async def update(self, message: MessageRef, reply: Reply, *, metadata: Json | None = None) -> None:
        """Replace a message in place."""

    async def remove(self, message: MessageRef) -> None:
        """Delete a message that podbot posted."""

    async def find(self, channel: str, event: Json, *, since: datetime, thread: str = "") -> MessageRef | None:
        """Look for a message, or a reply in `thread`, by its metadata, among those posted since then.

        A `ChatError` with the code `missing_scope` says that podbot may not look.
        """

    async def open_form(self, trigger_id: str) -> ViewRef:
        """Open a form that says that it is being made; raise `FormTooLate` where the trigger is too old."""

    async def update_form(self, view: ViewRef, content: Sheet | Reply) -> None:
        """Make an open form this one, or put an answer in its place; of two choices at once, the last to come stays."""
