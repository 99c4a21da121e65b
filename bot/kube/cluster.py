"""One namespace, as one identity: `ports.Cluster` over any `wire.Transport`."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from bot.core.errors import BadName, ServerFault
from bot.core.names import ContainerName, Namespace, PodName
from bot.core.reading import mapping, text
from bot.core.resources import PODS, Access, Change, Executed, Fetched, Json, Listing, LogQuery, Resource, Table, Who
from bot.kube import reviews
from bot.kube.client import ANY, JSON_PATCH, Call, Client, Query
from bot.kube.execute import check_execute, execute
from bot.kube.fetching import check_fetch, fetch
from bot.kube.paging import read_pages
from bot.kube.paths import collection, item, proxied
from bot.kube.streams import read_bytes, read_changes
from bot.kube.tables import TABLE, table_of

_STRICT = ("fieldValidation", "Strict")
_DRY_RUN = ("dryRun", "All")
_QUIET = 3600.0  # seconds that a followed log may be silent
_SLACK = 10.0  # seconds a watch may end late


class BoundCluster:
    """Everything podbot can ask of a cluster; `client` carries the identity, and each path the namespace."""

    def __init__(self, name: str, namespace: Namespace, client: Client) -> None:
        self.name = name
        self.namespace = namespace
        self._client = client

    async def get(self, resource: Resource, name: str) -> Json:
        """Read one object."""
        return await self._client.json(Call("GET", item(resource, self.namespace, name)))

    async def list(self, resource: Resource, *, selector: str = "", fields: str = "", limit: int = 500) -> Listing:
        """Read at most `limit` objects, in pages."""
        call = Call("GET", collection(resource, self.namespace), _selectors(selector, fields))
        pages = await read_pages(self._client, call, items="items", limit=limit)
        version = text(mapping(pages.last.get("metadata")).get("resourceVersion"))
        return Listing(pages.items, pages.unread, version)

    async def table(
        self, resource: Resource, *, selector: str = "", fields: str = "", limit: int = 500, labels: bool = False
    ) -> Table:
        """Read at most `limit` rows as the server prints them; the objects themselves stay there."""
        objects = ("includeObject", "Metadata" if labels else "None")
        query = (*_selectors(selector, fields), objects)
        call = Call("GET", collection(resource, self.namespace), query, accept=TABLE)
        pages = await read_pages(self._client, call, items="rows", limit=limit)
        if pages.last.get("kind") != "Table":
            raise ServerFault("the API server did not answer with a Table")
        return table_of(pages)

    async def create(self, resource: Resource, body: Json, *, dry_run: bool = False) -> Json:
        """Create an object under strict field validation."""
        call = Call("POST", collection(resource, self.namespace), (_STRICT,), body, changes=True)
        return await self._client.json(_dry(call) if dry_run else call)

    async def patch(self, resource: Resource, name: str, operations: Sequence[Json], *, dry_run: bool = False) -> Json:
        """Apply a JSON Patch."""
        path = item(resource, self.namespace, name)
        call = Call("PATCH", path, (_STRICT,), tuple(operations), content=JSON_PATCH, changes=True)
        return await self._client.json(_dry(call) if dry_run else call)

    async def delete(
        self, resource: Resource, name: str, *, uid: str, grace_period: int | None = None, dry_run: bool = False
    ) -> None:
        """Delete the object with this very UID."""
        options = {"apiVersion": "v1", "kind": "DeleteOptions", **_ending(uid, grace_period)}
        body: Json = {**options, "propagationPolicy": "Background"}
        if dry_run:
            body["dryRun"] = ["All"]  # beside a body, the API server does not read dryRun from the query
        await self._client.json(Call("DELETE", item(resource, self.namespace, name), body=body, changes=not dry_run))

    async def evict(self, pod: PodName, *, uid: str, grace_period: int | None = None, dry_run: bool = False) -> None:
        """Evict the pod with this very UID."""
        body: Json = {
            "apiVersion": "policy/v1",
            "kind": "Eviction",
            "metadata": {"name": pod, "namespace": self.namespace},
            "deleteOptions": _ending(uid, grace_period),
        }
        call = Call("POST", item(PODS, self.namespace, pod, "eviction"), (_STRICT,), body, changes=True)
        await self._client.json(_dry(call) if dry_run else call)

    def logs(self, pod: PodName, query: LogQuery) -> AsyncGenerator[bytes, None]:
        """Yield a container's log in chunks, at most `query.budget` bytes."""
        path = item(PODS, self.namespace, pod, "log")
        call = Call("GET", path, _log_query(query), accept=ANY)
        return read_bytes(self._client, replace(call, timeout=_QUIET) if query.follow else call, query.budget)

    def watch(
        self, resource: Resource, *, version: str = "", selector: str = "", fields: str = "", seconds: int = 60
    ) -> AsyncGenerator[Change, None]:
        """Yield changes for at most `seconds`."""
        asked = _given(("watch", "true"), ("timeoutSeconds", str(seconds)), ("resourceVersion", version))
        query = (*_selectors(selector, fields), *asked)
        call = Call("GET", collection(resource, self.namespace), query, timeout=seconds + _SLACK)
        return read_changes(self._client, call, seconds)

    async def execute(
        self, pod: PodName, command: Sequence[str], *, container: ContainerName, seconds: float, limit: int
    ) -> Executed:
        """Run a command in a container without a terminal."""
        call = replace(self._execution(pod, command, container), changes=True)
        return await execute(self._client, call, seconds=seconds, limit=limit)

    async def check_execute(self, pod: PodName, command: Sequence[str], *, container: ContainerName) -> None:
        """Have the API server check whether it would run a command."""
        await check_execute(self._client, self._execution(pod, command, container))

    async def fetch(
        self, pod: PodName, path: str, query: str = "", *, port: int, tls: bool = False, seconds: float, limit: int
    ) -> Fetched:
        """GET from a pod's port through the API server."""
        call = Call("GET", proxied(self.namespace, pod, port, path, tls=tls), encoded_query=query)
        checked = Call("GET", proxied(self.namespace, pod, port, "", tls=tls))
        return await fetch(self._client, call, checked, seconds=seconds, limit=limit)

    async def check_fetch(self, pod: PodName, *, port: int, tls: bool = False) -> None:
        """Have the API server check whether it would fetch."""
        await check_fetch(self._client, Call("GET", proxied(self.namespace, pod, port, "", tls=tls)))

    def _execution(self, pod: PodName, command: Sequence[str], container: ContainerName) -> Call:
        words = tuple(("command", word) for word in command)
        query = (*words, ("container", container), ("stdout", "true"), ("stderr", "true"))
        return Call("GET", item(PODS, self.namespace, pod, "exec"), query, accept=ANY)

    async def who(self) -> Who:
        """Ask the API server who this identity is."""
        return await reviews.who(self._client)

    async def allowed(self, access: Access) -> bool:
        """Ask the API server whether this identity has a right, here or (as its scope says) in the whole cluster."""
        namespace = "" if access.scope == "cluster" else self.namespace
        return await reviews.allowed(self._client, access, namespace=namespace)


def _dry(call: Call) -> Call:
    """Return the same call as one that the server only checks, and that so changes nothing."""
    return replace(call, query=(*call.query, _DRY_RUN), changes=False)


def _given(*pairs: tuple[str, str]) -> Query:
    return tuple((name, value) for name, value in pairs if value)


def _selectors(selector: str, fields: str) -> Query:
    return _given(("labelSelector", selector), ("fieldSelector", fields))


def _log_query(query: LogQuery) -> Query:
    return _given(
        ("container", query.container),
        ("previous", "true" if query.previous else ""),
        ("follow", "true" if query.follow else ""),
        ("timestamps", "true" if query.timestamps else ""),
        ("tailLines", "" if query.tail is None else str(query.tail)),
        ("sinceSeconds", "" if query.since is None else str(query.since)),
        ("limitBytes", str(query.budget)),
    )


def _ending(uid: str, grace_period: int | None) -> Json:
    """Return the DeleteOptions that bind the end of a pod to its UID; without one, the name alone would decide."""
    if not uid:
        raise BadName("a UID is needed")
    options: Json = {"preconditions": {"uid": uid}}
    return options if grace_period is None else {**options, "gracePeriodSeconds": grace_period}
