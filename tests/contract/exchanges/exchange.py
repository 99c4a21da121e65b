"""An exchange is one request to an API server; a story is exchanges in their order, in a namespace of their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from bot.core.resources import Json

By = Literal["admin", "bot", "operator", "viewer", "nobody"]

JSON: Final = "application/json"
JSON_PATCH: Final = "application/json-patch+json"
MERGE_PATCH: Final = "application/merge-patch+json"
TABLE: Final = "application/json;as=Table;v=v1;g=meta.k8s.io"
CORE: Final = "/api/v1/namespaces/$namespace"
PODS: Final = f"{CORE}/pods"
MAPS: Final = f"{CORE}/configmaps"
PAUSE: Final = "cluster.local/pause:1"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, and `what` it shows.

    `$namespace`, `$bot` (the bot's user), and what an earlier exchange has kept are filled in. `keep` names parts of
    the answer ("metadata.uid") for later; it is asked again `until` status and body are so. `stripped` are parts of the
    body that are not compared, for the cluster decides them. `body` may be bytes that are no JSON.
    """

    what: str
    method: str
    path: str
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)
    accept: str = JSON
    content: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    by: By = "admin"
    keep: Mapping[str, str] = field(default_factory=dict)
    until: Callable[[int, Json], bool] | None = None
    stripped: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The request in one line, for who reads the record."""
        query = "&".join(f"{key}={value}" for key, value in self.query.items())
        who = "" if self.by == "admin" else f" as {self.by}"
        return f"{self.method} {self.path}{query and f'?{query}'}{who}"


@dataclass(frozen=True, slots=True)
class Story:
    """Exchanges that belong together, by a name that is its record's in the file of its theme."""

    name: str
    exchanges: tuple[Exchange, ...]


def get(what: str, path: str, **more: Any) -> Exchange:
    """Return a read."""
    return Exchange(what, "GET", path, **more)


def create(what: str, path: str, body: Any, **more: Any) -> Exchange:
    """Return a creation."""
    return Exchange(what, "POST", path, body, **more)


def patch(what: str, path: str, body: Any, *, content: str = JSON_PATCH, **more: Any) -> Exchange:
    """Return a change, by JSON Patch unless another content type is named."""
    return Exchange(what, "PATCH", path, body, content=content, **more)


def delete(what: str, path: str, body: Any = None, **more: Any) -> Exchange:
    """Return a deletion."""
    return Exchange(what, "DELETE", path, body, **more)


def pod(name: str = "web", *, spec: Json | None = None, metadata: Json | None = None, **container: Any) -> Json:
    """Return a pod that no node takes, so that nothing happens to it by itself; `container` is its one container's."""
    main = {"name": "main", "image": PAUSE, **container}
    about = {"name": name, **(metadata or {})}
    own = {"containers": [main], "nodeSelector": {"no": "such"}, **(spec or {})}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": about, "spec": own}


def config_map(name: str, **labels: str) -> Json:
    """Return a ConfigMap."""
    return {"metadata": {"name": name, "labels": {"by": "podbot", **labels}}, "data": {"key": name}}


def phase(wanted: str) -> Callable[[int, Json], bool]:
    """Return what decides whether an object is in a phase."""
    return lambda _, body: bool((body.get("status") or {}).get("phase") == wanted)


def settled(_: int, body: Json) -> bool:
    """Whether the scheduler has looked at a pod."""
    return bool((body.get("status") or {}).get("conditions"))


def gone(status: int, _: Json) -> bool:
    """Whether an object is not there any more."""
    return status == 404


def rows(count: int) -> Callable[[int, Json], bool]:
    """Return what decides whether a list, or a Table, has so many."""
    return lambda _, body: len(body.get("items") or body.get("rows") or ()) == count
