"""What is served at which path: kinds, reviews, subresources, and the server itself."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from bot.core.ports import Clock
from bot.core.resources import Json
from bot.demo.cluster import kinds, reviews, subresources, tokens
from bot.demo.cluster.answers import Answer, answer, plain
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.changes import Changes
from bot.demo.cluster.kinds import KINDS, STORED, Kind
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.lists import page
from bot.demo.cluster.node import VERSION
from bot.demo.cluster.status import no_such_resource, not_allowed
from bot.demo.cluster.tables import table
from bot.demo.cluster.users import User
from bot.demo.cluster.watches import Watch

_VERSION: Json = {
    "major": "1",
    "minor": "37",
    "emulationMajor": "1",
    "emulationMinor": "37",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "36",
    "gitVersion": VERSION,
    "gitCommit": "0" * 40,
    "gitTreeState": "clean",
    "buildDate": "2026-01-01T00:00:00Z",
    "goVersion": "go1.26",
    "compiler": "gc",
    "platform": "linux/amd64",
}


class Api:
    """Answers requests by their paths; `token` makes one for an account, `metrics` says whether their API is there."""

    def __init__(self, kubelet: Kubelet, changes: Changes, clock: Clock, token: Callable[[Json], str]) -> None:
        self._kubelet = kubelet
        self._store = kubelet.node.store
        self._changes = changes
        self._clock = clock
        self._token = token
        self.metrics = False

    def serve(self, asked: Asked, user: User) -> Answer:
        """Answer a request of somebody who may make it, or raise the server's refusal."""
        if not asked.resource:
            return self._path(asked)
        if not self._is_served(asked.group, asked.version):
            if not asked.group:
                raise no_such_resource()
            return _no_such_path()
        kind = _kind(asked)
        if kind is kinds.NAMESPACES:
            asked = replace(asked, namespace="")
        return self._resource(kind, asked, user)

    def _resource(self, kind: Kind, asked: Asked, user: User) -> Answer:
        if kind in kinds.REVIEWS and asked.verb == "create":
            return reviews.reviewed(kind, self._store, user, asked, self._clock.now())
        if kind not in STORED:
            raise not_allowed()
        if asked.subresource:
            return self._subresource(kind, asked)
        asked.check_accepted()
        return self._object(kind, asked)

    def _is_served(self, group: str, version: str) -> bool:
        if group == kinds.POD_METRICS.group and not self.metrics:
            return False
        return any((one.group, one.version) == (group, version) for one in KINDS.values())

    def _path(self, asked: Asked) -> Answer:
        match asked.request.path.strip("/"):
            case "healthz" | "livez" | "readyz":
                return plain(HTTPStatus.OK, "ok")
            case "version":
                return answer(_VERSION)
        return _no_such_path()

    def _object(self, kind: Kind, asked: Asked) -> Answer:
        match asked.verb:
            case "get":
                return self._read(kind, asked, [self._store.get(kind, asked.namespace, asked.name)])
            case "list":
                return self._read(kind, asked, None)
            case "watch":
                return Answer(HTTPStatus.OK, stream=Watch(self._store, kind, asked, self._clock.now))
            case "create" if not asked.name:
                return self._changes.create(kind, asked)
            case "patch" if asked.name:
                return self._changes.patch(kind, asked)
            case "delete":
                return self._changes.delete(kind, asked)
        raise not_allowed()

    def _read(self, kind: Kind, asked: Asked, found: list[Json] | None) -> Answer:
        if "as=Table" not in asked.header("Accept"):
            if found is not None:
                return answer(found[0])
            part = page(self._store, kind, asked)
            items = [{key: one[key] for key in one if key not in ("kind", "apiVersion")} for one in part.items]
            listed = {"kind": f"{kind.name}List", "apiVersion": kind.api_version, "metadata": part.metadata}
            return answer({**listed, "items": items})
        metadata: Json = {"resourceVersion": found[0]["metadata"]["resourceVersion"]} if found else {}
        if found is None:
            part = page(self._store, kind, asked)
            found, metadata = list(part.items), part.metadata
        return answer(table(kind, found, metadata, asked.option("includeObject"), self._clock.now()))

    def _subresource(self, kind: Kind, asked: Asked) -> Answer:
        if kind is kinds.ACCOUNTS and asked.subresource == "token":
            if asked.verb != "create":
                raise not_allowed()
            return tokens.serve(self._store, asked, self._token)
        if kind is not kinds.PODS:
            raise no_such_resource()
        return subresources.serve(self._kubelet, self._changes, asked)


def _kind(asked: Asked) -> Kind:
    kind = KINDS.get((asked.group, asked.version, asked.resource))
    if kind is None or (asked.namespace and not kind.namespaced and kind is not kinds.NAMESPACES):
        raise no_such_resource()
    return kind


def _no_such_path() -> Answer:
    return plain(HTTPStatus.NOT_FOUND, "404 page not found\n")
