"""One ConfigMap in podbot's own namespace, in which replicas keep what all of them must know."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.core.errors import AlreadyExists, Conflict, NotFound, OutcomeUnknown
from bot.core.ports import Clock
from bot.core.rbac import WATCHES
from bot.core.reading import mapping, strings, text
from bot.core.resources import CONFIG_MAPS, Json
from bot.kube.cluster import BoundCluster

NAME: Final = WATCHES

_ABOUT = {"about": "What podbot watches, and what it has told of it. Each entry is signed; change them by /pod watch."}
_LABELS = {"app.kubernetes.io/managed-by": "podbot", "app.kubernetes.io/component": "watch"}
_TRIES, _PAUSE = 8, 0.2  # seconds


class Records:
    """Implements `ports.Records`: nothing is written over what another replica has written meanwhile."""

    def __init__(self, home: BoundCluster, clock: Clock, owners: Callable[[], list[Json]]) -> None:
        self._home = home
        self._clock = clock
        self._owners = owners

    async def read(self) -> Mapping[str, str]:
        """Return all texts by key."""
        return _texts(await self._found())

    async def change(self, decide: Callable[[Mapping[str, str]], Mapping[str, str | None]]) -> Mapping[str, str]:
        """Let `decide` say which texts to change, again whenever others came before; return what is there then."""
        for _ in range(_TRIES):
            found = await self._found()
            texts = _texts(found)
            if not (wanted := decide(texts)):
                return texts
            try:
                return _texts(await self._write(found, wanted))
            except (Conflict, AlreadyExists, OutcomeUnknown, NotFound):
                await self._clock.sleep(_PAUSE)
        raise Conflict(f"ConfigMap {NAME} was changed by others again and again")

    async def _found(self) -> Json:
        try:
            return await self._home.get(CONFIG_MAPS, NAME)
        except NotFound:
            return {}

    async def _write(self, found: Json, wanted: Mapping[str, str | None]) -> Json:
        if not found:
            data = {**_ABOUT, **{key: value for key, value in wanted.items() if value is not None}}
            metadata = {"name": NAME, "labels": _LABELS, "ownerReferences": self._owners()}
            body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
            return await self._home.create(CONFIG_MAPS, body)
        return await self._home.patch(CONFIG_MAPS, NAME, _operations(found, wanted))


def _operations(found: Json, wanted: Mapping[str, str | None]) -> list[Json]:
    """Return a patch that the API server refuses with 409 where the object is another by now.

    Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions.
    """
    data = strings(found.get("data"))
    version = text(mapping(found.get("metadata")).get("resourceVersion"))
    same: Json = {"op": "replace", "path": "/metadata/resourceVersion", "value": version}
    base: list[Json] = [] if data else [{"op": "add", "path": "/data", "value": _ABOUT}]  # somebody emptied it
    gone: list[Json] = [
        {"op": "remove", "path": f"/data/{key}"} for key in wanted if wanted[key] is None and key in data
    ]
    new: list[Json] = [
        {"op": "add", "path": f"/data/{key}", "value": value} for key, value in wanted.items() if value is not None
    ]
    return [same, *base, *gone, *new]


def _texts(found: Json) -> Mapping[str, str]:
    return {key: value for key, value in strings(found.get("data")).items() if key not in _ABOUT}
