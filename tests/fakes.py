"""Hand-written stand-ins for the ports: they answer what a test prepared, and fail on any other call."""

from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.asks import Ask, Member, Via
from bot.core.commands import Command, Context, Scope
from bot.core.grants import Effect, Grant, Identity
from bot.core.names import ContainerName, Namespace, PodName
from bot.core.resources import Access, Change, Executed, Fetched, Json, Listing, LogQuery, Resource, Table, Who
from config.templates import Template

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class FakeClock:
    """A clock that a test sets; sleeping moves it on at once."""

    def __init__(self, now: datetime = NOW) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class FakeCluster:
    """`ports.Cluster` from prepared answers, by call: "get pods/web-1", "table pods", "logs web-1/app", "who".

    An exception as answer is raised; a deque gives one answer a call, and its last one from then on. `calls` records
    each call with its options.
    """

    def __init__(self, answers: Mapping[str, Any] | None = None, namespace: str = "shop") -> None:
        self.answers = dict(answers or {})
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._namespace = Namespace(namespace)

    @property
    def name(self) -> str:
        return "main"

    @property
    def namespace(self) -> Namespace:
        return self._namespace

    def _answer(self, call: str, **options: Any) -> Any:
        self.calls.append((call, options))
        if call not in self.answers:
            raise AssertionError(f"unexpected call: {call} {options}")
        answer = self.answers[call]
        if isinstance(answer, deque):
            answer = answer.popleft() if len(answer) > 1 else answer[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def get(self, resource: Resource, name: str) -> Json:
        return self._answer(f"get {resource.plural}/{name}")  # type: ignore[no-any-return]  # as the test prepared it

    async def list(self, resource: Resource, *, selector: str = "", fields: str = "", limit: int = 500) -> Listing:
        answer = self._answer(f"list {resource.plural}", selector=selector, fields=fields, limit=limit)
        return answer if isinstance(answer, Listing) else Listing(tuple(answer))

    async def table(
        self, resource: Resource, *, selector: str = "", fields: str = "", limit: int = 500, labels: bool = False
    ) -> Table:
        options = {"selector": selector, "fields": fields, "limit": limit, "labels": labels}
        return self._answer(f"table {resource.plural}", **options)  # type: ignore[no-any-return]  # as prepared

    async def create(self, resource: Resource, body: Json, *, dry_run: bool = False) -> Json:
        answer = self._answer(f"create {resource.plural}", body=body, dry_run=dry_run)
        return body if answer is None else answer

    async def patch(self, resource: Resource, name: str, operations: Sequence[Json], *, dry_run: bool = False) -> Json:
        call = f"patch {resource.plural}/{name}"
        return self._answer(call, operations=operations, dry_run=dry_run)  # type: ignore[no-any-return]  # as prepared

    async def delete(
        self, resource: Resource, name: str, *, uid: str, grace_period: int | None = None, dry_run: bool = False
    ) -> None:
        self._answer(f"delete {resource.plural}/{name}", uid=uid, grace_period=grace_period, dry_run=dry_run)

    async def evict(self, pod: PodName, *, uid: str, grace_period: int | None = None, dry_run: bool = False) -> None:
        self._answer(f"evict {pod}", uid=uid, grace_period=grace_period, dry_run=dry_run)

    async def logs(self, pod: PodName, query: LogQuery) -> AsyncGenerator[bytes, None]:
        for chunk in self._answer(f"logs {pod}/{query.container}", query=query):
            yield chunk

    async def watch(
        self, resource: Resource, *, version: str = "", selector: str = "", fields: str = "", seconds: int = 60
    ) -> AsyncGenerator[Change, None]:
        options = {"version": version, "selector": selector, "fields": fields, "seconds": seconds}
        for change in self._answer(f"watch {resource.plural}", **options):
            yield change

    async def execute(
        self, pod: PodName, command: Sequence[str], *, container: ContainerName, seconds: float, limit: int
    ) -> Executed:
        options = {"command": tuple(command), "seconds": seconds, "limit": limit}
        return self._answer(f"execute {pod}/{container}", **options)  # type: ignore[no-any-return]  # as prepared

    async def check_execute(self, pod: PodName, command: Sequence[str], *, container: ContainerName) -> None:
        self._answer(f"check_execute {pod}/{container}", command=tuple(command))

    async def fetch(
        self, pod: PodName, path: str, query: str = "", *, port: int, tls: bool = False, seconds: float, limit: int
    ) -> Fetched:
        options = {"query": query, "tls": tls, "seconds": seconds, "limit": limit}
        return self._answer(f"fetch {pod}:{port}{path}", **options)  # type: ignore[no-any-return]  # as prepared

    async def check_fetch(self, pod: PodName, *, port: int, tls: bool = False) -> None:
        self._answer(f"check_fetch {pod}:{port}", tls=tls)

    async def who(self) -> Who:
        return self._answer("who")  # type: ignore[no-any-return]  # as the test prepared it

    async def allowed(self, access: Access) -> bool:
        return self._answer(f"allowed {access.verb} {access.resource}")  # type: ignore[no-any-return]  # as prepared


def ask_of(words: str = "", via: Via = Via.SLASH) -> Ask:
    """Alice asks in the team's channel."""
    return Ask("r-1", "T0ACME", "U0ALICE", "C0TEAM", words, via, NOW)


def grant_of(namespace: str = "shop", may: frozenset[Effect] = frozenset(Effect)) -> Grant:
    """Everything in a namespace, as the tier operator."""
    extras = {"podbot.io/slack-user": ("U0ALICE",)}
    identity = Identity("podbot:operator", ("podbot:operators",), extras)
    return Grant("main", Namespace(namespace), "operator", identity, may)


def context_of(
    *clusters: FakeCluster,
    clock: FakeClock | None = None,
    may: frozenset[Effect] = frozenset(Effect),
    commands: Mapping[str, Command[Any, Any]] | None = None,
    templates: Mapping[str, Template] | None = None,
    words: str = "",
    document: str = "",
    pod_templates: bool = False,
) -> Context:
    """Return what a verb gets when Alice asks, with a scope for each cluster."""
    return Context(
        ask=replace(ask_of(words), document=document),
        member=Member(user="U0ALICE", team="T0ACME"),
        scopes=tuple(Scope(grant_of(cluster.namespace, may), cluster) for cluster in clusters),
        clock=clock or FakeClock(),
        deadline=NOW + timedelta(seconds=60),
        commands=commands or {},
        templates=templates or {},
        pod_templates=pod_templates,
    )
